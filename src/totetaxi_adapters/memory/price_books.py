"""The port to published price books."""

from dataclasses import replace
from datetime import datetime

from totetaxi_adapters.memory.database import MemoryDatabase
from totetaxi_adapters.memory.rows import PublishedBook
from totetaxi_adapters.memory.table import View
from totetaxi_adapters.memory.transaction import Transaction
from totetaxi_core.price_book import PriceBook
from totetaxi_core.price_book.published_version import PublishedVersion, SourceText, Withdrawal
from totetaxi_core.price_book.repository import (
    PriceBookConflictError,
    PriceBookNotFoundError,
    PriceBookNotWaitingError,
)


class MemoryPriceBookRepository:
    def __init__(self, database: MemoryDatabase, transaction: Transaction) -> None:
        self._transaction = transaction
        self._rows = View(database.price_books, transaction)

    async def lock(self) -> None:
        """Keep others from publishing until the end of the transaction."""
        await self._transaction.lock("price books")

    async def current(self, *, at: datetime) -> PriceBook:
        """Return the newest version in effect at an instant.

        Raises:
            PriceBookNotFoundError: none is.
        """
        books = [row.book for row in self._standing() if row.known.effective_at <= at]
        if not books:
            raise PriceBookNotFoundError(f"no price book is in effect at {at}")
        return max(books, key=lambda book: book.version)

    async def get(self, version: int) -> PriceBook:
        """Return a version.

        Raises:
            PriceBookNotFoundError: it does not exist.
        """
        return self._row(version).book

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
        """Store the book as the next version; `based_on` 0 is the first's.

        Raises:
            PriceBookConflictError: `based_on` is not the newest, or one waits already.
        """
        await self.lock()
        newest = max((row.book.version for row in self._standing()), default=0)
        if based_on != newest:
            raise PriceBookConflictError(f"version {newest} is the newest, not {based_on}")
        if any(at < row.known.effective_at for row in self._standing()):
            raise PriceBookConflictError(f"version {newest} waits to become effective")
        version = max((row.book.version for row in self._rows.all()), default=0) + 1
        published = replace(book, version=version)
        known = PublishedVersion(
            version=version,
            title=published.title,
            digest=published.digest,
            effective_at=effective_at,
            published_by=by,
            published_at=at,
            based_on=based_on,
            reason=reason,
        )
        self._rows.insert(version, PublishedBook(book=published, known=known, source=source))
        return published

    async def withdraw(self, version: int, *, by: str, at: datetime, reason: str) -> None:
        """Take back a version that waits.

        Raises:
            PriceBookNotWaitingError: it does not wait.
        """
        await self.lock()
        waiting = await self.waiting(at=at)
        if waiting is None or waiting.version != version:
            raise PriceBookNotWaitingError(f"version {version} does not wait")
        withdrawal = Withdrawal(withdrawn_by=by, withdrawn_at=at, reason=reason)
        row = self._row(version)
        self._rows.update(version, row._replace(known=replace(waiting, withdrawal=withdrawal)))

    async def waiting(self, *, at: datetime) -> PublishedVersion | None:
        """Return the version that is still to come into effect; at most one is."""
        waiting = [row.known for row in self._rows.all() if row.known.waits(at=at)]
        return max(waiting, key=lambda known: known.version, default=None)

    async def published(self, version: int) -> PublishedVersion:
        """Return what is known of a version.

        Raises:
            PriceBookNotFoundError: it does not exist.
        """
        return self._row(version).known

    async def history(
        self, *, before: int | None = None, after: int | None = None, limit: int
    ) -> tuple[PublishedVersion, ...]:
        """Return versions newest first: the newest, those below `before`, or next above `after`."""
        found = sorted((row.known for row in self._rows.all()), key=lambda known: known.version)
        if after is not None:
            above = [known for known in found if known.version > after]
            return tuple(reversed(above[:limit]))
        below = [known for known in found if before is None or known.version < before]
        return tuple(reversed(below))[:limit]

    async def source(self, version: int) -> SourceText | None:
        """Return the newest text at or before a version; None where none was kept."""
        for number in range(version, 0, -1):
            row = self._rows.get(number)
            if row is not None and row.source is not None:
                return row.source
        return None

    def _row(self, version: int) -> PublishedBook:
        row = self._rows.get(version)
        if row is None:
            raise PriceBookNotFoundError(f"there is no price book of version {version}")
        return row

    def _standing(self) -> list[PublishedBook]:
        return [row for row in self._rows.all() if row.known.withdrawal is None]
