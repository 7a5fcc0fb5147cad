"""Published price books, each read from its document once a process."""

from collections import OrderedDict
from dataclasses import replace
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Integer, Row, bindparam, insert, select

from totetaxi_adapters.postgres.tables import price_book_withdrawals, price_books
from totetaxi_adapters.postgres.tables.metadata import INSTANT
from totetaxi_adapters.postgres.transaction import Transaction
from totetaxi_core.price_book import PriceBook
from totetaxi_core.price_book.published_version import (
    BookFormat,
    PublishedVersion,
    SourceText,
    Withdrawal,
)
from totetaxi_core.price_book.repository import (
    PriceBookConflictError,
    PriceBookNotFoundError,
    PriceBookNotWaitingError,
)

BOOKS_KEPT: Final = 32

VERSION = bindparam("of_version", type_=Integer)
AT = bindparam("at", type_=INSTANT)
MOST = bindparam("most", type_=Integer)
STANDS = ~(
    select(price_book_withdrawals.c.version)
    .where(price_book_withdrawals.c.version == price_books.c.version)
    .exists()
)
CURRENT = (
    select(price_books.c.version, price_books.c.digest)
    .where(price_books.c.effective_at <= AT, STANDS)
    .order_by(price_books.c.version.desc())
    .limit(1)
)
DIGEST = select(price_books.c.version, price_books.c.digest).where(price_books.c.version == VERSION)
DOCUMENT = select(price_books.c.document).where(price_books.c.version == VERSION)
NEWEST = select(price_books.c.version).order_by(price_books.c.version.desc()).limit(1)
NEWEST_STANDING = (
    select(price_books.c.version, price_books.c.effective_at)
    .where(STANDS)
    .order_by(price_books.c.version.desc())
    .limit(1)
)
INSERT = insert(price_books)
WITHDRAW = insert(price_book_withdrawals)
PUBLISHED = select(
    price_books.c.version,
    price_books.c.document["title"].astext.label("title"),
    price_books.c.digest,
    price_books.c.effective_at,
    price_books.c.published_by,
    price_books.c.published_at,
    price_books.c.based_on,
    price_books.c.reason,
    price_book_withdrawals.c.withdrawn_by,
    price_book_withdrawals.c.withdrawn_at,
    price_book_withdrawals.c.reason.label("withdrawn_because"),
).join(
    price_book_withdrawals,
    price_book_withdrawals.c.version == price_books.c.version,
    isouter=True,
)
NEWEST_FIRST = price_books.c.version.desc()
# One at most waits; to a clock that is behind, one published a moment ago does too.
WAITING = (
    PUBLISHED.where(price_books.c.effective_at > AT, price_book_withdrawals.c.version.is_(None))
    .order_by(NEWEST_FIRST)
    .limit(1)
)
SOURCE = (
    select(price_books.c.source_text, price_books.c.source_format)
    .where(price_books.c.version <= VERSION, price_books.c.source_text.is_not(None))
    .order_by(NEWEST_FIRST)
    .limit(1)
)


class BookShelf:
    """Keeps the books last used. The same version and digest is always the same object.

    The price engine knows a book by its identity; two databases of one process may differ.
    """

    def __init__(self, *, most: int = BOOKS_KEPT) -> None:
        self._most = most
        self._books: OrderedDict[tuple[int, str], PriceBook] = OrderedDict()

    def find(self, version: int, digest: str) -> PriceBook | None:
        book = self._books.get((version, digest))
        if book is not None:
            self._books.move_to_end((version, digest))
        return book

    def keep(self, digest: str, book: PriceBook) -> PriceBook:
        """Return the book to use: the one kept already, if another task was faster."""
        kept = self._books.setdefault((book.version, digest), book)
        if len(self._books) > self._most:
            self._books.popitem(last=False)
        return kept


SHELF: Final = BookShelf()


