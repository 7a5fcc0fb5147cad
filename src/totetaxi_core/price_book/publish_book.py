"""Publish a price book: at once, or to come into effect at an instant.

Source: docs/pricing.md, "Changing prices"; docs/adr/0016-a-price-book-that-waits.md.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from totetaxi_core.ports import Ports
from totetaxi_core.price_book.carry_changes import carry_changes
from totetaxi_core.price_book.diff_books import diff_books
from totetaxi_core.price_book.price_book import PriceBook
from totetaxi_core.price_book.published_version import PublishedVersion, SourceText
from totetaxi_core.price_book.repository import PriceBookConflictError
from totetaxi_core.price_book.zip_points import with_points
from totetaxi_core.refusal import FieldFault, InvalidInputError
from totetaxi_core.staff.staff_act import Facts, StaffAct
from totetaxi_core.unit_of_work import UnitOfWork

WITHDRAWN: Final = "price_book_withdrawn"
MAX_REASON: Final = 500
MOST_CHANGES_TOLD: Final = 20


class Publishing(StrEnum):
    """What brings a new version about."""

    EDIT = "edit"
    ROLLBACK = "rollback"
    ENTRY_ADDED = "entry_added"
    ENTRY_CHANGED = "entry_changed"
    ENTRY_RETIRED = "entry_retired"
    BLADE_SERVICE_CREATED = "blade_service_created"
    BLADE_SERVICE_CHANGED = "blade_service_changed"
    BLADE_SERVICE_RETIRED = "blade_service_retired"
    DISCOUNT_CODE_CREATED = "discount_code_created"
    DISCOUNT_CODE_CHANGED = "discount_code_changed"


ACT_NAMES: Final[Mapping[Publishing, str]] = {
    Publishing.EDIT: "price_book_published",
    Publishing.ROLLBACK: "price_book_rolled_back",
    Publishing.ENTRY_ADDED: "price_book_entry_added",
    Publishing.ENTRY_CHANGED: "price_book_entry_changed",
    Publishing.ENTRY_RETIRED: "price_book_entry_retired",
    Publishing.BLADE_SERVICE_CREATED: "blade_service_created",
    Publishing.BLADE_SERVICE_CHANGED: "blade_service_changed",
    Publishing.BLADE_SERVICE_RETIRED: "blade_service_retired",
    Publishing.DISCOUNT_CODE_CREATED: "discount_code_created",
    Publishing.DISCOUNT_CODE_CHANGED: "discount_code_changed",
}


async def publish_book(
    document: object,
    ports: Ports,
    *,
    based_on: int,
    reason: str,
    by: str,
    effective_at: datetime | None = None,
    source: SourceText | None = None,
    publishing: Publishing = Publishing.EDIT,
) -> PriceBook:
    """Publish a document as the next version, in effect at once or from an aware instant on.

    `based_on` is the version it was made from: the one in effect, or the one that waits, which it
    then replaces. What is changed at once while another version waits is carried onto that one.
    `source` is the file it was read from.

    Raises:
        InvalidInputError: bad fields, no reason, an instant that is past, or nothing changed.
        PriceBookConflictError: it was made from another version, or the one that waits changes the
            same.
    """
    reason = checked_reason(reason)
    async with ports.unit_of_work() as uow:
        await uow.price_books.lock()
        now = ports.clock()
        desk = await _Desk.open(uow, now=now, by=by, reason=reason)
        starts_at = checked_start(effective_at, now=now)
        base = desk.base(based_on, at_once=starts_at is None)
        book = PriceBook.from_document(with_points(document, ports.zip_points))
        _require_change(base, book)
        published = await desk.publish(book, base=base, starts_at=starts_at, source=source)
        await uow.staff_acts.add(
            StaffAct(
                id=ports.ids.new_id(),
                staff_name=by,
                action_type=ACT_NAMES[publishing],
                description=f"published price book {published.version}: {reason}",
                booking_id=None,
                created_at=now,
                subject=f"price_book:{published.version}",
                before={"version": base.version, "digest": base.digest},
                after=_facts(base, published, starts_at=starts_at, reason=reason),
            )
        )
        await uow.commit()
    return published


async def withdraw_book(version: int, ports: Ports, *, reason: str, by: str) -> PublishedVersion:
    """Take back a version that waits; return what is known of it.

    Raises:
        InvalidInputError: no reason is given.
        PriceBookNotWaitingError: it does not wait.
    """
    reason = checked_reason(reason)
    async with ports.unit_of_work() as uow:
        await uow.price_books.lock()
        now = ports.clock()
        await uow.price_books.withdraw(version, by=by, at=now, reason=reason)
        withdrawn = await uow.price_books.published(version)
        await uow.staff_acts.add(
            StaffAct(
                id=ports.ids.new_id(),
                staff_name=by,
                action_type=WITHDRAWN,
                description=f"took back price book {version}: {reason}",
                booking_id=None,
                created_at=now,
                subject=f"price_book:{version}",
                before={"version": version, "effective_at": withdrawn.effective_at.isoformat()},
                after={"reason": reason},
            )
        )
        await uow.commit()
    return withdrawn


def checked_reason(reason: str) -> str:
    """Return the reason without blanks around it.

    Raises:
        InvalidInputError: there is none, or it is too long.
    """
    reason = reason.strip()
    if not 1 <= len(reason) <= MAX_REASON:
        message = f"must be 1 to {MAX_REASON} characters: it goes on record"
        raise InvalidInputError([FieldFault(field="reason", code="bad_length", message=message)])
    return reason


def checked_start(effective_at: datetime | None, *, now: datetime) -> datetime | None:
    """Return the instant to wait for, None for at once.

    Raises:
        InvalidInputError: it is past.
    """
    if effective_at is not None and effective_at <= now:
        fault = FieldFault(field="effective_at", code="past", message="must be in the future")
        raise InvalidInputError([fault])
    return effective_at


@dataclass(frozen=True, slots=True, kw_only=True)
class _Desk:
    """What stands on the shelf while a version is published, under lock."""

    uow: UnitOfWork
    now: datetime
    by: str
    reason: str
    current: PriceBook
    waiting: PublishedVersion | None
    waiting_book: PriceBook | None

    @classmethod
    async def open(cls, uow: UnitOfWork, *, now: datetime, by: str, reason: str) -> "_Desk":
        waiting = await uow.price_books.waiting(at=now)
        return cls(
            uow=uow,
            now=now,
            by=by,
            reason=reason,
            current=await uow.price_books.current(at=now),
            waiting=waiting,
            waiting_book=None if waiting is None else await uow.price_books.get(waiting.version),
        )

    def base(self, based_on: int, *, at_once: bool) -> PriceBook:
        """Return the version the document must have been made from."""
        if self.waiting_book is not None and based_on == self.waiting_book.version:
            return self.waiting_book
        if based_on == self.current.version and (at_once or self.waiting is None):
            return self.current
        if self.waiting is None or at_once:
            told = f"version {self.current.version} is in effect: begin with that one"
        else:
            told = f"version {self.waiting.version} waits: change that one, or withdraw it"
        raise PriceBookConflictError(f"{told}; yours was made from version {based_on}")

    async def publish(
        self,
        book: PriceBook,
        *,
        base: PriceBook,
        starts_at: datetime | None,
        source: SourceText | None,
    ) -> PriceBook:
        """Store the book; one that waited is replaced, or gets the same changes."""
        if self.waiting is not None:
            number = self.waiting.version
            await self.uow.price_books.withdraw(
                number, by=self.by, at=self.now, reason=f"replaced by version {number + 1}"
            )
        published = await self._store(
            book, on=self.current, starts_at=starts_at or self.now, source=source
        )
        if self.waiting is not None and self.waiting_book is not None and base is self.current:
            carried = _carried(base, book, self.waiting_book)
            if carried.digest != published.digest:  # else it would change nothing on its day
                await self._store(
                    carried,
                    on=published,
                    starts_at=self.waiting.effective_at,
                    reason=self.waiting.reason,
                )
        return published

    async def _store(
        self,
        book: PriceBook,
        *,
        on: PriceBook,
        starts_at: datetime,
        source: SourceText | None = None,
        reason: str | None = None,
    ) -> PriceBook:
        return await self.uow.price_books.publish(
            book,
            based_on=on.version,
            by=self.by,
            effective_at=starts_at,
            at=self.now,
            reason=reason or self.reason,
            source=source,
        )


def _carried(base: PriceBook, book: PriceBook, waiting: PriceBook) -> PriceBook:
    """Return the version that waits with what `book` changes of `base`.

    Raises:
        PriceBookConflictError: both change the same, or together they make no sound book.
    """
    document = carry_changes(base.document, book.document, waiting.document)
    try:
        return PriceBook.from_document(document)
    except InvalidInputError as error:
        told = f"together with version {waiting.version}, which waits: {error}"
        raise PriceBookConflictError(told) from error


def _require_change(base: PriceBook, book: PriceBook) -> None:
    if base.digest == book.digest:
        message = f"nothing would change: it is version {base.version} as it stands"
        raise InvalidInputError([FieldFault(field="document", code="no_change", message=message)])


def _facts(
    base: PriceBook, published: PriceBook, *, starts_at: datetime | None, reason: str
) -> Facts:
    changes = [change.sentence for change in diff_books(base, published)]
    told = " ".join(changes[:MOST_CHANGES_TOLD])
    return {
        "version": published.version,
        "digest": published.digest,
        "effective_at": None if starts_at is None else starts_at.isoformat(),
        "reason": reason,
        "changes": told,
        "changes_count": len(changes),
    }
