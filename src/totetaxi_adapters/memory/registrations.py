"""The port to registrations."""

from datetime import datetime
from uuid import UUID

from totetaxi_adapters.memory.database import MemoryDatabase
from totetaxi_adapters.memory.table import View
from totetaxi_adapters.memory.transaction import Transaction
from totetaxi_core.customers.registration import Registration

NAME = "registration"


class MemoryRegistrations:
    def __init__(self, database: MemoryDatabase, transaction: Transaction) -> None:
        self._transaction = transaction
        self._rows = View(database.registrations, transaction)

    async def add(self, registration: Registration) -> None:
        await self._transaction.lock(NAME, registration.id)
        self._rows.insert(registration.id, registration)

    async def save(self, registration: Registration) -> None:
        await self._transaction.lock(NAME, registration.id)
        self._rows.update(registration.id, registration)

    async def find(self, registration_id: UUID, *, lock: bool = False) -> Registration | None:
        if lock:
            await self._transaction.lock(NAME, registration_id)
        return self._rows.get(registration_id)

    async def newest(self, email: str, *, lock: bool = False) -> Registration | None:
        found = self._rows.where("email", email.strip().lower())
        newest = max(found, key=lambda row: (row.created_at, row.id), default=None)
        if newest is None or not lock:
            return newest
        return await self.find(newest.id, lock=True)

    async def remove(self, registration_id: UUID) -> None:
        await self._transaction.lock(NAME, registration_id)
        self._rows.remove(registration_id)

    async def forget_expired(self, *, before: datetime) -> None:
        expired = [row.id for row in self._rows.all() if row.expires_at < before]
        for registration_id in expired:
            if self._transaction.try_lock(NAME, registration_id):
                self._rows.remove(registration_id)
