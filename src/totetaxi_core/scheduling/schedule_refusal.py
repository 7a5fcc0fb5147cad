"""Why the schedule would refuse a pickup."""

from collections.abc import Iterator
from datetime import date, datetime, time, tzinfo
from enum import StrEnum

from totetaxi_core.scheduling.holidays import HolidayCalendar
from totetaxi_core.scheduling.moment import Moment
from totetaxi_core.scheduling.schedule import Schedule


class ScheduleRefusal(StrEnum):
    """In the order in which they are listed. Source: docs/scheduling.md, "Why a date is refused".

    At most one of the first four holds. Any of the rest may stand beside it.
    """

    PAST = "past"
    SAME_DAY = "same_day"
    NOTICE = "notice"
    HORIZON = "horizon"
    WEEKEND = "weekend"
    HOLIDAY = "holiday"
    CLOSED = "closed"
    OUTSIDE_PICKUP_HOURS = "outside_pickup_hours"


def refusals(
    schedule: Schedule,
    pickup_date: date,
    pickup_time: time,
    *,
    now: datetime,
    zone: tzinfo,
    holidays: HolidayCalendar,
) -> tuple[ScheduleRefusal, ...]:
    """Return every reason to refuse a customer this pickup, in the order of `ScheduleRefusal`.

    Pickup date and time are those of the business's `zone`; `now` is any aware instant.
    """
    moment = Moment.of(now, zone=zone)
    found = date_refusals(schedule, pickup_date, moment=moment, holidays=holidays)
    if schedule.same_day_allowed and time_has_passed(pickup_date, pickup_time, moment=moment):
        found = (ScheduleRefusal.PAST, *found)
    if not schedule.takes_pickup_at(pickup_time):
        found = (*found, ScheduleRefusal.OUTSIDE_PICKUP_HOURS)
    return found


def date_refusals(
    schedule: Schedule, pickup_date: date, *, moment: Moment, holidays: HolidayCalendar
) -> tuple[ScheduleRefusal, ...]:
    """Return every reason to refuse the date, whatever the time of the pickup."""
    return (
        *_distance_refusals(schedule, pickup_date, moment=moment),
        *closure_refusals(schedule, pickup_date, holidays=holidays),
    )


def time_has_passed(pickup_date: date, pickup_time: time, *, moment: Moment) -> bool:
    """Tell whether the pickup was due earlier today. A date before today is `past` as a whole."""
    return pickup_date == moment.today and moment.has_reached(pickup_date, pickup_time)


def _distance_refusals(
    schedule: Schedule, pickup_date: date, *, moment: Moment
) -> Iterator[ScheduleRefusal]:
    days_ahead = (pickup_date - moment.today).days
    if days_ahead < 0:
        yield ScheduleRefusal.PAST
    elif days_ahead == 0 and not schedule.same_day_allowed:
        yield ScheduleRefusal.SAME_DAY
    elif days_ahead == 1 and _notice_is_too_short(schedule, moment=moment):
        yield ScheduleRefusal.NOTICE
    elif days_ahead > schedule.horizon_days:
        yield ScheduleRefusal.HORIZON


def _notice_is_too_short(schedule: Schedule, *, moment: Moment) -> bool:
    """Tell whether tomorrow can no longer be booked: never where today itself could be."""
    cutoff_has_come = moment.has_reached(moment.today, schedule.notice_cutoff_at)
    return cutoff_has_come and not schedule.same_day_allowed


def closure_refusals(
    schedule: Schedule, pickup_date: date, *, holidays: HolidayCalendar
) -> Iterator[ScheduleRefusal]:
    """Yield why the date is closed, however far ahead it is."""
    is_opened = pickup_date in schedule.open_dates
    if schedule.is_closed_weekday(pickup_date) and not is_opened:
        yield ScheduleRefusal.WEEKEND
    is_kept = schedule.closes_on_federal_holidays and not is_opened
    if is_kept and holidays.is_holiday(pickup_date):
        yield ScheduleRefusal.HOLIDAY
    if pickup_date in schedule.closed_dates:
        yield ScheduleRefusal.CLOSED
