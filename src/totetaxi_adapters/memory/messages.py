"""The ports to messages, and by which staff find them."""

from collections.abc import Mapping
from heapq import nlargest
from uuid import UUID

from totetaxi_adapters.memory.database import MemoryDatabase
from totetaxi_adapters.memory.table import View
from totetaxi_adapters.memory.transaction import Transaction
from totetaxi_core.notifications.find_messages import MessageFilter
from totetaxi_core.notifications.message import UNFINISHED, Channel, Message, MessageState
from totetaxi_core.page import Place


class MemoryMessageRepository:
    def __init__(self, database: MemoryDatabase, transaction: Transaction) -> None:
        self._transaction = transaction
        self._rows = View(database.messages, transaction)
        self._bookings = View(database.bookings, transaction)

    async def add(self, message: Message) -> bool:
        await self._transaction.lock("message", message.id)
        if self._rows.get(message.id) is not None:
            return False
        self._rows.insert(message.id, message)
        return True

    async def find(self, message_id: UUID, *, lock: bool = False) -> Message | None:
        if lock:
            await self._transaction.lock("message", message_id)
        return self._rows.get(message_id)

    async def find_taken(self, provider_id: str) -> Message | None:
        taken = (row for row in self._rows.all() if row.provider_id == provider_id)
        return max(taken, key=Place.of, default=None)

    async def save(self, message: Message) -> None:
        if self._rows.get(message.id) is not None:
            self._rows.update(message.id, message)

    async def to(self, address: str, *, limit: int) -> tuple[Message, ...]:
        """Return the newest messages to an address (without case), newest first."""
        return tuple(nlargest(limit, self._rows.where("to", address.lower()), key=Place.of))

    async def texts_about(self, customer_id: UUID, *, limit: int) -> tuple[Message, ...]:
        theirs = {one.id for one in self._bookings.all() if one.customer_id == customer_id}
        texts = (
            row
            for row in self._rows.all()
            if row.channel is Channel.SMS and row.booking_id in theirs
        )
        return tuple(nlargest(limit, texts, key=Place.of))

    async def newest(self, *, limit: int) -> tuple[Message, ...]:
        return tuple(nlargest(limit, self._rows.all(), key=Place.of))

    async def unfinished(self) -> Mapping[MessageState, int]:
        states = [row.state for row in self._rows.all()]
        return {state: states.count(state) for state in UNFINISHED}


class MemoryMessageDesk:
    def __init__(self, database: MemoryDatabase, transaction: Transaction) -> None:
        self._rows = View(database.messages, transaction)

    async def page(
        self,
        wanted: MessageFilter,
        *,
        before: Place | None = None,
        after: Place | None = None,
        limit: int,
    ) -> tuple[Message, ...]:
        found = sorted((row for row in self._rows.all() if _is(row, wanted)), key=Place.of)
        if after is not None:
            newer = [row for row in found if Place.of(row) > after]
            return tuple(newer[:limit])[::-1]
        older = [row for row in found if before is None or Place.of(row) < before]
        return tuple(older[::-1][:limit])


def _is(message: Message, wanted: MessageFilter) -> bool:
    if wanted.to is not None and wanted.to.lower() != message.to.lower():
        return False
    exact = (
        (wanted.kind, message.kind),
        (wanted.channel, message.channel),
        (wanted.state, message.state),
        (wanted.booking_id, message.booking_id),
    )
    return all(asked is None or asked == stored for asked, stored in exact)
