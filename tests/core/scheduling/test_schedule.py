from collections.abc import Mapping
from datetime import UTC, date, time
from typing import cast

import pytest

from totetaxi_core.refusal import InvalidInputError
from totetaxi_core.scheduling.schedule import Schedule
from totetaxi_core.weekday import Weekday

TUESDAY = date(2026, 12, 1)
HOUSE_RULES = {
    "opens_at": "07:00",
    "last_pickup_at": "12:00",
    "crew_day_ends_at": "20:00",
    "closed_weekdays": ["saturday", "sunday"],
    "closes_on_federal_holidays": True,
    "closed_dates": [],
    "closing_reasons": {},
    "open_dates": [],
    "same_day_allowed": False,
    "notice_cutoff_at": "18:00",
    "horizon_days": 180,
    "default_crews": 3,
    "crews_by_date": {},
    "crews_by_weekday": {},
}


def faults_of(document: object) -> dict[str, str]:
    with pytest.raises(InvalidInputError) as refused:
        Schedule.from_document(document)
    return {fault.field: fault.code for fault in refused.value.faults}


def test_given_an_empty_document_when_read_then_it_is_the_house_rules() -> None:
    document: Mapping[str, object] = {}

    schedule = Schedule.from_document(document)

    assert schedule == Schedule()
    assert schedule.to_document() == HOUSE_RULES


def test_given_a_document_with_every_setting_when_read_and_written_then_it_is_unchanged() -> None:
    document = {
        "opens_at": "06:30",
        "last_pickup_at": "13:15",
        "crew_day_ends_at": "21:00",
        "closed_weekdays": ["monday", "sunday"],
        "closes_on_federal_holidays": False,
        "closed_dates": ["2026-12-24", "2027-01-02"],
        "closing_reasons": {"2026-12-24": "the yard is painted"},
        "open_dates": ["2026-12-06"],
        "same_day_allowed": True,
        "notice_cutoff_at": "16:45",
        "horizon_days": 90,
        "default_crews": 2,
        "crews_by_date": {"2026-12-22": 5},
        "crews_by_weekday": {"friday": 4},
    }

    written = Schedule.from_document(document).to_document()

    assert written == document


def test_given_one_bad_value_per_setting_when_read_then_each_is_named_by_its_path() -> None:
    document = {
        "opens_at": "7:00",
        "closing_reasons": {"2026-12-24": 7, "soon": "x"},
        "open_dates": ["2026-13-01"],
        "last_pickup_at": 12,
        "crew_day_ends_at": "24:00",
        "closed_weekdays": ["monday", "Sunday", 7, "monday"],
        "closes_on_federal_holidays": "yes",
        "closed_dates": ["2026-02-30", "20261224", None],
        "same_day_allowed": 1,
        "notice_cutoff_at": "18:00:30",
        "horizon_days": True,
        "default_crews": 2.0,
        "crews_by_date": {"2026-13-01": 2, "2026-12-01": "3", "2026-12-02": -1},
        "crews_by_weekday": ["friday"],
        "opens": "07:00",
    }

    codes = faults_of(document)

    assert set(codes) == {
        "opens_at",
        "last_pickup_at",
        "crew_day_ends_at",
        "closed_weekdays.1",
        "closed_weekdays.2",
        "closed_weekdays.3",
        "closes_on_federal_holidays",
        "closed_dates.0",
        "closed_dates.1",
        "closed_dates.2",
        "closing_reasons.2026-12-24",
        "closing_reasons.soon",
        "open_dates.0",
        "same_day_allowed",
        "notice_cutoff_at",
        "horizon_days",
        "default_crews",
        "crews_by_date.2026-13-01",
        "crews_by_date.2026-12-01",
        "crews_by_date.2026-12-02",
        "crews_by_weekday",
        "opens",
    }
    assert codes["opens"] == "unknown_field"
    assert codes["closed_weekdays.3"] == "duplicate"
    assert codes["crews_by_date.2026-12-02"] == "out_of_range"


@pytest.mark.parametrize(
    ("document", "field"),
    [
        ({"opens_at": "12:01"}, "last_pickup_at"),
        ({"last_pickup_at": "20:00"}, "crew_day_ends_at"),
        ({"horizon_days": 0}, "horizon_days"),
        ({"horizon_days": 1_096}, "horizon_days"),
        ({"default_crews": -1}, "default_crews"),
        ({"default_crews": 100}, "default_crews"),
        ({"crews_by_weekday": {"friday": 100}}, "crews_by_weekday.friday"),
        ({"crews_by_weekday": {"freitag": 1}}, "crews_by_weekday.freitag"),
        ({"closing_reasons": {"2026-12-24": "snow"}}, "closing_reasons.2026-12-24"),
        ({"closed_dates": ["2026-12-24"], "open_dates": ["2026-12-24"]}, "open_dates"),
        ([], ""),
        (None, ""),
    ],
)
def test_given_a_setting_out_of_range_when_read_then_it_alone_is_named(
    document: object, field: str
) -> None:
    codes = faults_of(document)

    assert list(codes) == [field]


def test_given_a_misspelt_time_when_read_then_the_times_around_it_are_not_blamed() -> None:
    document = {"opens_at": "six", "last_pickup_at": "06:30"}

    codes = faults_of(document)

    assert list(codes) == ["opens_at"]


@pytest.mark.parametrize("at", [time(7, 0, 1), time(7, 0, 0, 1), time(7, tzinfo=UTC)])
def test_given_a_time_finer_than_a_minute_or_zoned_when_built_then_it_is_refused(at: time) -> None:
    with pytest.raises(InvalidInputError) as refused:
        Schedule(notice_cutoff_at=at)

    assert refused.value.field == "notice_cutoff_at"


def test_given_crews_by_date_and_weekday_when_asked_then_the_narrower_one_counts() -> None:
    schedule = Schedule(
        default_crews=3,
        crews_by_weekday={Weekday.TUESDAY: 4},
        crews_by_date={TUESDAY: 0},
    )

    crews = [schedule.crews_on(date(2026, 12, day)) for day in (1, 8, 9)]

    assert crews == [0, 4, 3]


def test_given_a_schedule_when_its_crews_are_edited_in_place_then_it_stays_as_it_was() -> None:
    crews = {TUESDAY: 2}
    schedule = Schedule(crews_by_date=crews)

    crews[TUESDAY] = 9
    with pytest.raises(TypeError):
        cast("dict[date, int]", schedule.crews_by_date)[TUESDAY] = 9

    assert schedule.crews_on(TUESDAY) == 2


@pytest.mark.parametrize(
    ("at", "taken"),
    [
        (time(6, 59), False),
        (time(7), True),
        (time(7, 1), True),
        (time(12), True),
        (time(12, 0, 1), False),
        (time(12, 1), False),
        (time(9, 30, 15), False),
        (time(9, 30, 0, 1), False),
        (time(0), False),
    ],
)
def test_given_the_house_rules_when_a_time_is_asked_then_whole_minutes_from_7_to_12_pass(
    at: time,
    taken: bool,  # noqa: FBT001  the expected outcome of the case
) -> None:
    schedule = Schedule()

    assert schedule.takes_pickup_at(at) is taken
