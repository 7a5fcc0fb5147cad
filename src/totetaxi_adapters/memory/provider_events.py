"""The port to the events the payment provider has sent."""

from datetime import datetime

from totetaxi_adapters.memory.database import MemoryDatabase
from totetaxi_adapters.memory.rows import ReceivedEvent
from totetaxi_adapters.memory.table import View
from totetaxi_adapters.memory.transaction import Transaction
from totetaxi_core.payments.gateway import PaymentEvent


class MemoryProviderEvents:
    def __init__(self, database: MemoryDatabase, transaction: Transaction) -> None:
        self._transaction = transaction
        self._rows = View(database.provider_events, transaction)

    async def add(self, event: PaymentEvent, *, received_at: datetime) -> bool:
        """Store the event's id and kind; False when we have it already."""
        await self._transaction.lock("provider event", event.id)
        if self._rows.get(event.id) is not None:
            return False
        self._rows.insert(event.id, ReceivedEvent(kind=event.kind, received_at=received_at))
        return True
