"""The port to logins that last."""

from datetime import datetime
from uuid import UUID

from totetaxi_adapters.memory.database import MemoryDatabase
from totetaxi_adapters.memory.table import View
from totetaxi_adapters.memory.transaction import Transaction
from totetaxi_core.accounts.session import Session


class MemorySessions:
    def __init__(self, database: MemoryDatabase, transaction: Transaction) -> None:
        self._transaction = transaction
        self._rows = View(database.sessions, transaction)

    async def add(self, session: Session) -> None:
        await self._transaction.lock("session", session.id)
        self._rows.insert(session.id, session)

    async def save(self, session: Session) -> None:
        await self._transaction.lock("session", session.id)
        self._rows.update(session.id, session)

    async def find(self, session_id: UUID, *, lock: bool = False) -> Session | None:
        if lock:
            await self._transaction.lock("session", session_id)
        return self._rows.get(session_id)

    async def forget_expired(self, account_id: UUID, *, at: datetime) -> None:
        for session in self._rows.where("account", account_id):
            if session.expires_at <= at:
                self._rows.remove(session.id)
