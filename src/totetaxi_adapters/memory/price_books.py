"""The port to published price books."""

from dataclasses import replace
from datetime import datetime

from totetaxi_adapters.memory.database import MemoryDatabase
from totetaxi_adapters.memory.rows import PublishedBook
from totetaxi_adapters.memory.table import View
from totetaxi_adapters.memory.transaction import Transaction
from totetaxi_core.price_book import PriceBook
from totetaxi_core.price_book.repository import PriceBookConflictError, PriceBookNotFoundError


class MemoryPriceBookRepository:
    def __init__(self, database: MemoryDatabase, transaction: Transaction) -> None:
        self._transaction = transaction
        self._rows = View(database.price_books, transaction)

    async def current(self, *, at: datetime) -> PriceBook:
        """Return the newest version in effect at an instant.

        Raises:
            PriceBookNotFoundError: none is.
        """
        books = [row.book for row in self._rows.all() if row.effective_at <= at]
        if not books:
            raise PriceBookNotFoundError(f"no price book is in effect at {at}")
        return max(books, key=lambda book: book.version)

    async def get(self, version: int) -> PriceBook:
        """Return a version.

        Raises:
            PriceBookNotFoundError: it does not exist.
        """
        row = self._rows.get(version)
        if row is None:
            raise PriceBookNotFoundError(f"there is no price book of version {version}")
        return row.book

    async def publish(
        self, book: PriceBook, *, based_on: int, by: str, effective_at: datetime, at: datetime
    ) -> PriceBook:
        """Store the book as version `based_on` + 1; 0 is the first's.

        Raises:
            PriceBookConflictError: `based_on` is not the newest, or one waits already.
        """
        await self._transaction.lock("price books")
        newest = max((row.book.version for row in self._rows.all()), default=0)
        if based_on != newest:
            raise PriceBookConflictError(f"version {newest} is the newest, not {based_on}")
        if any(at < row.effective_at for row in self._rows.all()):
            raise PriceBookConflictError(f"version {newest} waits to become effective")
        published = replace(book, version=based_on + 1)
        self._rows.insert(
            published.version,
            PublishedBook(
                book=published, published_by=by, effective_at=effective_at, published_at=at
            ),
        )
        return published
