"""`totetaxi pricebook`."""

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from totetaxi_cli.command_options import DATE, AsJson, Limit, Staff, day
from totetaxi_core.price_book.published_version import BookFormat

MINUTE = f"{DATE}T%H:%M"

app = typer.Typer(
    help="The price book: what everything costs, and how that changes.", no_args_is_help=True
)

File = Annotated[
    Path, typer.Argument(metavar="FILE", help="YAML or JSON, as `export` writes it; - is stdin.")
]
Version = Annotated[int | None, typer.Option("--version", min=1, help="Of this version.")]
OneVersion = Annotated[int, typer.Argument(metavar="VERSION", min=1, help="As `history` shows it.")]
Reason = Annotated[
    str, typer.Option("--reason", metavar="TEXT", help="Why, for whoever asks later: on record.")
]
Yes = Annotated[bool, typer.Option("--yes", help="Do not ask before it counts.")]
BasedOn = Annotated[
    int | None,
    typer.Option("--based-on", min=1, help="The version it was made from, if the file is silent."),
]


@app.command()
def show(
    version: Version = None,
    at: Annotated[
        datetime | None,
        typer.Option(
            "--at",
            formats=[DATE, MINUTE],
            metavar="YYYY-MM-DD[THH:MM]",
            help="The one in effect then, by New York's clock.",
        ),
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="Print the document itself.")] = False,
) -> None:
    """Show a price book, the one in effect unless said: catalog, fees, rules, taxes and terms.

    Example: totetaxi pricebook show --at 2030-05-01
    """
    if version is not None and at is not None:
        raise typer.BadParameter("give --version or --at, not both")
    from totetaxi_cli.price_book_view import show_book

    show_book(version=version, at=at, as_json=json)


@app.command()
def history(
    limit: Limit = 20,
    after: Annotated[
        int | None,
        typer.Option(
            "--after", metavar="VERSION", help="Older than this one: what the last list ended with."
        ),
    ] = None,
    json: AsJson = False,
) -> None:
    """List the versions, newest first: who published which, why, and from when on it counts.

    Example: totetaxi pricebook history --limit 5
    """
    from totetaxi_cli.price_book_versions import list_to_terminal

    list_to_terminal(limit=limit, after=after, as_json=json)


@app.command()
def export(
    version: Version = None,
    format: Annotated[BookFormat, typer.Option("--format", help="How.")] = BookFormat.YAML,  # noqa: A002
    out: Annotated[
        Path | None, typer.Option("--out", metavar="FILE", help="Into a file that is not there.")
    ] = None,
) -> None:
    """Write a price book as a file to edit, the one in effect unless said.

    Example: totetaxi pricebook export --out book.yaml
    """
    from totetaxi_cli.price_book_files import export_to_terminal

    export_to_terminal(version=version, written=format, out=out)


@app.command()
def diff(
    file: File,
    against: Annotated[
        int | None,
        typer.Option("--against", min=1, help="This version, not the one the file is based on."),
    ] = None,
    json: AsJson = False,
) -> None:
    """Say what a file changes, and for which bookings.

    Example: totetaxi pricebook diff book.yaml
    """
    from totetaxi_cli.price_book_files import diff_to_terminal

    diff_to_terminal(file, against=against, as_json=json)


@app.command()
def lint(
    file: Annotated[
        Path | None,
        typer.Argument(metavar="[FILE]", help="A file, or else the book in effect."),
    ] = None,
    json: AsJson = False,
) -> None:
    """Look for what is sound and still looks like a mistake; exit 1 if anything does.

    Example: totetaxi pricebook lint book.yaml
    """
    from totetaxi_cli.price_book_files import lint_to_terminal

    lint_to_terminal(file, as_json=json)


@app.command()
def simulate(
    file: File,
    start: Annotated[datetime, day("--from", "The first day of pickup, New York's.")],
    end: Annotated[datetime, day("--to", "The last day of pickup, included.")],
    csv: Annotated[
        Path | None,
        typer.Option("--csv", metavar="FILE", help="Write all sums into a file, too."),
    ] = None,
    picture: Annotated[
        Path | None,
        typer.Option(
            "--picture", metavar="FILE.svg", help="Draw revenue by week into a file, too."
        ),
    ] = None,
    json: AsJson = False,
) -> None:
    """Price past bookings again as if a file had been in effect: what it would have brought.

    Example: totetaxi pricebook simulate book.yaml --from 2026-01-01 --to 2026-10-31
    """
    if end < start:
        raise typer.BadParameter("--to must not be before --from")
    from totetaxi_cli.price_book_rehearsal import simulate_to_terminal

    simulate_to_terminal(
        file,
        first_on=start.date(),
        last_on=end.date(),
        as_json=json,
        csv=csv,
        picture=picture,
    )


@app.command()
def publish(
    file: File,
    staff: Staff,
    reason: Reason,
    start: Annotated[
        datetime | None,
        day("--from", "From this day on, from midnight in New York; at once unless given."),
    ] = None,
    based_on: BasedOn = None,
    yes: Yes = False,
    json: AsJson = False,
) -> None:
    """Make a file the next price book, at once or from a day on; shows first what changes.

    Example: totetaxi pricebook publish book.yaml --reason "Weekends cost more" --as maria
    --from 2030-05-01
    """
    from totetaxi_cli.price_book_acts import publish_to_terminal

    publish_to_terminal(
        file,
        staff=staff,
        reason=reason,
        start=start.date() if start else None,
        based_on=based_on,
        yes=yes,
        as_json=json,
    )


@app.command()
def rollback(
    version: OneVersion, staff: Staff, reason: Reason, yes: Yes = False, json: AsJson = False
) -> None:
    """Bring the prices of an earlier version back, at once, as a new version.

    Example: totetaxi pricebook rollback 3 --reason "Published by mistake" --as maria
    """
    from totetaxi_cli.price_book_acts import roll_back_to_terminal

    roll_back_to_terminal(version, staff=staff, reason=reason, yes=yes, as_json=json)


@app.command()
def withdraw(
    version: OneVersion, staff: Staff, reason: Reason, yes: Yes = False, json: AsJson = False
) -> None:
    """Take back the version that waits for its day.

    Example: totetaxi pricebook withdraw 4 --reason "The wrong month" --as maria
    """
    from totetaxi_cli.price_book_acts import withdraw_to_terminal

    withdraw_to_terminal(version, staff=staff, reason=reason, yes=yes, as_json=json)
