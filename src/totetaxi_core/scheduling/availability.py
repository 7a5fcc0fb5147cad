"""Which starts still have a crew, date by date."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo

from totetaxi_core.refusal import FieldFault, InvalidInputError
from totetaxi_core.scheduling.crews import CrewCount
from totetaxi_core.scheduling.holidays import HolidayCalendar
from totetaxi_core.scheduling.moment import Moment
from totetaxi_core.scheduling.occupancy import (
    HALF_HOUR_MINUTES,
    half_hour_start,
    half_hours,
    minutes_into_day,
)
from totetaxi_core.scheduling.schedule import Schedule
from totetaxi_core.scheduling.schedule_refusal import (
    ScheduleRefusal,
    date_refusals,
    time_has_passed,
)

MAX_DAYS = 62


@dataclass(frozen=True, slots=True, kw_only=True)
class SlotAvailability:
    """One start, and how many crews are free for the whole duration from it."""

    time: time
    crews_left: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DayAvailability:
    """One date: open with its slots, or closed for the first reason that holds, without any."""

    date: date
    reason: ScheduleRefusal | None
    slots: tuple[SlotAvailability, ...]

    @property
    def open(self) -> bool:
        return self.reason is None


def check_range(start: date, end: date) -> None:
    """Refuse a range that ends before it starts or has more than 62 dates, both ends included.

    Raises:
        InvalidInputError: with its fault on `end_date`.
    """
    days = (end - start).days + 1
    if days < 1:
        fault = FieldFault(
            field="end_date", code="out_of_order", message="must not be before start_date"
        )
        raise InvalidInputError((fault,))
    if days > MAX_DAYS:
        fault = FieldFault(
            field="end_date", code="out_of_range", message=f"at most {MAX_DAYS} days at a time"
        )
        raise InvalidInputError((fault,))


def availability(
    schedule: Schedule,
    taken: Mapping[tuple[date, int], CrewCount],
    *,
    start: date,
    end: date,
    estimated_hours: int,
    now: datetime,
    zone: tzinfo,
    holidays: HolidayCalendar,
) -> tuple[DayAvailability, ...]:
    """Return every date from `start` to `end`, both included, as it stands at the instant `now`.

    `taken` is what `CrewCalendar.taken` answers for the range. Source: docs/scheduling.md.

    Raises:
        InvalidInputError: the range is refused by `check_range`.
    """
    check_range(start, end)
    moment = Moment.of(now, zone=zone)
    windows = tuple(_windows(schedule, estimated_hours=estimated_hours))
    counts = _by_date(taken)
    return tuple(
        _day(schedule, on, counts.get(on, {}), windows, moment=moment, holidays=holidays)
        for on in (start + timedelta(days=n) for n in range((end - start).days + 1))
    )


def _windows(schedule: Schedule, *, estimated_hours: int) -> Iterator[tuple[time, range]]:
    """Yield each half-hour start within pickup hours, with the half hours it would occupy."""
    first = -(-minutes_into_day(schedule.opens_at) // HALF_HOUR_MINUTES)
    last = minutes_into_day(schedule.last_pickup_at) // HALF_HOUR_MINUTES
    for half_hour in range(first, last + 1):
        at = half_hour_start(half_hour)
        yield at, half_hours(at, estimated_hours, crew_day_ends_at=schedule.crew_day_ends_at)


def _by_date(
    taken: Mapping[tuple[date, int], CrewCount],
) -> Mapping[date, Mapping[int, CrewCount]]:
    counts: defaultdict[date, dict[int, CrewCount]] = defaultdict(dict)
    for (on, half_hour), count in taken.items():
        counts[on][half_hour] = count
    return counts


def _day(
    schedule: Schedule,
    on: date,
    counts: Mapping[int, CrewCount],
    windows: tuple[tuple[time, range], ...],
    *,
    moment: Moment,
    holidays: HolidayCalendar,
) -> DayAvailability:
    refused = date_refusals(schedule, on, moment=moment, holidays=holidays)
    if refused:
        return DayAvailability(date=on, reason=refused[0], slots=())
    if on == moment.today:
        windows = tuple(w for w in windows if not time_has_passed(on, w[0], moment=moment))
        if not windows:
            return DayAvailability(date=on, reason=ScheduleRefusal.PAST, slots=())
    return DayAvailability(date=on, reason=None, slots=_slots(schedule, on, counts, windows))


def _slots(
    schedule: Schedule,
    on: date,
    counts: Mapping[int, CrewCount],
    windows: tuple[tuple[time, range], ...],
) -> tuple[SlotAvailability, ...]:
    untouched = next(iter(counts.values())).crews if counts else schedule.crews_on(on)
    left = {half_hour: count.crews - count.taken for half_hour, count in counts.items()}
    return tuple(
        SlotAvailability(
            time=at, crews_left=min(left.get(half_hour, untouched) for half_hour in window)
        )
        for at, window in windows
    )
