from datetime import UTC, date, datetime, timedelta, timezone

from tests.builders import NOW
from totetaxi_adapters.memory.clock import SettableClock
from totetaxi_adapters.memory.holidays import MemoryHolidayCalendar


def test_given_a_clock_when_advanced_or_set_then_it_stands_at_that_instant_in_utc() -> None:
    clock = SettableClock(NOW.astimezone(timezone(timedelta(hours=-5))))

    start, later = clock(), clock.advance(timedelta(hours=1))
    standing = clock()
    clock.set(datetime(2026, 12, 1, 9, 0, tzinfo=timezone(timedelta(hours=-5))))

    assert (start, later, standing) == (NOW, NOW + timedelta(hours=1), NOW + timedelta(hours=1))
    assert start.tzinfo is UTC
    assert clock() == datetime(2026, 12, 1, 14, 0, tzinfo=UTC)


def test_given_dates_when_asked_then_these_alone_are_holidays() -> None:
    holidays = MemoryHolidayCalendar([date(2026, 11, 26)])

    assert holidays.is_holiday(date(2026, 11, 26))
    assert not holidays.is_holiday(date(2026, 11, 27))
