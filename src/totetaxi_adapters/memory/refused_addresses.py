"""The port to addresses that refuse what we send."""

from dataclasses import replace
from uuid import UUID

from totetaxi_adapters.memory.database import MemoryDatabase
from totetaxi_adapters.memory.table import View
from totetaxi_adapters.memory.transaction import Transaction
from totetaxi_core.notifications.message import Channel
from totetaxi_core.notifications.refused_address import RefusedAddress
from totetaxi_core.page import Place


class MemoryRefusedAddresses:
    def __init__(self, database: MemoryDatabase, transaction: Transaction) -> None:
        self._rows = View(database.refused_addresses, transaction)

    async def find(self, channel: Channel, address: str) -> RefusedAddress | None:
        return self._rows.get((channel, address.lower()))

    async def add(self, refused: RefusedAddress) -> None:
        kept = replace(refused, address=refused.address.lower())
        if self._rows.get((kept.channel, kept.address)) is None:
            self._rows.put((kept.channel, kept.address), kept)

    async def remove(self, address: str) -> tuple[RefusedAddress, ...]:
        kept = [self._rows.get((channel, address.lower())) for channel in Channel]
        found = tuple(refused for refused in kept if refused is not None)
        for refused in found:
            self._rows.remove((refused.channel, refused.address))
        return found

    async def remove_one(self, refused_id: UUID) -> RefusedAddress | None:
        for refused in self._rows.all():
            if refused.id == refused_id:
                self._rows.remove((refused.channel, refused.address))
                return refused
        return None

    async def page(
        self, *, before: Place | None = None, after: Place | None = None, limit: int
    ) -> tuple[RefusedAddress, ...]:
        found = sorted(self._rows.all(), key=Place.of)
        if after is not None:
            newer = [row for row in found if Place.of(row) > after]
            return tuple(newer[:limit])[::-1]
        older = [row for row in found if before is None or Place.of(row) < before]
        return tuple(older[::-1][:limit])
