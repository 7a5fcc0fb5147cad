"""The port to messages."""

from heapq import nlargest

from totetaxi_adapters.memory.database import MemoryDatabase
from totetaxi_adapters.memory.table import View
from totetaxi_adapters.memory.transaction import Transaction
from totetaxi_core.notifications.message import Message


class MemoryMessageRepository:
    def __init__(self, database: MemoryDatabase, transaction: Transaction) -> None:
        self._transaction = transaction
        self._rows = View(database.messages, transaction)

    async def add(self, message: Message) -> None:
        """Keep the message; one of the same id is kept already and stays."""
        await self._transaction.lock("message", message.id)
        if self._rows.get(message.id) is None:
            self._rows.insert(message.id, message)

    async def to(self, address: str, *, limit: int) -> tuple[Message, ...]:
        """Return the newest messages to an address (without case), newest first."""
        found = self._rows.where("to", address.lower())
        return tuple(nlargest(limit, found, key=lambda message: (message.created_at, message.id)))
