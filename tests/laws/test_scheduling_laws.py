import asyncio
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from tests.core.scheduling.fixed_holidays import FixedHolidays
from tests.core.scheduling.in_memory_crews import InMemoryCrews
from totetaxi_core.scheduling.availability import DayAvailability, availability
from totetaxi_core.scheduling.crews import CrewCount, SlotUnavailableError
from totetaxi_core.scheduling.occupancy import half_hours
from totetaxi_core.scheduling.schedule import Schedule
from totetaxi_core.scheduling.schedule_refusal import ScheduleRefusal, refusals
from totetaxi_core.weekday import Weekday

NEW_YORK = ZoneInfo("America/New_York")
NO_HOLIDAYS = FixedHolidays()
HOUSE_RULES = Schedule()
DAY_END = HOUSE_RULES.crew_day_ends_at
DAY_END_MINUTE = 20 * 60
THURSDAY = date(2026, 12, 3)
TUESDAY_9H = datetime(2026, 12, 1, 9, tzinfo=NEW_YORK)
SPRING_FORWARD, FALL_BACK = date(2027, 3, 14), date(2026, 11, 1)
BY_NEARNESS = (None, ScheduleRefusal.NOTICE, ScheduleRefusal.SAME_DAY, ScheduleRefusal.PAST)

clock_minutes = st.integers(0, 24 * 60 - 1)
pickup_minutes = st.integers(7 * 60, 12 * 60)
durations = st.integers(1, 14)
bookings = st.lists(st.tuples(pickup_minutes, durations), max_size=12)
dates = st.dates(date(2026, 1, 1), date(2028, 12, 31)) | st.builds(
    lambda day, shift: day + timedelta(days=shift),
    st.sampled_from([SPRING_FORWARD, FALL_BACK]),
    st.integers(-1, 2),
)


@st.composite
def schedules(draw: st.DrawFn) -> Schedule:
    opens, last, ends = sorted(draw(st.lists(clock_minutes, min_size=3, max_size=3, unique=True)))
    crews = st.integers(0, 99)
    closed = draw(st.frozensets(dates, max_size=5))
    return Schedule(
        opens_at=at_minute(opens),
        last_pickup_at=at_minute(last),
        crew_day_ends_at=at_minute(ends),
        closed_weekdays=draw(st.frozensets(st.sampled_from(Weekday))),
        closes_on_federal_holidays=draw(st.booleans()),
        closed_dates=closed,
        closing_reasons={on: draw(st.text(max_size=200)) for on in sorted(closed)[:2]},
        open_dates=draw(st.frozensets(dates, max_size=5)) - closed,
        same_day_allowed=draw(st.booleans()),
        notice_cutoff_at=at_minute(draw(clock_minutes)),
        horizon_days=draw(st.integers(1, 1_095)),
        default_crews=draw(crews),
        crews_by_date=draw(st.dictionaries(dates, crews, max_size=5)),
        crews_by_weekday=draw(st.dictionaries(st.sampled_from(Weekday), crews)),
    )


def at_minute(minute: int) -> time:
    return time(*divmod(minute, 60))


def take(crews: InMemoryCrews, minute: int, hours: int, *, of: int) -> bool:
    """Take one crew on the Thursday if there is one, and tell whether there was."""
    window = half_hours(at_minute(minute), hours, crew_day_ends_at=DAY_END)
    try:
        asyncio.run(crews.take(THURSDAY, window, crews=of))
    except SlotUnavailableError:
        return False
    return True


def crews_left(counts: dict[tuple[date, int], CrewCount], *, hours: int, of: int) -> list[int]:
    (day,) = thursday(counts, hours=hours, schedule=Schedule(default_crews=of))
    return [slot.crews_left for slot in day.slots]


def thursday(
    counts: dict[tuple[date, int], CrewCount], *, hours: int, schedule: Schedule
) -> tuple[DayAvailability, ...]:
    return availability(
        schedule,
        counts,
        start=THURSDAY,
        end=THURSDAY,
        estimated_hours=hours,
        now=TUESDAY_9H,
        zone=NEW_YORK,
        holidays=NO_HOLIDAYS,
    )


@given(minute=pickup_minutes, hours=durations)
def test_given_a_booking_when_rounded_outward_then_it_is_covered_with_no_half_hour_to_spare(
    minute: int, hours: int
) -> None:
    end = min(minute + hours * 60, DAY_END_MINUTE)

    busy = half_hours(at_minute(minute), hours, crew_day_ends_at=DAY_END)

    assert busy.start * 30 <= minute
    assert end <= busy.stop * 30
    assert all(n * 30 < end and minute < (n + 1) * 30 for n in busy)


