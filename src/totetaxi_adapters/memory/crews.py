"""The port to the crews."""

from collections.abc import Mapping
from datetime import date

from totetaxi_adapters.memory.database import MemoryDatabase
from totetaxi_adapters.memory.table import BrokenConstraintError, View
from totetaxi_adapters.memory.transaction import Transaction
from totetaxi_core.scheduling.crews import CrewCount, SlotUnavailableError

HALF_HOURS_IN_A_DAY = range(48)
FIRST_HALF_HOUR = 0


class MemoryCrewCalendar:
    """Locks whole dates, where the port asks for single rows: who gets a crew stays the same."""

    def __init__(self, database: MemoryDatabase, transaction: Transaction) -> None:
        self._transaction = transaction
        self._rows = View(database.crews, transaction)

    async def lock(self, on: date, half_hours: range, *, crews: int) -> None:  # noqa: ARG002  a port's
        """Lock the whole date."""
        await self._transaction.lock("crews", on)

    async def lock_date(self, on: date, *, crews: int) -> Mapping[int, CrewCount]:
        """Touch and lock the whole date; return its half hours."""
        await self._transaction.lock("crews", on)
        touched = self._day(on)
        number = next(iter(touched.values())).crews if touched else crews
        if FIRST_HALF_HOUR not in touched:
            self._rows.put((on, FIRST_HALF_HOUR), CrewCount(0, number))
        return self._day(on)

    async def set_crews(self, on: date, *, crews: int) -> None:
        """Give a locked date another number of crews."""
        for at, count in self._day(on).items():
            if count.taken > crews:
                raise BrokenConstraintError(f"{count.taken} crews are taken on {on}")
            self._rows.put((on, at), count._replace(crews=crews))

    async def take(self, on: date, half_hours: range, *, crews: int) -> None:
        """Take one crew for all `half_hours`, or none at all; a touched date keeps its number.

        Raises:
            SlotUnavailableError: one of the half hours has no crew left.
        """
        await self._transaction.lock("crews", on)
        touched = self._day(on)
        number = next(iter(touched.values())).crews if touched else crews
        counts = {at: touched.get(at, CrewCount(0, number)) for at in half_hours}
        if any(count.taken >= count.crews for count in counts.values()):
            raise SlotUnavailableError(on, half_hours)
        for at, count in counts.items():
            self._rows.put((on, at), count._replace(taken=count.taken + 1))

    async def release(self, on: date, half_hours: range) -> None:
        """Give back one crew for all `half_hours`, which the caller took before."""
        await self._transaction.lock("crews", on)
        for at in half_hours:
            count = self._rows.get((on, at))
            if count is None or not count.taken:
                raise BrokenConstraintError(f"no crew was taken on {on} at half hour {at}")
            self._rows.put((on, at), count._replace(taken=count.taken - 1))

    async def taken(self, start: date, end: date) -> Mapping[tuple[date, int], CrewCount]:
        """Return every existing row from `start` to `end`, both dates included."""
        days = (date.fromordinal(day) for day in range(start.toordinal(), end.toordinal() + 1))
        return {(on, at): count for on in days for at, count in self._day(on).items()}

    def _day(self, on: date) -> dict[int, CrewCount]:
        rows = ((at, self._rows.get((on, at))) for at in HALF_HOURS_IN_A_DAY)
        return {at: count for at, count in rows if count is not None}
