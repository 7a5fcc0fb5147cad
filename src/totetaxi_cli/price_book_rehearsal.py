"""Rehearse a file: what past bookings would have cost under it."""

import sys
from datetime import date
from pathlib import Path

import typer

from totetaxi_adapters.rehearse import rehearse
from totetaxi_adapters.wiring import wired
from totetaxi_cli import interruptible
from totetaxi_cli.command_wiring import quiet_logging, read_settings, ready_database
from totetaxi_cli.output import print_json
from totetaxi_cli.price_book_files import completed, read_draft
from totetaxi_cli.rehearsal_picture import write_picture
from totetaxi_cli.rehearsal_views import print_rehearsal, rehearsal_view, write_csv
from totetaxi_core.price_book import PriceBook
from totetaxi_core.price_book.draft import Draft
from totetaxi_core.rehearsal.simulate_book import Rehearsal


def simulate_to_terminal(
    file: Path,
    *,
    first_on: date,
    last_on: date,
    as_json: bool,
    csv: Path | None,
    picture: Path | None,
) -> None:
    """Print what a file would have made of the bookings picked up on these days, both included.

    Raises:
        InvalidInputError: it is no sound book, with every fault.
        FileExistsError: a file to write is there already; it was left as it is.
    """
    for out in (csv, picture):
        if out is not None and out.exists():
            raise FileExistsError(f"{out} is there already")
    rehearsal = _rehearse(read_draft(file), first_on, last_on)
    view = rehearsal_view(rehearsal, first_on=first_on, last_on=last_on)
    if csv is not None:
        write_csv(view, csv)
    if picture is not None:
        write_picture(rehearsal.weeks, picture)
    if as_json:
        print_json(view)
    else:
        print_rehearsal(view)


def _rehearse(draft: Draft, first_on: date, last_on: date) -> Rehearsal:
    settings = read_settings()
    quiet_logging(settings)
    with ready_database(settings) as database_url:

        async def completing() -> PriceBook:
            async with wired(settings, database_url) as wiring:
                return completed(draft, wiring)

        book = interruptible.run(completing())
        return rehearse(database_url, book, first_on=first_on, last_on=last_on, told=_tell)


def _tell(done: int, count: int) -> None:
    """Show how far it is, in one line of a terminal; a log gets nothing."""
    if sys.stderr.isatty():
        end = "\n" if done == count else ""
        typer.echo(f"\r{done:,} of {count:,} bookings priced{end}", err=True, nl=False)
