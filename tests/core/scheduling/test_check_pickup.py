from datetime import date, datetime, time
from zoneinfo import ZoneInfo

import pytest

from tests.core.scheduling.fixed_holidays import FixedHolidays
from totetaxi_core.refusal import FieldFault, InvalidInputError
from totetaxi_core.scheduling.check_pickup import check_pickup
from totetaxi_core.scheduling.schedule import Schedule
from totetaxi_core.scheduling.schedule_override import ScheduleOverride

NEW_YORK = ZoneInfo("America/New_York")
TUESDAY_8H = datetime(2026, 12, 1, 8, tzinfo=NEW_YORK)
TUESDAY_19H = datetime(2026, 12, 1, 19, tzinfo=NEW_YORK)
HOLIDAYS = FixedHolidays(frozenset({date(2026, 12, 25)}))
SCHEDULE = Schedule(closed_dates=frozenset({date(2026, 12, 24)}))
OVERRIDE = ScheduleOverride(reason="the client's flight was moved")


def faults_of(
    pickup_date: date,
    pickup_time: time = time(9),
    *,
    now: datetime = TUESDAY_19H,
    override: ScheduleOverride | None = None,
) -> tuple[FieldFault, ...]:
    try:
        check_pickup(
            SCHEDULE,
            pickup_date,
            pickup_time,
            now=now,
            zone=NEW_YORK,
            holidays=HOLIDAYS,
            override=override,
        )
    except InvalidInputError as refused:
        return refused.faults
    return ()


def test_given_an_open_morning_when_checked_then_it_passes() -> None:
    faults = faults_of(date(2026, 12, 3))

    assert faults == ()


@pytest.mark.parametrize(
    ("pickup_date", "pickup_time", "field", "code", "message"),
    [
        (
            date(2026, 11, 30),
            time(9),
            "pickup_date",
            "past",
            "09:00 on Monday, November 30, 2026 has passed",
        ),
        (
            date(2026, 12, 1),
            time(9),
            "pickup_date",
            "same_day",
            "Tuesday, December 1, 2026 is today; the earliest pickup is tomorrow",
        ),
        (
            date(2026, 12, 2),
            time(9),
            "pickup_date",
            "notice",
            "Wednesday, December 2, 2026 is tomorrow, which can be booked only before 18:00 today",
        ),
        (
            date(2027, 5, 31),
            time(9),
            "pickup_date",
            "horizon",
            "Monday, May 31, 2027 is more than 180 days ahead",
        ),
        (
            date(2026, 12, 5),
            time(9),
            "pickup_date",
            "weekend",
            "Saturday, December 5, 2026 is a Saturday, when we are closed",
        ),
        (
            date(2026, 12, 25),
            time(9),
            "pickup_date",
            "holiday",
            "Friday, December 25, 2026 is a federal holiday, when we are closed",
        ),
        (
            date(2026, 12, 24),
            time(9),
            "pickup_date",
            "closed",
            "we are closed on Thursday, December 24, 2026",
        ),
        (
            date(2026, 12, 3),
            time(12, 1),
            "pickup_time",
            "outside_pickup_hours",
            "pickups are at whole minutes from 07:00 to 12:00",
        ),
    ],
)
def test_given_one_reason_to_refuse_when_checked_then_its_fault_says_so(
    pickup_date: date, pickup_time: time, field: str, code: str, message: str
) -> None:
    faults = faults_of(pickup_date, pickup_time)

    assert faults == (FieldFault(field=field, code=code, message=message),)


def test_given_two_reasons_when_checked_then_both_are_named() -> None:
    faults = faults_of(date(2026, 12, 5), time(6))

    assert [(fault.field, fault.code) for fault in faults] == [
        ("pickup_date", "weekend"),
        ("pickup_time", "outside_pickup_hours"),
    ]


@pytest.mark.parametrize(
    "pickup_date",
    [
        date(2026, 12, 2),
        date(2027, 5, 31),
        date(2026, 12, 5),
        date(2026, 12, 25),
        date(2026, 12, 24),
    ],
)
def test_given_an_override_when_staff_book_a_closed_date_then_it_passes(pickup_date: date) -> None:
    without = faults_of(pickup_date)

    faults = faults_of(pickup_date, override=OVERRIDE)

    assert without != ()
    assert faults == ()


def test_given_an_override_when_staff_book_today_then_only_a_time_to_come_passes() -> None:
    today = TUESDAY_8H.date()

    later = faults_of(today, time(8, 1), now=TUESDAY_8H, override=OVERRIDE)
    earlier = faults_of(today, time(7, 59), now=TUESDAY_8H, override=OVERRIDE)

    assert later == ()
    assert [fault.code for fault in earlier] == ["past"]


def test_given_an_override_when_staff_book_the_past_or_odd_hours_then_it_is_refused() -> None:
    yesterday = faults_of(date(2026, 11, 30), override=OVERRIDE)
    at_noon_and_one = faults_of(date(2026, 12, 5), time(12, 1), override=OVERRIDE)

    codes = [[fault.code for fault in faults] for faults in (yesterday, at_noon_and_one)]

    assert codes == [["past"], ["outside_pickup_hours"]]


def test_given_same_day_and_an_override_when_the_time_has_passed_then_past_is_named_once() -> None:
    schedule = Schedule(same_day_allowed=True)

    with pytest.raises(InvalidInputError) as refused:
        check_pickup(
            schedule,
            TUESDAY_8H.date(),
            time(7, 30),
            now=TUESDAY_8H,
            zone=NEW_YORK,
            holidays=HOLIDAYS,
            override=OVERRIDE,
        )

    assert [fault.code for fault in refused.value.faults] == ["past"]


@pytest.mark.parametrize("reason", ["", "  \n", "x" * 501])
def test_given_no_fit_reason_when_an_override_is_made_then_it_is_refused(reason: str) -> None:
    with pytest.raises(InvalidInputError) as refused:
        ScheduleOverride(reason=reason)

    assert refused.value.field == "reason"
