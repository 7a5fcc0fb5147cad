"""Refuse a booking whose pickup the schedule does not allow."""

from collections.abc import Mapping
from datetime import date, datetime, time, tzinfo

from totetaxi_core.refusal import FieldFault, InvalidInputError
from totetaxi_core.scheduling.holidays import HolidayCalendar
from totetaxi_core.scheduling.long_date import long_date
from totetaxi_core.scheduling.moment import Moment
from totetaxi_core.scheduling.schedule import Schedule
from totetaxi_core.scheduling.schedule_override import ScheduleOverride
from totetaxi_core.scheduling.schedule_refusal import ScheduleRefusal, refusals, time_has_passed
from totetaxi_core.weekday import weekday_of

MESSAGES: Mapping[ScheduleRefusal, str] = {
    ScheduleRefusal.PAST: "{time:%H:%M} on {day} has passed",
    ScheduleRefusal.SAME_DAY: "{day} is today; the earliest pickup is tomorrow",
    ScheduleRefusal.NOTICE: "{day} is tomorrow, which can be booked only"
    " before {schedule.notice_cutoff_at:%H:%M} today",
    ScheduleRefusal.HORIZON: "{day} is more than {schedule.horizon_days} days ahead",
    ScheduleRefusal.WEEKEND: "{day} is a {weekday}, when we are closed",
    ScheduleRefusal.HOLIDAY: "{day} is a federal holiday, when we are closed",
    ScheduleRefusal.CLOSED: "we are closed on {day}",
    ScheduleRefusal.OUTSIDE_PICKUP_HOURS: "pickups are at whole minutes"
    " from {schedule.opens_at:%H:%M} to {schedule.last_pickup_at:%H:%M}",
}


def check_pickup(
    schedule: Schedule,
    pickup_date: date,
    pickup_time: time,
    *,
    now: datetime,
    zone: tzinfo,
    holidays: HolidayCalendar,
    override: ScheduleOverride | None = None,
) -> None:
    """Let the pickup pass, or refuse it with every reason. Crews are not looked at.

    Raises:
        InvalidInputError: with a fault per reason on `pickup_date` or `pickup_time`,
            whose code is the `ScheduleRefusal`.
    """
    found = refusals(schedule, pickup_date, pickup_time, now=now, zone=zone, holidays=holidays)
    if override is not None:
        found = tuple(refusal for refusal in found if not override.lifts(refusal))
        moment = Moment.of(now, zone=zone)
        if time_has_passed(pickup_date, pickup_time, moment=moment):
            found = tuple(dict.fromkeys((ScheduleRefusal.PAST, *found)))
    if found:
        raise InvalidInputError(
            tuple(_fault(refusal, schedule, pickup_date, pickup_time) for refusal in found)
        )


def _fault(
    refusal: ScheduleRefusal, schedule: Schedule, pickup_date: date, pickup_time: time
) -> FieldFault:
    on_time = refusal is ScheduleRefusal.OUTSIDE_PICKUP_HOURS
    return FieldFault(
        field="pickup_time" if on_time else "pickup_date",
        code=refusal.value,
        message=_message(refusal, schedule, pickup_date, pickup_time),
    )


def _message(
    refusal: ScheduleRefusal, schedule: Schedule, pickup_date: date, pickup_time: time
) -> str:
    return MESSAGES[refusal].format(
        day=long_date(pickup_date),
        time=pickup_time,
        weekday=weekday_of(pickup_date).capitalize(),
        schedule=schedule,
    )
