from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from tests.core.scheduling.fixed_holidays import FixedHolidays
from tests.core.scheduling.in_memory_crews import InMemoryUnitOfWork
from totetaxi_core.refusal import InvalidInputError
from totetaxi_core.scheduling.availability import DayAvailability, availability
from totetaxi_core.scheduling.crews import CrewCount, SlotUnavailableError
from totetaxi_core.scheduling.list_availability import list_availability
from totetaxi_core.scheduling.occupancy import half_hours
from totetaxi_core.scheduling.schedule import Schedule

NEW_YORK = ZoneInfo("America/New_York")
TUESDAY = date(2026, 12, 1)
THURSDAY = date(2026, 12, 3)
TUESDAY_9H = datetime(2026, 12, 1, 9, tzinfo=NEW_YORK)
CHRISTMAS = date(2026, 12, 25)
HOLIDAYS = FixedHolidays(frozenset({CHRISTMAS}))
HOUSE_RULES = Schedule()
DAY_END = HOUSE_RULES.crew_day_ends_at


def days(
    start: date,
    end: date | None = None,
    *,
    taken: Mapping[tuple[date, int], CrewCount] | None = None,
    estimated_hours: int = 2,
    schedule: Schedule = HOUSE_RULES,
    now: datetime = TUESDAY_9H,
) -> tuple[DayAvailability, ...]:
    return availability(
        schedule,
        taken or {},
        start=start,
        end=end or start,
        estimated_hours=estimated_hours,
        now=now,
        zone=NEW_YORK,
        holidays=HOLIDAYS,
    )


def crews_left(day: DayAvailability) -> dict[str, int]:
    return {f"{slot.time:%H:%M}": slot.crews_left for slot in day.slots}


def test_given_an_untouched_date_when_listed_then_all_eleven_starts_have_three_crews() -> None:
    (day,) = days(THURSDAY)

    assert day.open
    assert [slot.time for slot in day.slots] == [
        time(hour, minute) for hour in range(7, 13) for minute in (0, 30)
    ][:11]
    assert {slot.crews_left for slot in day.slots} == {3}


async def test_given_one_booking_when_listed_then_the_starts_that_meet_it_have_one_less() -> None:
    uow = InMemoryUnitOfWork()
    await uow.crews.take(THURSDAY, half_hours(time(7, 10), 2, crew_day_ends_at=DAY_END), crews=3)

    (day,) = days(THURSDAY, taken=uow.crews.counts)

    assert crews_left(day) == {
        "07:00": 2,
        "07:30": 2,
        "08:00": 2,
        "08:30": 2,
        "09:00": 2,
        "09:30": 3,
        "10:00": 3,
        "10:30": 3,
        "11:00": 3,
        "11:30": 3,
        "12:00": 3,
    }


async def test_given_every_crew_taken_at_ten_when_listed_then_what_would_cross_it_has_none() -> (
    None
):
    uow = InMemoryUnitOfWork()
    ten = half_hours(time(10), 1, crew_day_ends_at=DAY_END)
    for _ in range(3):
        await uow.crews.take(THURSDAY, ten, crews=3)

    (day,) = days(THURSDAY, taken=uow.crews.counts)
    with pytest.raises(SlotUnavailableError) as refused:
        await uow.crews.take(THURSDAY, ten, crews=3)

    left = crews_left(day)
    assert [at for at, crews in left.items() if crews == 0] == [
        "08:30",
        "09:00",
        "09:30",
        "10:00",
        "10:30",
    ]
    assert left["08:00"] == left["11:00"] == 3
    assert refused.value.code == "slot_unavailable"
    assert str(refused.value) == "no crew is free from 10:00 on Thursday, December 3, 2026"


def test_given_a_week_when_listed_then_each_closed_date_says_why_and_has_no_slots() -> None:
    schedule = Schedule(closed_dates=frozenset({date(2026, 12, 3), date(2026, 12, 5)}))

    listed = days(date(2026, 11, 30), date(2026, 12, 6), schedule=schedule)

    assert [(day.date.day, day.open, day.reason, len(day.slots)) for day in listed] == [
        (30, False, "past", 0),
        (1, False, "same_day", 0),
        (2, True, None, 11),
        (3, False, "closed", 0),
        (4, True, None, 11),
        (5, False, "weekend", 0),
        (6, False, "weekend", 0),
    ]


