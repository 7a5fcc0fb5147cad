"""The port to the schedules staff have made."""

from totetaxi_adapters.memory.database import MemoryDatabase
from totetaxi_adapters.memory.table import View
from totetaxi_adapters.memory.transaction import Transaction
from totetaxi_core.scheduling.schedules import StoredSchedule


class MemorySchedules:
    def __init__(self, database: MemoryDatabase, transaction: Transaction) -> None:
        self._transaction = transaction
        self._rows = View(database.schedules, transaction)

    async def current(self, *, lock: bool = False) -> StoredSchedule | None:
        """Return the newest; None while the house rules stand."""
        if lock:
            await self._transaction.lock("schedules")
        return max(self._rows.all(), key=lambda row: row.version, default=None)

    async def add(self, stored: StoredSchedule) -> None:
        """Store the next version."""
        self._rows.insert(stored.version, stored)

    async def history(self, *, before: int | None, limit: int) -> tuple[StoredSchedule, ...]:
        """Return the newest below the version `before`, newest first."""
        rows = [row for row in self._rows.all() if before is None or row.version < before]
        return tuple(sorted(rows, key=lambda row: -row.version)[:limit])
