"""Where a version is published: what stands on the shelf, and what becomes of one that waits.

Source: docs/adr/0016-a-price-book-that-waits.md.
"""

from dataclasses import dataclass
from datetime import datetime

from totetaxi_core.ports import Ports
from totetaxi_core.price_book.carry_changes import carry_changes
from totetaxi_core.price_book.price_book import PriceBook
from totetaxi_core.price_book.published_version import PublishedVersion, SourceText
from totetaxi_core.price_book.repository import PriceBookConflictError
from totetaxi_core.price_book.zip_points import with_points
from totetaxi_core.refusal import FieldFault, InvalidInputError
from totetaxi_core.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishingDesk:
    """The version in effect and the one that waits, where another is to be published.

    It is to start at once where `starts_at` is None.
    """

    uow: UnitOfWork
    now: datetime
    starts_at: datetime | None
    by: str
    reason: str
    current: PriceBook
    waiting: PublishedVersion | None
    waiting_book: PriceBook | None

    @classmethod
    async def open(
        cls, uow: UnitOfWork, *, now: datetime, starts_at: datetime | None, by: str, reason: str
    ) -> "PublishingDesk":
        """Look at the shelf.

        Raises:
            InvalidInputError: `starts_at` is past.
        """
        waiting = await uow.price_books.waiting(at=now)
        return cls(
            uow=uow,
            now=now,
            starts_at=checked_start(starts_at, now=now),
            by=by,
            reason=reason,
            current=await uow.price_books.current(at=now),
            waiting=waiting,
            waiting_book=None if waiting is None else await uow.price_books.get(waiting.version),
        )

    def read(self, document: object, ports: Ports, *, based_on: int) -> tuple[PriceBook, PriceBook]:
        """Return the version the document must have been made from, and the document's book."""
        base = self._base(based_on, at_once=self.starts_at is None)
        book = PriceBook.from_document(with_points(document, ports.zip_points))
        _require_change(base, book)
        return base, book

    def carried(self, book: PriceBook, *, base: PriceBook) -> PriceBook | None:
        """Return the version that waits with the same changes; None where it is replaced.

        Raises:
            PriceBookConflictError: both change the same, or together they make no sound book.
        """
        if self.waiting_book is None or base is not self.current:
            return None
        return _carried(base, book, self.waiting_book)

    def _base(self, based_on: int, *, at_once: bool) -> PriceBook:
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
        source: SourceText | None,
    ) -> PriceBook:
        """Store the book; one that waited is replaced, or gets the same changes."""
        if self.waiting is not None:
            number = self.waiting.version
            await self.uow.price_books.withdraw(
                number, by=self.by, at=self.now, reason=f"replaced by version {number + 1}"
            )
        published = await self._store(
            book, on=self.current, starts_at=self.starts_at or self.now, source=source
        )
        carried = self.carried(book, base=base)
        # One of the same prices would change nothing on its day.
        if self.waiting is not None and carried and carried.digest != published.digest:
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


def checked_start(effective_at: datetime | None, *, now: datetime) -> datetime | None:
    """Return the instant to wait for, None for at once.

    Raises:
        InvalidInputError: it is past.
    """
    if effective_at is not None and effective_at <= now:
        fault = FieldFault(field="effective_at", code="past", message="must be in the future")
        raise InvalidInputError([fault])
    return effective_at


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
