"""Crews by date and half hour. Source: docs/scheduling.md, "Crews"."""

from collections.abc import Mapping, Sequence
from datetime import date

from sqlalchemy import Date, Integer, SmallInteger, bindparam, func, literal, select, true, update
from sqlalchemy.dialects.postgresql import insert

from totetaxi_adapters.postgres.tables import crew_dates, crew_half_hours
from totetaxi_adapters.postgres.transaction import Transaction
from totetaxi_core.scheduling.crews import CrewCount, SlotUnavailableError

ON = bindparam("on", type_=Date)
FIRST = bindparam("first", type_=Integer)
LAST = bindparam("last", type_=Integer)
CREWS = bindparam("crews", type_=SmallInteger)

NEEDED = (
    crew_half_hours.c.on_date == ON,
    crew_half_hours.c.half_hour.between(FIRST, LAST),
)
ROWS_THERE = select(func.count()).select_from(crew_half_hours).where(*NEEDED).scalar_subquery()
FREE = crew_half_hours.c.taken < crew_half_hours.c.crews
IN_ORDER = select(FREE).where(*NEEDED).order_by(crew_half_hours.c.half_hour)
LOCK = IN_ORDER.with_for_update()
# Locks all of the rows or none: whoever has to insert some must do that before locking any.
LOCK_IF_ALL_THERE = IN_ORDER.where(ROWS_THERE == LAST - FIRST + 1).with_for_update(
    of=crew_half_hours
)
# The first to touch a date settles its number of crews; others wait here for that.
TOUCH_DATE = insert(crew_dates).values(on_date=ON, crews=CREWS).on_conflict_do_nothing()
HALF_HOURS = (
    func.generate_series(FIRST, LAST).table_valued("half_hour", name="needed").render_derived()
)
INSERT_MISSING = (
    insert(crew_half_hours)
    .from_select(
        ["on_date", "half_hour", "taken", "crews"],
        select(crew_dates.c.on_date, HALF_HOURS.c.half_hour, literal(0), crew_dates.c.crews)
        .select_from(crew_dates.join(HALF_HOURS, true()))
        .where(crew_dates.c.on_date == ON)
        .order_by(HALF_HOURS.c.half_hour)
        # Waits for whoever is changing the number, to insert the one that counts from then on.
        .with_for_update(read=True, key_share=True, of=crew_dates),
    )
    .on_conflict_do_nothing()
)
TAKE = update(crew_half_hours).where(*NEEDED, FREE).values(taken=crew_half_hours.c.taken + 1)
LOCK_DATE = select(crew_dates.c.crews).where(crew_dates.c.on_date == ON).with_for_update()
LOCK_HALF_HOURS = (
    select(crew_half_hours.c.half_hour, crew_half_hours.c.taken, crew_half_hours.c.crews)
    .where(crew_half_hours.c.on_date == ON)
    .order_by(crew_half_hours.c.half_hour)
    .with_for_update()
)
# The foreign key carries the number to the half hours.
SET_CREWS = update(crew_dates).where(crew_dates.c.on_date == ON).values(crews=CREWS)
RELEASE = update(crew_half_hours).where(*NEEDED).values(taken=crew_half_hours.c.taken - 1)
TAKEN = select(
    crew_half_hours.c.on_date,
    crew_half_hours.c.half_hour,
    crew_half_hours.c.taken,
    crew_half_hours.c.crews,
).where(
    crew_half_hours.c.on_date.between(bindparam("start", type_=Date), bindparam("end", type_=Date))
)


class PostgresCrewCalendar:
    """One row a date and half hour, never removed."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def lock(self, on: date, half_hours: range, *, crews: int) -> None:
        await self._lock(on, half_hours, crews=crews)

    async def lock_date(self, on: date, *, crews: int) -> Mapping[int, CrewCount]:
        touched = {"on": on, "crews": crews}
        await self._transaction.execute(TOUCH_DATE, touched)
        await self._transaction.execute(LOCK_DATE, {"on": on})
        # One row, so that whoever looks at the date sees the number it has.
        await self._transaction.execute(INSERT_MISSING, {"on": on, "first": 0, "last": 0})
        rows = await self._transaction.execute(LOCK_HALF_HOURS, {"on": on})
        return {row.half_hour: CrewCount(taken=row.taken, crews=row.crews) for row in rows}

    async def set_crews(self, on: date, *, crews: int) -> None:
        await self._transaction.execute(SET_CREWS, {"on": on, "crews": crews})

    async def take(self, on: date, half_hours: range, *, crews: int) -> None:
        needed = _needed(on, half_hours)
        if not all(await self._lock(on, half_hours, crews=crews)):
            raise SlotUnavailableError(on, half_hours)
        if (await self._transaction.execute(TAKE, needed)).rowcount != len(half_hours):
            raise SlotUnavailableError(on, half_hours)

    async def release(self, on: date, half_hours: range) -> None:
        needed = _needed(on, half_hours)
        await self._transaction.execute(LOCK, needed)
        await self._transaction.execute(RELEASE, needed)

    async def _lock(self, on: date, half_hours: range, *, crews: int) -> Sequence[bool]:
        """Return for each half hour whether a crew is free."""
        needed = _needed(on, half_hours)
        free = (await self._transaction.execute(LOCK_IF_ALL_THERE, needed)).scalars().all()
        if len(free) < len(half_hours):
            await self._transaction.execute(TOUCH_DATE, {"on": on, "crews": crews})
            await self._transaction.execute(INSERT_MISSING, needed)
            free = (await self._transaction.execute(LOCK, needed)).scalars().all()
        return free

    async def taken(self, start: date, end: date) -> Mapping[tuple[date, int], CrewCount]:
        rows = await self._transaction.execute(TAKEN, {"start": start, "end": end})
        return {
            (row.on_date, row.half_hour): CrewCount(taken=row.taken, crews=row.crews)
            for row in rows
        }


def _needed(on: date, half_hours: range) -> dict[str, object]:
    return {"on": on, "first": half_hours.start, "last": half_hours.stop - 1}
