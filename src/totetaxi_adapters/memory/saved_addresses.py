"""The port to the addresses customers keep."""

from uuid import UUID

from totetaxi_adapters.memory.database import MemoryDatabase
from totetaxi_adapters.memory.table import BrokenConstraintError, View
from totetaxi_adapters.memory.transaction import Transaction
from totetaxi_core.customers.saved_address import SavedAddress, SavedAddressNotFoundError
from totetaxi_core.page import Place


class MemorySavedAddresses:
    def __init__(self, database: MemoryDatabase, transaction: Transaction) -> None:
        self._transaction = transaction
        self._rows = View(database.saved_addresses, transaction)

    async def add(self, saved: SavedAddress) -> None:
        await self._transaction.lock("saved address", saved.id)
        self._check(saved)
        self._rows.insert(saved.id, saved)

    async def save(self, saved: SavedAddress) -> None:
        await self._transaction.lock("saved address", saved.id)
        self._check(saved)
        self._rows.update(saved.id, saved)

    async def get(self, customer_id: UUID, address_id: UUID, *, lock: bool = False) -> SavedAddress:
        if lock:
            await self._transaction.lock("saved address", address_id)
        saved = self._rows.get(address_id)
        if saved is None or saved.customer_id != customer_id or not saved.is_active:
            raise SavedAddressNotFoundError(address_id)
        return saved

    async def of_customer(
        self, customer_id: UUID, *, with_removed: bool = False
    ) -> tuple[SavedAddress, ...]:
        found = (each for each in self._of(customer_id) if with_removed or each.is_active)
        return tuple(sorted(found, key=Place.of, reverse=True))

    async def page(
        self,
        customer_id: UUID,
        *,
        before: Place | None = None,
        after: Place | None = None,
        limit: int,
    ) -> tuple[SavedAddress, ...]:
        found = await self.of_customer(customer_id)
        if after is not None:
            newer = [each for each in found if Place.of(each) > after]
            return tuple(newer[-limit:])
        return tuple(each for each in found if before is None or Place.of(each) < before)[:limit]

    def _of(self, customer_id: UUID) -> list[SavedAddress]:
        return self._rows.where("customer", customer_id)

    def _check(self, saved: SavedAddress) -> None:
        """Refuse what the database's unique indexes would."""
        others = (each for each in self._of(saved.customer_id) if each.id != saved.id)
        if saved.is_default and not saved.is_active:
            raise BrokenConstraintError(f"{saved.id} is a default that was removed")
        for each in others:
            if saved.is_active and each.is_active and each.address.door == saved.address.door:
                raise BrokenConstraintError(f"{saved.id} and {each.id} are one door")
            if saved.is_default and each.is_default:
                raise BrokenConstraintError(f"{saved.id} and {each.id} are both the default")
