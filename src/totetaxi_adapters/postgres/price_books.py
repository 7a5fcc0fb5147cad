"""Published price books, each read from its document once a process."""

from collections import OrderedDict
from dataclasses import replace
from datetime import datetime
from typing import Final

from sqlalchemy import Integer, bindparam, insert, select

from totetaxi_adapters.postgres.tables import price_books
from totetaxi_adapters.postgres.tables.metadata import INSTANT
from totetaxi_adapters.postgres.transaction import Transaction
from totetaxi_core.price_book import PriceBook
from totetaxi_core.price_book.repository import PriceBookConflictError, PriceBookNotFoundError

BOOKS_KEPT: Final = 32

CURRENT = (
    select(price_books.c.version, price_books.c.digest)
    .where(price_books.c.effective_at <= bindparam("at", type_=INSTANT))
    .order_by(price_books.c.version.desc())
    .limit(1)
)
VERSION = bindparam("of_version", type_=Integer)
DIGEST = select(price_books.c.version, price_books.c.digest).where(price_books.c.version == VERSION)
DOCUMENT = select(price_books.c.document).where(price_books.c.version == VERSION)
NEWEST = (
    select(price_books.c.version, price_books.c.effective_at)
    .order_by(price_books.c.version.desc())
    .limit(1)
)
INSERT = insert(price_books)


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
        self, book: PriceBook, *, based_on: int, by: str, effective_at: datetime, at: datetime
    ) -> PriceBook:
        await self._transaction.lock("price_books")
        newest = (await self._transaction.execute(NEWEST)).one_or_none()
        if based_on != (newest.version if newest else 0):
            raise PriceBookConflictError("another version was published meanwhile")
        if newest and newest.effective_at > at:
            raise PriceBookConflictError("a version waits to become effective already")
        published = replace(book, version=based_on + 1)
        row = {
            "version": published.version,
            "digest": published.digest,
            "document": published.document,
            "effective_at": effective_at,
            "published_by": by,
            "published_at": at,
        }
        await self._transaction.execute(INSERT, row)
        return published

    async def _book(self, version: int, digest: str) -> PriceBook:
        kept = SHELF.find(version, digest)
        if kept is not None:
            return kept
        document = await self._transaction.execute(DOCUMENT, {"of_version": version})
        book = PriceBook.from_document(document.scalar_one(), version=version)
        return SHELF.keep(digest, book)
