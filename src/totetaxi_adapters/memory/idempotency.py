"""The port to idempotency records."""

from datetime import datetime, timedelta

from totetaxi_adapters.memory.database import MemoryDatabase
from totetaxi_adapters.memory.table import View
from totetaxi_adapters.memory.transaction import Transaction
from totetaxi_core.bookings.repositories import IdempotencyKey, IdempotencyRecord

KEPT = timedelta(hours=24)


class MemoryIdempotencyRecords:
    def __init__(self, database: MemoryDatabase, transaction: Transaction) -> None:
        self._transaction = transaction
        self._rows = View(database.idempotency, transaction)

    async def find(self, key: IdempotencyKey, *, now: datetime) -> IdempotencyRecord | None:
        """Return the record of this scope and key, locked, unless it is older than 24 h."""
        name = _name(key)
        if self._rows.get(name) is not None:
            await self._transaction.lock("idempotency", *name)
        record = self._rows.get(name)
        return record if record is not None and now - record.created_at <= KEPT else None

    async def add(self, record: IdempotencyRecord) -> bool:
        """Store a new record; False when one of the same scope and key was faster.

        One older than 24 h makes room.
        """
        name = _name(record.key)
        await self._transaction.lock("idempotency", *name)
        first = self._rows.get(name)
        if first is not None and record.created_at - first.created_at <= KEPT:
            return False
        self._rows.put(name, record)
        return True

    async def save(self, record: IdempotencyRecord) -> None:
        name = _name(record.key)
        await self._transaction.lock("idempotency", *name)
        self._rows.update(name, record)


def _name(key: IdempotencyKey) -> tuple[str, str]:
    return key.scope, key.key
