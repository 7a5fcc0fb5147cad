"""Show which mornings still have a crew."""

from collections.abc import Mapping
from datetime import date, datetime, tzinfo
from types import TracebackType
from typing import Protocol

from totetaxi_core.scheduling.availability import DayAvailability, availability, check_range
from totetaxi_core.scheduling.crews import CrewCount
from totetaxi_core.scheduling.holidays import HolidayCalendar
from totetaxi_core.scheduling.schedule import Schedule


class TakenCrews(Protocol):
    """The part of a `CrewCalendar` that only looks."""

    async def taken(self, start: date, end: date) -> Mapping[tuple[date, int], CrewCount]: ...


class HasCrews(Protocol):
    """What this use case needs of a unit of work; entering it begins a transaction."""

    @property
    def crews(self) -> TakenCrews: ...

    async def __aenter__(self) -> object: ...

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
        /,
    ) -> bool | None: ...


async def list_availability(
    uow: HasCrews,
    *,
    start: date,
    end: date,
    estimated_hours: int,
    schedule: Schedule,
    now: datetime,
    zone: tzinfo,
    holidays: HolidayCalendar,
) -> tuple[DayAvailability, ...]:
    """Return every date from `start` to `end`, both included, with the crews left per start.

    Raises:
        InvalidInputError: the range ends before it starts or has more than 62 dates;
            the database is not asked.
    """
    check_range(start, end)
    async with uow:
        taken = await uow.crews.taken(start, end)
    return availability(
        schedule,
        taken,
        start=start,
        end=end,
        estimated_hours=estimated_hours,
        now=now,
        zone=zone,
        holidays=holidays,
    )
