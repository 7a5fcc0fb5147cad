"""The port to the record of staff acts."""

from uuid import UUID

from totetaxi_adapters.memory.database import MemoryDatabase
from totetaxi_adapters.memory.table import View
from totetaxi_adapters.memory.transaction import Transaction
from totetaxi_core.staff.staff_act import StaffAct


class MemoryStaffActs:
    def __init__(self, database: MemoryDatabase, transaction: Transaction) -> None:
        self._transaction = transaction
        self._rows = View(database.staff_acts, transaction)

    async def add(self, act: StaffAct) -> None:
        await self._transaction.lock("staff act", act.id)
        self._rows.insert(act.id, act)

    async def of_booking(self, booking_id: UUID) -> tuple[StaffAct, ...]:
        """Return the acts on a booking, oldest first."""
        found = self._rows.where("booking", booking_id)
        return tuple(sorted(found, key=lambda act: (act.created_at, act.id)))
