"""The port to password resets."""

from datetime import datetime
from uuid import UUID

from totetaxi_adapters.memory.database import MemoryDatabase
from totetaxi_adapters.memory.table import View
from totetaxi_adapters.memory.transaction import Transaction
from totetaxi_core.customers.password_reset import PasswordReset

NAME = "password reset"


class MemoryPasswordResets:
    def __init__(self, database: MemoryDatabase, transaction: Transaction) -> None:
        self._transaction = transaction
        self._rows = View(database.password_resets, transaction)

    async def add(self, reset: PasswordReset) -> None:
        await self._transaction.lock(NAME, reset.id)
        self._rows.insert(reset.id, reset)

    async def find(self, reset_id: UUID) -> PasswordReset | None:
        return self._rows.get(reset_id)

    async def remove(self, reset_id: UUID) -> None:
        await self._transaction.lock(NAME, reset_id)
        self._rows.remove(reset_id)

    async def forget_expired(self, *, before: datetime) -> None:
        expired = [row.id for row in self._rows.all() if row.expires_at < before]
        for reset_id in expired:
            if self._transaction.try_lock(NAME, reset_id):
                self._rows.remove(reset_id)
