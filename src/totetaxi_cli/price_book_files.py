"""Price books as files: write one, compare it, look for mistakes in it."""

import sys
from collections.abc import Iterable
from pathlib import Path

import attrs
import typer

from totetaxi_adapters.book_file import read_book_file, write_book_file
from totetaxi_adapters.wiring import Wiring
from totetaxi_cli.command_wiring import run
from totetaxi_cli.output import print_json
from totetaxi_core.price_book.change import Change
from totetaxi_core.price_book.diff_books import diff_books
from totetaxi_core.price_book.draft import Draft
from totetaxi_core.price_book.lint_book import LintNote, lint_book
from totetaxi_core.price_book.price_book import PriceBook
from totetaxi_core.price_book.published_version import BookFormat
from totetaxi_core.price_book.read_books import ShelvedBook, look_up_book
from totetaxi_core.price_book.zip_points import with_points
from totetaxi_core.refusal import FieldFault, InvalidInputError
from totetaxi_http.schemas.price_book_version import ChangeResponse, LintNoteResponse

FOUND = 1
FORMATS = {".json": BookFormat.JSON, ".yaml": BookFormat.YAML, ".yml": BookFormat.YAML}


@attrs.frozen(kw_only=True)
class DiffResponse:
    """What differs from the version `compared_with`; `current_version` is the one in effect."""

    compared_with: int
    current_version: int
    changes: tuple[ChangeResponse, ...]


@attrs.frozen(kw_only=True)
class LintResponse:
    notes: tuple[LintNoteResponse, ...]


def export_to_terminal(*, version: int | None, written: BookFormat, out: Path | None) -> None:
    """Print a version as a file, or write it into one that is not there yet.

    Raises:
        PriceBookNotFoundError: there is no such version.
        FileExistsError: the file is there; it was left as it is.
    """

    async def job(wiring: Wiring) -> ShelvedBook:
        return await look_up_book(wiring.ports, version=version)

    found = run(job)
    text = write_book_file(found.book, format=written, source=found.source)
    if out is None or str(out) == "-":
        typer.echo(text, nl=False)
        return
    with out.open("x", encoding="utf-8") as file:
        file.write(text)
    typer.echo(f"wrote version {found.book.version} to {out}")


def diff_to_terminal(file: Path, *, against: int | None, as_json: bool) -> None:
    """Print what a file changes.

    Raises:
        InvalidInputError: it is no sound book, with every fault.
        PriceBookNotFoundError: there is no version to compare it with.
    """
    draft = read_draft(file)

    async def job(wiring: Wiring) -> tuple[PriceBook, PriceBook, int]:
        shelved = await look_up_book(wiring.ports, version=against or draft.based_on)
        return shelved.book, completed(draft, wiring), wiring.current_book.book.version

    old, new, current = run(job)
    changes = diff_books(old, new)
    if as_json:
        print_json(
            DiffResponse(
                compared_with=old.version,
                current_version=current,
                changes=tuple(map(ChangeResponse.from_change, changes)),
            )
        )
        return
    print_changes(changes, compared_with=old.version)
    if old.version != current:
        typer.echo(f"Version {current} is in effect, not {old.version}.")


def lint_to_terminal(file: Path | None, *, as_json: bool) -> None:
    """Print what looks like a mistake, and exit with 1 if anything does.

    Raises:
        InvalidInputError: the file is no sound book, with every fault.
    """
    draft = None if file is None else read_draft(file)

    async def job(wiring: Wiring) -> tuple[LintNote, ...]:
        book = wiring.current_book.book if draft is None else completed(draft, wiring)
        return notes_on(book, wiring)

    notes = run(job)
    if as_json:
        print_json(LintResponse(notes=tuple(map(LintNoteResponse.from_note, notes))))
    else:
        print_notes(notes)
        if not notes:
            typer.echo("Nothing looks like a mistake.")
    if notes:
        raise typer.Exit(FOUND)


def read_draft(file: Path) -> Draft:
    """Return what a file holds; `-` is standard input.

    Raises:
        InvalidInputError: it is no sound book, with every fault and its line.
        OSError: it cannot be read.
    """
    raw = sys.stdin.buffer.read() if str(file) == "-" else file.read_bytes()
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        fault = FieldFault(field="file", code="not_text", message="must be text in UTF-8")
        raise InvalidInputError([fault]) from error
    return read_book_file(text, format=FORMATS.get(file.suffix.lower()))


def completed(draft: Draft, wiring: Wiring) -> PriceBook:
    """Return the book as it would be published: with the points of its new ZIPs."""
    return PriceBook.from_document(with_points(draft.document, wiring.ports.zip_points), version=0)


def notes_on(book: PriceBook, wiring: Wiring) -> tuple[LintNote, ...]:
    today = wiring.ports.clock().astimezone(wiring.terms.zone).date()
    return lint_book(book, on=today, limits=wiring.terms.limits, schedule=wiring.terms.schedule)


def print_changes(changes: Iterable[Change], *, compared_with: int) -> None:
    """Print each change, and below it for which bookings, once where several share them."""
    listed = list(changes)
    if not listed:
        typer.echo(f"Nothing differs from version {compared_with}.")
        return
    typer.echo(
        f"{len(listed)} changes to version {compared_with}:"
        if len(listed) > 1
        else f"One change to version {compared_with}:"
    )
    for place, change in enumerate(listed):
        typer.echo(f"- {change.sentence}")
        following = listed[place + 1].affects if place + 1 < len(listed) else None
        if change.affects != following:
            typer.echo(typer.style(f"    for {change.affects}", dim=True))


def print_notes(notes: Iterable[LintNote], *, before: Iterable[LintNote] = ()) -> None:
    """Print what looks like a mistake; what did `before` already is told as a number."""
    known = {note.message for note in before}
    listed = list(notes)
    new = [note for note in listed if note.message not in known]
    if new:
        typer.echo("Worth a look:")
    for note in new:
        typer.echo(f"- {note.message}")
    if old := len(listed) - len(new):
        many = "thing was" if old == 1 else "things were"
        typer.echo(f"{old} {many} worth a look before: `pricebook lint` lists all.")