@given(booked=bookings, hours=durations, crews=st.integers(0, 4))
def test_given_any_bookings_when_listed_then_crews_left_are_never_negative_nor_above_all(
    booked: list[tuple[int, int]], hours: int, crews: int
) -> None:
    calendar = InMemoryCrews()
    for minute, length in booked:
        take(calendar, minute, length, of=crews)

    left = crews_left(calendar.counts, hours=hours, of=crews)

    assert len(left) == 11
    assert all(0 <= count <= crews for count in left)


@given(booked=bookings, start=st.integers(0, 10), hours=durations, crews=st.integers(0, 4))
def test_given_any_bookings_when_a_start_is_listed_then_it_can_be_taken_just_so_often(
    booked: list[tuple[int, int]], start: int, hours: int, crews: int
) -> None:
    calendar = InMemoryCrews()
    for minute, length in booked:
        take(calendar, minute, length, of=crews)
    promised = crews_left(calendar.counts, hours=hours, of=crews)[start]

    taken = sum(take(calendar, 7 * 60 + start * 30, hours, of=crews) for _ in range(crews + 1))

    assert taken == promised


@given(minute=pickup_minutes, length=durations, hours=durations)
def test_given_an_empty_date_when_one_booking_comes_then_just_the_starts_that_meet_it_lose_one(
    minute: int, length: int, hours: int
) -> None:
    calendar = InMemoryCrews()
    take(calendar, minute, length, of=3)
    end = min(minute + length * 60, DAY_END_MINUTE)
    busy_from, busy_to = minute // 30 * 30, -(-end // 30) * 30

    left = crews_left(calendar.counts, hours=hours, of=3)

    starts = range(7 * 60, 12 * 60 + 1, 30)
    meets = [start < busy_to and busy_from < start + hours * 60 for start in starts]
    assert left == [2 if met else 3 for met in meets]


@given(
    schedule=schedules(),
    pickup_date=dates,
    minute=clock_minutes,
    ahead=st.timedeltas(timedelta(days=-2), timedelta(days=4)),
    wait=st.timedeltas(timedelta(0), timedelta(days=3))
    | st.timedeltas(timedelta(0), timedelta(hours=2)),
)
def test_given_a_pickup_when_time_goes_on_then_its_refusals_only_grow_graver(
    schedule: Schedule, pickup_date: date, minute: int, ahead: timedelta, wait: timedelta
) -> None:
    pickup_time = at_minute(minute)
    pickup_at = datetime.combine(pickup_date, pickup_time, tzinfo=NEW_YORK).astimezone(UTC)

    early, late = (
        set(
            refusals(
                schedule, pickup_date, pickup_time, now=now, zone=NEW_YORK, holidays=NO_HOLIDAYS
            )
        )
        for now in (pickup_at - ahead, pickup_at - ahead + wait)
    )

    assert nearness(early) <= nearness(late)
    lasting = set(ScheduleRefusal) - set(BY_NEARNESS) - {ScheduleRefusal.HORIZON}
    assert early & lasting == late & lasting


def nearness(found: set[ScheduleRefusal]) -> int:
    (rank,) = [BY_NEARNESS.index(code) for code in found if code in BY_NEARNESS] or [0]
    return rank


@given(schedule=schedules(), today=dates, minute=clock_minutes, ahead=st.integers(-400, 1_500))
def test_given_any_day_when_a_date_is_asked_then_the_horizon_is_the_last_one_open(
    schedule: Schedule, today: date, minute: int, ahead: int
) -> None:
    now = datetime.combine(today, at_minute(minute), tzinfo=NEW_YORK)

    found = refusals(
        schedule,
        today + timedelta(days=ahead),
        time(9),
        now=now,
        zone=NEW_YORK,
        holidays=NO_HOLIDAYS,
    )

    assert (ScheduleRefusal.HORIZON in found) == (ahead > schedule.horizon_days)


@given(schedule=schedules())
def test_given_any_schedule_when_written_and_read_then_it_is_the_same(schedule: Schedule) -> None:
    document = schedule.to_document()

    read = Schedule.from_document(document)

    assert read == schedule


@given(schedule=schedules(), hours=durations)
def test_given_any_schedule_when_a_date_is_listed_then_each_start_could_be_booked(
    schedule: Schedule, hours: int
) -> None:
    (day,) = thursday({}, hours=hours, schedule=schedule)

    found = {
        slot.time: refusals(
            schedule, THURSDAY, slot.time, now=TUESDAY_9H, zone=NEW_YORK, holidays=NO_HOLIDAYS
        )
        for slot in day.slots
    }
    assert all(codes == () for codes in found.values())
    assert day.open or not day.slots
