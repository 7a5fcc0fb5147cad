from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from tests.core.scheduling.fixed_holidays import FixedHolidays
from totetaxi_core.scheduling.schedule import Schedule
from totetaxi_core.scheduling.schedule_refusal import refusals

NEW_YORK = ZoneInfo("America/New_York")
TUESDAY_15H = datetime(2026, 12, 1, 15, tzinfo=NEW_YORK)
CHRISTMAS = date(2026, 12, 25)
HOLIDAYS = FixedHolidays(frozenset({CHRISTMAS, date(2027, 7, 4)}))
HOUSE_RULES = Schedule()


def codes(
    pickup_date: date,
    pickup_time: time = time(9),
    *,
    schedule: Schedule = HOUSE_RULES,
    now: datetime = TUESDAY_15H,
) -> list[str]:
    found = refusals(schedule, pickup_date, pickup_time, now=now, zone=NEW_YORK, holidays=HOLIDAYS)
    return [refusal.value for refusal in found]


@pytest.mark.parametrize(
    ("pickup_date", "expected"),
    [
        (date(2026, 11, 30), ["past"]),
        (date(2026, 11, 29), ["past", "weekend"]),
        (date(2026, 12, 1), ["same_day"]),
        (date(2026, 12, 2), []),
        (date(2026, 12, 5), ["weekend"]),
        (date(2026, 12, 6), ["weekend"]),
        (CHRISTMAS, ["holiday"]),
        (date(2027, 5, 28), []),
        (date(2027, 5, 30), ["weekend"]),
        (date(2027, 5, 31), ["horizon"]),
        (date(2027, 7, 4), ["horizon", "weekend", "holiday"]),
        (date.min, ["past"]),
        (date.max, ["horizon"]),
    ],
)
def test_given_the_house_rules_when_a_date_is_asked_then_every_reason_is_listed_in_order(
    pickup_date: date, expected: list[str]
) -> None:
    assert codes(pickup_date) == expected


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        (datetime(2026, 12, 1, 17, 59, 59, 999_999, tzinfo=NEW_YORK), []),
        (datetime(2026, 12, 1, 18, tzinfo=NEW_YORK), ["notice"]),
        (datetime(2026, 12, 1, 22, 59, 59, tzinfo=UTC), []),
        (datetime(2026, 12, 1, 23, tzinfo=UTC), ["notice"]),
        (datetime(2026, 12, 2, 4, 59, 59, tzinfo=UTC), ["notice"]),
        (datetime(2026, 12, 2, 5, tzinfo=UTC), ["same_day"]),
        (datetime(2026, 12, 3, 4, 59, tzinfo=UTC), ["same_day"]),
        (datetime(2026, 12, 3, 5, tzinfo=UTC), ["past"]),
    ],
)
def test_given_a_wednesday_when_its_eve_passes_18h_in_new_york_then_notice_is_too_short(
    now: datetime, expected: list[str]
) -> None:
    wednesday = date(2026, 12, 2)

    found = codes(wednesday, now=now)

    assert found == expected


def test_given_a_friday_evening_when_monday_is_asked_then_it_may_still_be_booked() -> None:
    friday_23h = datetime(2026, 12, 4, 23, tzinfo=NEW_YORK)

    found = codes(date(2026, 12, 7), now=friday_23h)

    assert found == []


def test_given_today_when_its_pickup_time_has_passed_then_it_is_still_same_day() -> None:
    today = TUESDAY_15H.date()

    found = codes(today, time(7))

    assert found == ["same_day"]


def test_given_same_day_is_allowed_when_today_is_asked_then_only_times_to_come_pass() -> None:
    schedule = Schedule(same_day_allowed=True)
    at_9h = datetime(2026, 12, 1, 9, tzinfo=NEW_YORK)

    found = [codes(at_9h.date(), time(h), schedule=schedule, now=at_9h) for h in (8, 9, 10)]

    assert found == [["past"], ["past"], []]


def test_given_same_day_is_allowed_when_tomorrow_is_asked_late_then_it_needs_no_notice() -> None:
    schedule = Schedule(same_day_allowed=True)
    at_19h = TUESDAY_15H.replace(hour=19)

    found = codes(date(2026, 12, 2), schedule=schedule, now=at_19h)

    assert found == []


def test_given_same_day_is_allowed_when_yesterday_is_asked_then_past_is_listed_once() -> None:
    schedule = Schedule(same_day_allowed=True)

    found = codes(date(2026, 11, 30), schedule=schedule)

    assert found == ["past"]


@pytest.mark.parametrize("at", [time(6, 59), time(12, 1), time(9, 0, 30), time(23)])
def test_given_a_time_outside_hours_when_asked_then_it_stands_beside_the_date(at: time) -> None:
    found = codes(date(2026, 12, 5), at)

    assert found == ["weekend", "outside_pickup_hours"]


def test_given_an_edited_schedule_when_asked_then_its_settings_rule() -> None:
    schedule = Schedule(
        closed_weekdays=frozenset(),
        closes_on_federal_holidays=False,
        closed_dates=frozenset({date(2026, 12, 3), date(2026, 12, 5)}),
        notice_cutoff_at=time(14),
        horizon_days=10,
    )
    december = {day: codes(date(2026, 12, day), schedule=schedule) for day in (2, 3, 5, 6, 11, 12)}

    christmas = codes(CHRISTMAS, schedule=schedule)

    assert christmas == ["horizon"]
    assert december == {2: ["notice"], 3: ["closed"], 5: ["closed"], 6: [], 11: [], 12: ["horizon"]}


def test_given_a_naive_now_when_asked_then_it_is_an_error() -> None:
    naive = TUESDAY_15H.replace(tzinfo=None)

    with pytest.raises(ValueError, match="aware"):
        codes(date(2026, 12, 2), now=naive)


def test_given_an_hour_the_clock_repeats_when_the_cutoff_lies_in_it_then_it_stays_reached() -> None:
    schedule = Schedule(notice_cutoff_at=time(1, 30))
    monday = date(2026, 11, 2)
    first_0130 = datetime(2026, 11, 1, 5, 30, tzinfo=UTC)

    found = [
        codes(monday, schedule=schedule, now=first_0130 + timedelta(minutes=minutes))
        for minutes in (-1, 0, 45, 60)
    ]
    second_0115 = datetime(2026, 11, 1, 1, 15, tzinfo=NEW_YORK, fold=1)
    found_by_wall_clock = codes(monday, schedule=schedule, now=second_0115)

    assert found == [[], ["notice"], ["notice"], ["notice"]]
    assert found_by_wall_clock == ["notice"]
