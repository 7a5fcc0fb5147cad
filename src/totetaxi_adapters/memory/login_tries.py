"""The port to wrong passwords."""

from datetime import datetime

from totetaxi_adapters.memory.database import MemoryDatabase
from totetaxi_adapters.memory.table import View
from totetaxi_adapters.memory.transaction import Transaction
from totetaxi_core.staff.login_tries import NameTries


class MemoryLoginTries:
    def __init__(self, database: MemoryDatabase, transaction: Transaction) -> None:
        self._transaction = transaction
        self._rows = View(database.login_tries, transaction)

    async def of(self, name_key: str) -> NameTries | None:
        await self._transaction.lock("login tries", name_key)
        return self._rows.get(name_key)

    async def save(self, tries: NameTries) -> None:
        self._rows.put(tries.name_key, tries)

    async def forget(self, name_key: str) -> None:
        self._rows.remove(name_key)

    async def forget_before(self, at: datetime) -> None:
        for tries in [row for row in self._rows.all() if row.last_failed_at < at]:
            if self._transaction.try_lock("login tries", tries.name_key):
                self._rows.remove(tries.name_key)
