"""Change one thing of the price book: a new version, of which all else stays as it was.

Source: docs/price-book.md, "A change".
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from totetaxi_core.ports import Ports
from totetaxi_core.price_book.price_book import PriceBook
from totetaxi_core.price_book.publish_book import Publishing, checked_reason, publish_book
from totetaxi_core.price_book.publishing_desk import checked_start
from totetaxi_core.price_book.repository import PriceBookConflictError
from totetaxi_core.price_book.sections import Document
from totetaxi_core.refusal import InvalidInputError, faults_of
from totetaxi_core.unit_of_work import UnitOfWork

BookEdit = Callable[[Document], dict[str, Any]]
MOST_TRIES: Final = 5


async def edit_price_book(
    edit: BookEdit,
    ports: Ports,
    *,
    based_on: int | None,
    reason: str,
    by: str,
    act: Publishing = Publishing.ENTRY_CHANGED,
    effective_at: datetime | None = None,
) -> PriceBook:
    """Publish what `edit` makes of the document of `based_on`; return the new version.

    `based_on` is the version that was seen: the one in effect, which changes at once or from
    `effective_at` on, or the one that waits, which goes on waiting for its day unless another is
    given. None is whichever is in effect, also if somebody publishes meanwhile.

    Raises:
        InvalidInputError: bad fields, no reason, an instant that is past, or nothing changes.
        PriceBookConflictError: `based_on` is another version, or one that waits changes the same.
        DomainError: what `edit` refuses with.
    """
    for tries_left in reversed(range(MOST_TRIES if based_on is None else 1)):
        base = await _base(ports, based_on)
        document = _edited(edit, base, reason=reason, effective_at=effective_at, now=ports.clock())
        try:
            return await publish_book(
                document,
                ports,
                based_on=base.version,
                reason=reason,
                by=by,
                effective_at=effective_at or base.waits_until,
                publishing=act,
            )
        except PriceBookConflictError:
            if not tries_left:
                raise
    raise AssertionError("the last try returns or raises")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Base:
    """The version to edit; `waits_until` is None for the one in effect."""

    version: int
    document: Document
    waits_until: datetime | None


def _edited(
    edit: BookEdit, base: _Base, *, reason: str, effective_at: datetime | None, now: datetime
) -> dict[str, Any]:
    """Return the edited document.

    Raises:
        InvalidInputError: names what is bad of the entry, the reason and the instant together.
    """
    faults = [
        *faults_of(lambda: checked_reason(reason)),
        *faults_of(lambda: checked_start(effective_at, now=now)),
    ]
    try:
        edited = edit(base.document)
    except InvalidInputError as error:
        raise InvalidInputError([*faults, *error.faults]) from error
    if faults:
        raise InvalidInputError(faults)
    return edited


async def _base(ports: Ports, based_on: int | None) -> _Base:
    """Return the version that was seen.

    Raises:
        PriceBookConflictError: it neither is in effect nor waits.
    """
    now = ports.clock()
    async with ports.unit_of_work() as uow:
        current = await uow.price_books.current(at=now)
        if based_on in (None, current.version):
            return _Base(version=current.version, document=current.document, waits_until=None)
        return await _waiting_base(uow, based_on, current=current.version, now=now)


async def _waiting_base(
    uow: UnitOfWork, based_on: int | None, *, current: int, now: datetime
) -> _Base:
    waiting = await uow.price_books.waiting(at=now)
    if waiting is None or waiting.version != based_on:
        told = f"version {current} is in effect"
        told += f" and version {waiting.version} waits" if waiting is not None else ""
        raise PriceBookConflictError(f"{told}; yours was made from version {based_on}")
    book = await uow.price_books.get(waiting.version)
    return _Base(version=book.version, document=book.document, waits_until=waiting.effective_at)
