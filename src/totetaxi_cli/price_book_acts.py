"""Publish a price book, bring an earlier one back, take one back that waits."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from pathlib import Path

import typer

from totetaxi_adapters.wiring import Wiring
from totetaxi_cli.command_wiring import run
from totetaxi_cli.output import print_json
from totetaxi_cli.price_book_files import (
    completed,
    notes_on,
    print_changes,
    print_notes,
    read_draft,
)
from totetaxi_cli.price_book_versions import local
from totetaxi_cli.question import require_yes
from totetaxi_cli.staff_commands import StaffCommand, as_staff
from totetaxi_core.price_book.diff_books import diff_books
from totetaxi_core.price_book.draft import Draft
from totetaxi_core.price_book.price_book import PriceBook
from totetaxi_core.price_book.publish_book import (
    check_publishing,
    checked_reason,
    publish_book,
    withdraw_book,
)
from totetaxi_core.price_book.published_version import PublishedVersion
from totetaxi_core.price_book.read_books import Shelf, look_at_shelf, look_up_book
from totetaxi_core.price_book.repository import PriceBookNotWaitingError
from totetaxi_core.price_book.roll_back_book import roll_back_book
from totetaxi_core.refusal import FieldFault, InvalidInputError
from totetaxi_http.schemas.price_book_version import PriceBookVersionResponse


@dataclass(frozen=True, slots=True, kw_only=True)
class _Done:
    """A version as it now stands, and the words for a person."""

    version: PublishedVersion
    shelf: Shelf
    told: str


def publish_to_terminal(
    file: Path,
    *,
    staff: str,
    reason: str,
    start: date | None,
    based_on: int | None,
    yes: bool,
    as_json: bool,
) -> None:
    """Publish a file; what changes is shown and agreed to first.

    Raises:
        InvalidInputError: bad fields, no version it is based on, or nothing changes.
        PermissionDeniedError: staff may not.
        PriceBookConflictError: somebody published meanwhile.
    """
    draft = read_draft(file)
    version = _based_on(draft, based_on)

    async def job(wiring: Wiring, staff_name: str) -> _Done:
        starts_at = _start(start, wiring)
        if not yes:
            base = await look_up_book(wiring.ports, version=version)
            await check_publishing(
                draft.document,
                wiring.ports,
                based_on=version,
                reason=reason,
                effective_at=starts_at,
            )
            when = f"from {local(starts_at, wiring.terms.zone)} on" if starts_at else "at once"
            book = completed(draft, wiring)
            _ask(base.book, book, wiring, f"Publish this, {when}?", is_program=as_json)
        published = await publish_book(
            draft.document,
            wiring.ports,
            based_on=version,
            reason=reason,
            by=staff_name,
            effective_at=starts_at,
            source=draft.source,
        )
        return await _done(published, wiring, "published")

    _tell(run(as_staff(staff, StaffCommand.PRICEBOOK_PUBLISH, job)), as_json=as_json)


def roll_back_to_terminal(
    version: int, *, staff: str, reason: str, yes: bool, as_json: bool
) -> None:
    """Publish an earlier version anew; what changes is shown and agreed to first.

    Raises:
        InvalidInputError: no reason is given, or these prices are in effect.
        PermissionDeniedError: staff may not.
        PriceBookNotFoundError: there is no such version.
        PriceBookConflictError: somebody published meanwhile, or the version that waits is in the
            way.
    """

    async def job(wiring: Wiring, staff_name: str) -> _Done:
        if not yes:
            current = await look_up_book(wiring.ports)
            earlier = await look_up_book(wiring.ports, version=version)
            await check_publishing(
                earlier.book.document,
                wiring.ports,
                based_on=current.book.version,
                reason=reason,
            )
            question = f"Bring version {version} back, at once?"
            _ask(current.book, earlier.book, wiring, question, is_program=as_json)
        published = await roll_back_book(version, wiring.ports, reason=reason, by=staff_name)
        return await _done(published, wiring, f"brought version {version} back as")

    _tell(run(as_staff(staff, StaffCommand.PRICEBOOK_ROLLBACK, job)), as_json=as_json)


def withdraw_to_terminal(
    version: int, *, staff: str, reason: str, yes: bool, as_json: bool
) -> None:
    """Take back the version that waits; asks first.

    Raises:
        InvalidInputError: no reason is given.
        PermissionDeniedError: staff may not.
        PriceBookNotWaitingError: it does not wait.
    """

    async def job(wiring: Wiring, staff_name: str) -> _Done:
        shelf = await look_at_shelf(wiring.ports)
        if shelf.waiting is None or shelf.waiting.version != version:
            raise PriceBookNotWaitingError(f"version {version} does not wait")
        starts = local(shelf.waiting.effective_at, wiring.terms.zone)
        checked_reason(reason)
        if not yes:
            _confirm(f"Version {version} waits for {starts}. Withdraw it?", is_program=as_json)
        withdrawn = await withdraw_book(version, wiring.ports, reason=reason, by=staff_name)
        shelf = await look_at_shelf(wiring.ports)
        told = f"withdrew version {version}; {shelf.current.version} stays in effect"
        return _Done(version=withdrawn, shelf=shelf, told=told)

    _tell(run(as_staff(staff, StaffCommand.PRICEBOOK_WITHDRAW, job)), as_json=as_json)


def _based_on(draft: Draft, given: int | None) -> int:
    version = given or draft.based_on
    if version is None:
        message = "the file does not say which version it was made from: give --based-on"
        raise InvalidInputError([FieldFault(field="based_on", code="missing", message=message)])
    return version


def _start(on: date | None, wiring: Wiring) -> datetime | None:
    """Return midnight of a day in the business's zone, in UTC; None for today: at once."""
    today = wiring.ports.clock().astimezone(wiring.terms.zone).date()
    if on is None or on == today:
        return None
    return datetime.combine(on, time(), tzinfo=wiring.terms.zone).astimezone(UTC)


def _ask(
    old: PriceBook, new: PriceBook, wiring: Wiring, question: str, *, is_program: bool
) -> None:
    if not is_program:
        print_changes(diff_books(old, new), compared_with=old.version)
        print_notes(notes_on(new, wiring), before=notes_on(old, wiring))
    _confirm(question, is_program=is_program)


def _confirm(question: str, *, is_program: bool) -> None:
    if is_program:
        message = "programs are not asked: give --yes"
        raise InvalidInputError([FieldFault(field="--yes", code="missing", message=message)])
    require_yes(question)


async def _done(published: PriceBook, wiring: Wiring, verb: str) -> _Done:
    shelf = await look_at_shelf(wiring.ports)
    known = await look_up_book(wiring.ports, version=published.version)
    zone = wiring.terms.zone
    told = f"{verb} version {published.version}"
    if shelf.current.version == published.version:
        told += ", in effect now"
    else:
        told += f", in effect from {local(known.published.effective_at, zone)} on (New York)"
    if shelf.waiting is not None and shelf.waiting.version > published.version:
        starts = local(shelf.waiting.effective_at, zone)
        told += f"; version {shelf.waiting.version} waits for {starts} with the same changes"
    return _Done(version=known.published, shelf=shelf, told=told)


def _tell(done: _Done, *, as_json: bool) -> None:
    if as_json:
        print_json(PriceBookVersionResponse.from_version(done.version, shelf=done.shelf))
    else:
        typer.echo(done.told)
