"""The schedule as staff see it: its present version, its history, and date by date."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta

from totetaxi_core.payments.refund import SYSTEM
from totetaxi_core.ports import Ports, Terms
from totetaxi_core.scheduling.availability import check_range
from totetaxi_core.scheduling.crews import CrewCount
from totetaxi_core.scheduling.edit_schedule import OPEN
from totetaxi_core.scheduling.in_the_way import HeldCrew, held_crews
from totetaxi_core.scheduling.occupancy import half_hour_start
from totetaxi_core.scheduling.schedule import Schedule
from totetaxi_core.scheduling.schedule_refusal import ScheduleRefusal, closure_refusals
from totetaxi_core.scheduling.schedules import HOUSE_RULES_VERSION, StoredSchedule
from totetaxi_core.scheduling.terms_now import terms_now
from totetaxi_core.unit_of_work import UnitOfWork

HOUSE_RULES_SINCE = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class ScheduleDay:
    """A date: `closed_by` is empty where it is open, whatever notice and horizon say.

    `taken` is how many of its `crews` are busy in its busiest half hour, the first of which begins
    at `busy_at`. `held` are the bookings that stand on a date that is closed.
    """

    on: date
    closed_by: tuple[ScheduleRefusal, ...]
    closing_reason: str | None
    holiday: str | None
    crews: int
    taken: int
    busy_at: time | None
    held: tuple[HeldCrew, ...]

    @property
    def is_open(self) -> bool:
        return not self.closed_by


async def present_schedule(ports: Ports, terms: Terms) -> StoredSchedule:
    """Return the version in effect; the house rules are version 0."""
    async with ports.unit_of_work() as uow:
        return await uow.schedules.current() or _house_rules(terms.schedule)


async def schedule_history(
    ports: Ports, *, before: int | None = None, limit: int
) -> tuple[StoredSchedule, ...]:
    """Return the newest versions, or those below `before`, newest first."""
    async with ports.unit_of_work() as uow:
        return await uow.schedules.history(before=before, limit=limit)


async def schedule_days(
    ports: Ports, terms: Terms, *, start: date, end: date
) -> tuple[ScheduleDay, ...]:
    """Return every date from `start` to `end`, both included.

    Raises:
        InvalidInputError: the range ends before it starts or has more than 62 dates.
    """
    check_range(start, end)
    async with ports.unit_of_work() as uow:
        present = await terms_now(uow, terms)
        counts = _by_date(await uow.crews.taken(start, end))
        days = [
            _day(start + timedelta(days=number), present.schedule, counts, ports)
            for number in range((end - start).days + 1)
        ]
        return tuple([await _with_bookings(day, uow) for day in days])


def _house_rules(schedule: Schedule) -> StoredSchedule:
    return StoredSchedule(
        version=HOUSE_RULES_VERSION,
        schedule=schedule,
        changed_by=SYSTEM,
        changed_at=HOUSE_RULES_SINCE,
    )


def _by_date(
    rows: Mapping[tuple[date, int], CrewCount],
) -> Mapping[date, Mapping[int, CrewCount]]:
    counts: dict[date, dict[int, CrewCount]] = {}
    for (on, half_hour), count in rows.items():
        counts.setdefault(on, {})[half_hour] = count
    return counts


def _day(
    on: date, schedule: Schedule, counts: Mapping[date, Mapping[int, CrewCount]], ports: Ports
) -> ScheduleDay:
    touched = counts.get(on, {})
    crews = next((count.crews for count in touched.values()), schedule.crews_on(on))
    taken = max((count.taken for count in touched.values()), default=0)
    busy = (at for at, count in sorted(touched.items()) if taken and count.taken == taken)
    busiest = next(busy, None)
    return ScheduleDay(
        on=on,
        closed_by=tuple(closure_refusals(schedule, on, holidays=ports.holidays)),
        closing_reason=schedule.closing_reasons.get(on),
        holiday=ports.holidays.name_of(on),
        crews=crews,
        taken=taken,
        busy_at=None if busiest is None else half_hour_start(busiest),
        held=(),
    )


async def _with_bookings(day: ScheduleDay, uow: UnitOfWork) -> ScheduleDay:
    if day.is_open or not day.taken:
        return day
    return replace(day, held=await held_crews(day.on, uow, statuses=OPEN))
