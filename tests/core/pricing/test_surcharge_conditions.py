from dataclasses import replace
from datetime import date, time

import pytest

from tests.core.price_book.small_document import Document, rule, small_book
from tests.core.pricing.sample_requests import (
    BLADE,
    DELIVERY,
    MINI_MOVE,
    ORGANIZING,
    SATURDAY,
    TUESDAY,
    asking,
    surcharges_of,
)
from totetaxi_core import QuoteRequest, quote


def matches(request: QuoteRequest, **conditions: object) -> bool:
    book = small_book(surcharge_rules=[rule("a", **conditions)])
    return surcharges_of(quote(request, book)) == [("a", 100)]


@pytest.mark.parametrize(
    ("conditions", "pickup_time", "expected"),
    [
        ({"time_start": "09:00", "time_end": "10:00"}, time(8, 59), False),
        ({"time_start": "09:00", "time_end": "10:00"}, time(9, 0), True),
        ({"time_start": "09:00", "time_end": "10:00"}, time(9, 59), True),
        ({"time_start": "09:00", "time_end": "10:00"}, time(10, 0), False),
        ({"time_end": "12:00"}, time(12, 0), False),
        ({"time_end": "12:00"}, time(11, 59), True),
        ({"time_start": "12:00"}, time(12, 0), True),
        ({"time_start": "12:00"}, time(11, 59), False),
        ({"time_end": "12:01"}, time(12, 0), True),
        ({"time_end": "23:59"}, time(0, 0), True),
        ({"time_start": "23:59:00"}, time(23, 59), True),
        ({"time_end": "09:30"}, time(9, 29, 59), True),
    ],
)
def test_given_a_time_of_day_when_quoted_then_its_end_is_outside(
    conditions: Document, pickup_time: time, *, expected: bool
) -> None:
    request = replace(MINI_MOVE, pickup_time=pickup_time)

    assert matches(request, **conditions) is expected


@pytest.mark.parametrize(
    ("conditions", "pickup_date", "expected"),
    [
        ({"date_from": "2026-12-01", "date_to": "2026-12-03"}, date(2026, 11, 30), False),
        ({"date_from": "2026-12-01", "date_to": "2026-12-03"}, date(2026, 12, 1), True),
        ({"date_from": "2026-12-01", "date_to": "2026-12-03"}, date(2026, 12, 3), True),
        ({"date_from": "2026-12-01", "date_to": "2026-12-03"}, date(2026, 12, 4), False),
        ({"date_from": "2026-12-01", "date_to": "2026-12-01"}, TUESDAY, True),
        ({"date_from": "2026-12-02"}, TUESDAY, False),
        ({"date_to": "2026-11-30"}, TUESDAY, False),
        ({"date_to": "9999-12-31"}, date.max, True),
        ({"date_from": "0001-01-01"}, date.min, True),
        ({}, date.max, True),
        ({"date_from": "2024-02-29", "date_to": "2024-02-29"}, date(2024, 2, 29), True),
    ],
)
def test_given_dates_when_quoted_then_both_ends_are_inside(
    conditions: Document, pickup_date: date, *, expected: bool
) -> None:
    request = replace(MINI_MOVE, pickup_date=pickup_date)

    assert matches(request, **conditions) is expected


@pytest.mark.parametrize(("offset", "day"), [(0, "tuesday"), (1, "wednesday"), (5, "sunday")])
def test_given_a_weekday_when_quoted_then_only_that_day_matches(offset: int, day: str) -> None:
    request = replace(MINI_MOVE, pickup_date=date(2026, 12, 1 + offset))

    assert matches(request, weekdays=[day])
    assert matches(request, weekdays=["friday", day])
    assert not matches(request, weekdays=["monday", "saturday"])


@pytest.mark.parametrize("request_", [MINI_MOVE, DELIVERY, ORGANIZING, BLADE])
@pytest.mark.parametrize("stated", [None, "all", "own", "other"])
def test_given_a_service_when_quoted_then_all_and_its_own_rules_match(
    request_: QuoteRequest, stated: str | None
) -> None:
    service = request_.service_type.value
    other = "mini_move" if service != "mini_move" else "blade_delivery"

    found = matches(
        request_, service_type={"own": service, "other": other}.get(str(stated), stated)
    )

    assert found is (stated != "other")


@pytest.mark.parametrize(
    ("conditions", "expected"),
    [
        ({"zip_codes": ["10001"]}, True),
        ({"zip_codes": ["11937"]}, True),
        ({"zip_codes": ["10002"]}, False),
        ({"zones": ["shore"]}, True),
        ({"zones": ["west"]}, False),
        ({"zones": ["west", "city"]}, True),
        ({"zip_codes": ["10002"], "zones": ["shore"]}, True),  # ZIPs and zones are one condition
        ({"zip_codes": ["11937"], "zones": ["west"]}, True),
    ],
)
def test_given_places_when_quoted_then_pickup_or_delivery_is_enough(
    conditions: Document, *, expected: bool
) -> None:
    request = replace(MINI_MOVE, pickup_zip="10001-4321", delivery_zip="11937-0001")

    assert matches(request, **conditions) is expected


def test_given_several_conditions_when_any_fails_then_the_rule_does_not_match() -> None:
    conditions: Document = {
        "service_type": "mini_move",
        "time_start": "09:00",
        "time_end": "10:00",
        "date_from": "2026-12-01",
        "date_to": "2026-12-05",
        "weekdays": ["tuesday"],
        "zones": ["shore"],
    }
    others = [
        asking(DELIVERY, item_count=1),
        replace(MINI_MOVE, pickup_time=time(10, 0)),
        replace(MINI_MOVE, pickup_date=SATURDAY),
        replace(MINI_MOVE, pickup_date=date(2026, 12, 8)),
        replace(MINI_MOVE, delivery_zip="07302"),
    ]

    found = [matches(request, **conditions) for request in (MINI_MOVE, *others)]

    assert found == [True, False, False, False, False, False]


def test_given_a_rule_not_per_address_when_both_match_then_it_charges_once() -> None:
    request = replace(MINI_MOVE, pickup_zip="07302")

    assert matches(request, zones=["shore", "west"])
