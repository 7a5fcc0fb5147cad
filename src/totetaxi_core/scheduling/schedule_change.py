"""What staff want of the schedule: each change makes the next schedule of the present one."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import date, time, timedelta
from typing import Final, TypeAlias

from totetaxi_core.refusal import FieldFault, InvalidInputError
from totetaxi_core.scheduling.holidays import HolidayCalendar
from totetaxi_core.scheduling.schedule import Schedule
from totetaxi_core.weekday import Weekday

ScheduleChange: TypeAlias = Callable[[Schedule], Schedule]
MOST_DATES: Final = 366


@dataclass(frozen=True, slots=True, kw_only=True)
class ScheduleSettings:
    """What is None stays. Of the crews by date and weekday only those named change.

    None as a number of crews takes the exception back: the date or weekday has the usual number.
    """

    opens_at: time | None = None
    last_pickup_at: time | None = None
    crew_day_ends_at: time | None = None
    closed_weekdays: frozenset[Weekday] | None = None
    closes_on_federal_holidays: bool | None = None
    same_day_allowed: bool | None = None
    notice_cutoff_at: time | None = None
    horizon_days: int | None = None
    default_crews: int | None = None
    crews_by_date: Mapping[date, int | None] = field(default_factory=dict)
    crews_by_weekday: Mapping[Weekday, int | None] = field(default_factory=dict)

    def apply(self, schedule: Schedule) -> Schedule:
        """Return the schedule with these settings.

        Raises:
            InvalidInputError: with a fault per setting that is out of range or order.
        """
        crews = ("crews_by_date", "crews_by_weekday")
        plain = {
            one.name: getattr(self, one.name)
            for one in fields(self)
            if one.name not in crews and getattr(self, one.name) is not None
        }
        by_date = {**schedule.crews_by_date, **self.crews_by_date}
        by_weekday = {**schedule.crews_by_weekday, **self.crews_by_weekday}
        return replace(
            schedule,
            **plain,
            crews_by_date={on: n for on, n in by_date.items() if n is not None},
            crews_by_weekday={day: n for day, n in by_weekday.items() if n is not None},
        )


def dates_from(start: date, end: date | None, *, today: date) -> tuple[date, ...]:
    """Return the dates from `start` to `end`, both included, or `start` alone.

    Raises:
        InvalidInputError: they begin before today, end before they begin, or are too many.
    """
    last = start if end is None else end
    if start < today:
        raise _bad("start_date", "past", f"{start} is past")
    if last < start:
        raise _bad("end_date", "out_of_order", "must not be before start_date")
    days = (last - start).days + 1
    if days > MOST_DATES:
        raise _bad("end_date", "out_of_range", f"at most {MOST_DATES} days at a time")
    return tuple(start + timedelta(days=number) for number in range(days))


def closing(dates: Collection[date], *, reason: str) -> ScheduleChange:
    """Return the change that closes these dates, for a reason that staff see."""

    def change(schedule: Schedule) -> Schedule:
        return replace(
            schedule,
            closed_dates=schedule.closed_dates.union(dates),
            closing_reasons={**schedule.closing_reasons, **dict.fromkeys(dates, reason)},
            open_dates=schedule.open_dates.difference(dates),
        )

    return change


def opening(dates: Collection[date], *, holidays: HolidayCalendar) -> ScheduleChange:
    """Return the change that opens these dates, though weekday or holiday would close them."""

    def change(schedule: Schedule) -> Schedule:
        reasons = {on: why for on, why in schedule.closing_reasons.items() if on not in dates}
        closed_else = (
            on
            for on in dates
            if schedule.is_closed_weekday(on)
            or (schedule.closes_on_federal_holidays and holidays.is_holiday(on))
        )
        return replace(
            schedule,
            closed_dates=schedule.closed_dates.difference(dates),
            closing_reasons=reasons,
            open_dates=schedule.open_dates.union(closed_else),
        )

    return change


def _bad(name: str, code: str, message: str) -> InvalidInputError:
    return InvalidInputError([FieldFault(field=name, code=code, message=message)])
