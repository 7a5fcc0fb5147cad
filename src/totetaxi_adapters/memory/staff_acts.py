"""The port to the record of staff acts."""

from hashlib import sha256
from uuid import UUID

from totetaxi_adapters.memory.database import MemoryDatabase
from totetaxi_adapters.memory.table import View
from totetaxi_adapters.memory.transaction import Transaction
from totetaxi_core.staff.act_chain import chained
from totetaxi_core.staff.act_link import ChainHead
from totetaxi_core.staff.origin import Origin
from totetaxi_core.staff.staff_act import (
    CUSTOMER_READ,
    ActFilter,
    ActNotFoundError,
    RecordedAct,
    StaffAct,
    without_values,
)


class MemoryStaffActs:
    def __init__(
        self, database: MemoryDatabase, transaction: Transaction, *, origin: Origin | None
    ) -> None:
        self._transaction = transaction
        self._rows = View(database.staff_acts, transaction)
        self._origin = origin
        self._added: list[StaffAct] = []

    async def add(self, act: StaffAct) -> None:
        self._added.append(act.came_from(self._origin))

    async def before_commit(self) -> None:
        """Link what was added to the end of the chain."""
        if not self._added:
            return
        await self._transaction.lock("staff acts")
        last = max(self._rows.all(), key=_position, default=None)
        head = ChainHead() if last is None else last.link.head
        for act in self._added:
            # Nothing here is random: the same steps give the same rows.
            recorded = chained(act, after=head, salt=sha256(act.id.bytes).hexdigest())
            head = recorded.link.head
            self._rows.insert(head.position, recorded)
        self._added.clear()

    async def of_booking(self, booking_id: UUID) -> tuple[StaffAct, ...]:
        """Return the acts on a booking that did more than read it, oldest first."""
        every = (row.act for row in self._rows.where("booking", booking_id))
        found = [act for act in every if act.action_type != CUSTOMER_READ]
        return tuple(sorted(found, key=lambda act: (act.created_at, act.id)))

    async def page(
        self,
        wanted: ActFilter,
        *,
        before: int | None = None,
        after: int | None = None,
        limit: int,
    ) -> tuple[RecordedAct, ...]:
        found = sorted(
            (row for row in self._rows.all() if _is_wanted(row.act, wanted)), key=_position
        )
        if after is not None:
            above = [row for row in found if row.link.position > after]
            return tuple(reversed(above[:limit]))
        below = [row for row in found if before is None or row.link.position < before]
        return tuple(reversed(below))[:limit]

    async def chained(self, *, after: int, limit: int) -> tuple[RecordedAct, ...]:
        """Return acts in the order of the chain, those at positions above `after`."""
        found = [row for row in self._rows.all() if row.link.position > after]
        return tuple(sorted(found, key=_position)[:limit])

    async def erase(self, position: int) -> RecordedAct:
        """Blank what may be personal in an act."""
        await self._transaction.lock("staff act", position)
        recorded = self._rows.get(position)
        if recorded is None:
            raise ActNotFoundError(f"there is no act {position}")
        self._rows.update(position, without_values(recorded))
        return recorded


def _position(recorded: RecordedAct) -> int:
    return recorded.link.position


def _is_wanted(act: StaffAct, wanted: ActFilter) -> bool:
    if wanted.created_from is not None and act.created_at < wanted.created_from:
        return False
    if wanted.created_until is not None and act.created_at >= wanted.created_until:
        return False
    if wanted.staff_name is not None and act.staff_name.lower() != wanted.staff_name.lower():
        return False
    exact = ("action_type", "booking_id", "is_refused")
    return all(getattr(wanted, name) in (None, getattr(act, name)) for name in exact)