class PostgresPriceBookRepository:
    """Every version ever published."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def lock(self) -> None:
        await self._transaction.lock("price_books")

    async def current(self, *, at: datetime) -> PriceBook:
        row = (await self._transaction.execute(CURRENT, {"at": at})).one_or_none()
        if row is None:
            raise PriceBookNotFoundError("no price book is in effect")
        return await self._book(row.version, row.digest)

    async def get(self, version: int) -> PriceBook:
        row = (await self._transaction.execute(DIGEST, {"of_version": version})).one_or_none()
        if row is None:
            raise PriceBookNotFoundError(f"there is no price book {version}")
        return await self._book(row.version, row.digest)

    async def publish(
        self,
        book: PriceBook,
        *,
        based_on: int,
        by: str,
        effective_at: datetime,
        at: datetime,
        reason: str | None = None,
        source: SourceText | None = None,
    ) -> PriceBook:
        await self.lock()
        standing = (await self._transaction.execute(NEWEST_STANDING)).one_or_none()
        if based_on != (standing.version if standing else 0):
            raise PriceBookConflictError("another version was published meanwhile")
        if standing and standing.effective_at > at:
            raise PriceBookConflictError("a version waits to become effective already")
        newest = (await self._transaction.execute(NEWEST)).scalar_one_or_none()
        published = replace(book, version=(newest or 0) + 1)
        row = {
            "version": published.version,
            "digest": published.digest,
            "document": published.document,
            "effective_at": effective_at,
            "published_by": by,
            "published_at": at,
            "based_on": based_on,
            "reason": reason,
            "source_text": source.text if source else None,
            "source_format": source.format.value if source else None,
        }
        await self._transaction.execute(INSERT, row)
        return published

    async def withdraw(self, version: int, *, by: str, at: datetime, reason: str) -> None:
        await self.lock()
        waiting = await self.waiting(at=at)
        if waiting is None or waiting.version != version:
            raise PriceBookNotWaitingError(f"version {version} does not wait")
        row = {"version": version, "withdrawn_by": by, "withdrawn_at": at, "reason": reason}
        await self._transaction.execute(WITHDRAW, row)

    async def waiting(self, *, at: datetime) -> PublishedVersion | None:
        row = (await self._transaction.execute(WAITING, {"at": at})).one_or_none()
        return None if row is None else _published(row)

    async def published(self, version: int) -> PublishedVersion:
        query = PUBLISHED.where(price_books.c.version == VERSION)
        row = (await self._transaction.execute(query, {"of_version": version})).one_or_none()
        if row is None:
            raise PriceBookNotFoundError(f"there is no price book {version}")
        return _published(row)

    async def history(
        self, *, before: int | None = None, after: int | None = None, limit: int
    ) -> tuple[PublishedVersion, ...]:
        parameters: dict[str, object] = {"most": limit}
        if after is not None:
            query = PUBLISHED.where(price_books.c.version > VERSION).order_by(price_books.c.version)
        elif before is not None:
            query = PUBLISHED.where(price_books.c.version < VERSION).order_by(NEWEST_FIRST)
        else:
            query = PUBLISHED.order_by(NEWEST_FIRST)
        if before is not None or after is not None:
            parameters["of_version"] = before if after is None else after
        rows = (await self._transaction.execute(query.limit(MOST), parameters)).all()
        found = tuple(_published(row) for row in rows)
        return found if after is None else found[::-1]

    async def source(self, version: int) -> SourceText | None:
        row = (await self._transaction.execute(SOURCE, {"of_version": version})).one_or_none()
        if row is None:
            return None
        return SourceText(text=row.source_text, format=BookFormat(row.source_format))

    async def _book(self, version: int, digest: str) -> PriceBook:
        kept = SHELF.find(version, digest)
        if kept is not None:
            return kept
        document = await self._transaction.execute(DOCUMENT, {"of_version": version})
        book = PriceBook.from_document(document.scalar_one(), version=version)
        return SHELF.keep(digest, book)


def _published(row: Row[Any]) -> PublishedVersion:
    withdrawal = None
    if row.withdrawn_at is not None:
        withdrawal = Withdrawal(
            withdrawn_by=row.withdrawn_by,
            withdrawn_at=row.withdrawn_at,
            reason=row.withdrawn_because,
        )
    return PublishedVersion(
        version=row.version,
        title=row.title,
        digest=row.digest,
        effective_at=row.effective_at,
        published_by=row.published_by,
        published_at=row.published_at,
        based_on=row.based_on,
        reason=row.reason,
        withdrawal=withdrawal,
    )
