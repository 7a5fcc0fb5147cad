from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta

import pytest

from totetaxi_adapters.holidays import FederalHolidayCalendar
from totetaxi_core.scheduling.holidays import HolidayCalendar


def holidays_of(year: int) -> list[str]:
    calendar: HolidayCalendar = FederalHolidayCalendar()
    first = date(year, 1, 1)
    length = (date(year + 1, 1, 1) - first).days
    dates = (first + timedelta(days=n) for n in range(length))
    return [f"{on:%m-%d}" for on in dates if calendar.is_holiday(on)]


EXPECTED = {
    2026: """01-01 01-19 02-16 05-25 06-19 07-03 07-04 09-07 10-12 11-11 11-26 12-25""",
    2027: """01-01 01-18 02-15 05-31 06-18 06-19 07-04 07-05 09-06 10-11 11-11 11-25 12-24
             12-25 12-31""",
    2028: """01-01 01-17 02-21 05-29 06-19 07-04 09-04 10-09 11-10 11-11 11-23 12-25""",
}


@pytest.mark.parametrize(("year", "expected"), EXPECTED.items())
def test_given_a_year_when_asked_then_real_and_observed_days_are_holidays(
    year: int, expected: str
) -> None:
    assert holidays_of(year) == expected.split()


def test_given_holidays_of_new_york_state_alone_when_asked_then_they_are_not_federal() -> None:
    lincolns_birthday, election_day = date(2026, 2, 12), date(2026, 11, 3)

    calendar = FederalHolidayCalendar()

    assert not calendar.is_holiday(lincolns_birthday)
    assert not calendar.is_holiday(election_day)


@pytest.mark.parametrize("on", [date.min, date(1700, 7, 4), date(9999, 12, 25), date.max])
def test_given_a_year_the_package_does_not_know_when_asked_then_it_has_no_holiday(on: date) -> None:
    assert not FederalHolidayCalendar().is_holiday(on)


def test_given_many_threads_when_they_ask_for_new_years_at_once_then_all_agree() -> None:
    calendar = FederalHolidayCalendar()
    christmases = [date(year, 12, 25) for year in range(1950, 2101)] * 4

    with ThreadPoolExecutor(8) as threads:
        answers = list(threads.map(calendar.is_holiday, christmases))

    assert all(answers)


def test_given_a_holiday_when_named_then_it_is_told_whether_it_is_only_observed() -> None:
    calendar = FederalHolidayCalendar()

    names = [calendar.name_of(on) for on in (date(2026, 11, 26), date(2027, 7, 5))]

    assert names == ["Thanksgiving Day", "Independence Day (observed)"]
    assert calendar.name_of(date(2026, 11, 27)) is None