def test_given_new_crews_when_a_date_was_touched_then_only_untouched_dates_follow() -> None:
    schedule = Schedule(default_crews=5)
    taken = {(THURSDAY, 14): CrewCount(1, 3)}

    touched, untouched = days(
        THURSDAY, THURSDAY + timedelta(days=1), taken=taken, schedule=schedule
    )

    assert set(crews_left(touched).values()) == {2, 3}
    assert set(crews_left(untouched).values()) == {5}


def test_given_same_day_is_allowed_when_today_is_listed_then_only_starts_to_come_are() -> None:
    schedule = Schedule(same_day_allowed=True)

    (at_9h,) = days(TUESDAY, schedule=schedule)
    (at_noon,) = days(TUESDAY, schedule=schedule, now=TUESDAY_9H.replace(hour=12))

    assert at_9h.slots[0].time == time(9, 30)
    assert (at_noon.open, at_noon.reason, at_noon.slots) == (False, "past", ())


def test_given_hours_off_the_half_hour_when_listed_then_starts_lie_within_them() -> None:
    schedule = Schedule(opens_at=time(7, 10), last_pickup_at=time(8, 50))

    (day,) = days(THURSDAY, schedule=schedule)

    assert [slot.time for slot in day.slots] == [time(7, 30), time(8), time(8, 30)]


async def test_given_a_long_job_taken_when_listed_then_it_holds_its_crew_until_eight() -> None:
    uow = InMemoryUnitOfWork()
    long_job = half_hours(time(12), 10, crew_day_ends_at=DAY_END)
    await uow.crews.take(THURSDAY, long_job, crews=1)

    (day,) = days(THURSDAY, taken=uow.crews.counts, estimated_hours=1)

    assert long_job.stop == 40
    assert crews_left(day)["12:00"] == 0
    assert crews_left(day)["11:30"] == 0
    assert crews_left(day)["11:00"] == 1


async def test_given_a_crew_released_when_listed_then_it_is_free_again() -> None:
    uow = InMemoryUnitOfWork()
    window = half_hours(time(9), 2, crew_day_ends_at=DAY_END)
    await uow.crews.take(THURSDAY, window, crews=1)

    await uow.crews.release(THURSDAY, window)
    (day,) = days(THURSDAY, taken=uow.crews.counts)

    assert set(crews_left(day).values()) == {1}


async def test_given_bookings_when_the_use_case_lists_then_it_answers_what_the_crews_say() -> None:
    uow = InMemoryUnitOfWork()
    await uow.crews.take(THURSDAY, range(14, 19), crews=3)

    listed = await list_availability(
        uow,
        start=TUESDAY,
        end=THURSDAY,
        estimated_hours=2,
        schedule=HOUSE_RULES,
        now=TUESDAY_9H,
        zone=NEW_YORK,
        holidays=HOLIDAYS,
    )

    assert listed == days(TUESDAY, THURSDAY, taken=uow.crews.counts)
    assert crews_left(listed[2])["07:00"] == 2


@pytest.mark.parametrize(
    ("end", "code"),
    [
        (THURSDAY - timedelta(days=1), "out_of_order"),
        (THURSDAY + timedelta(days=62), "out_of_range"),
        (date.max, "out_of_range"),
    ],
)
async def test_given_a_bad_range_when_listed_then_it_is_refused_before_the_database(
    end: date, code: str
) -> None:
    uow = InMemoryUnitOfWork()

    with pytest.raises(InvalidInputError) as refused:
        await list_availability(
            uow,
            start=THURSDAY,
            end=end,
            estimated_hours=2,
            schedule=HOUSE_RULES,
            now=TUESDAY_9H,
            zone=NEW_YORK,
            holidays=HOLIDAYS,
        )

    assert [(fault.field, fault.code) for fault in refused.value.faults] == [("end_date", code)]
    assert uow.entered == 0


@pytest.mark.parametrize("start", [THURSDAY, date.max - timedelta(days=61), date.min])
def test_given_sixty_two_days_when_listed_then_all_are_there(start: date) -> None:
    listed = days(start, start + timedelta(days=61))

    assert len(listed) == 62
    assert listed[-1].date == start + timedelta(days=61)
