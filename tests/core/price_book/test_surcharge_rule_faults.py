from math import inf, nan

import pytest

from tests.core.price_book.document_faults import faults_with, rule_faults
from tests.core.price_book.small_document import Document, share_rule


@pytest.mark.parametrize("bad", [True, 1.0, 1.5, "1", nan, inf, [], {}])
def test_given_no_whole_number_when_cents_are_read_then_the_type_is_wrong(bad: object) -> None:
    assert rule_faults(amount_cents=bad) == [("amount_cents", "wrong_type")]


@pytest.mark.parametrize("bad", [-1, 100_000_001, 10**400])
def test_given_cents_out_of_all_measure_when_read_then_they_are_out_of_range(bad: int) -> None:
    assert rule_faults(amount_cents=bad) == [("amount_cents", "out_of_range")]


@pytest.mark.parametrize(
    ("name", "bad"),
    [
        ("date_from", "2026-02-30"),
        ("date_from", "2026-1-1"),
        ("date_from", "20260101"),
        ("date_from", "2026-W49-2"),
        ("date_to", "12/01/2026"),
        ("date_to", 20_261_201),
        ("time_start", "9:30"),
        ("time_start", "09:30:01"),
        ("time_start", "0930"),
        ("time_start", "0930Z"),
        ("time_start", "T0930"),
        ("time_end", "24:00"),
        ("time_end", "09:30+00:00"),
        ("time_end", 930),
        ("id", "20a06cc3"),
        ("id", "{20a06cc3-030b-5e19-a4a5-9213f7fbca46}"),
        ("id", "20a06cc3030b5e19a4a59213f7fbca46"),
        ("id", 7),
        ("is_active", 1),
        ("is_active", "yes"),
        ("per_address", "true"),
        ("slug", 7),
        ("name", ["a"]),
        ("kind", 1),
        ("service_type", True),
        ("weekdays", "monday"),
        ("zip_codes", {"10001": 1}),
        ("zones", 3),
    ],
)
def test_given_a_value_of_another_kind_when_read_then_the_type_is_wrong(
    name: str, bad: object
) -> None:
    assert (name, "wrong_type") in rule_faults(**{name: bad})


@pytest.mark.parametrize(
    ("fields", "fault"),
    [
        ({"zip_codes": []}, ("zip_codes", "empty")),
        ({"zones": []}, ("zones", "empty")),
        ({"weekdays": []}, ("weekdays", "empty")),
        ({"zones": ["Manhattan"]}, ("zones.0", "unknown_zone")),
        ({"zip_codes": ["10001", "1000"]}, ("zip_codes.1", "invalid_zip")),
        ({"zip_codes": ["10001-1234"]}, ("zip_codes.0", "invalid_zip")),
        ({"zip_codes": ["10001", "10001"]}, ("zip_codes.1", "duplicate")),
        ({"kind": "free"}, ("kind", "invalid_choice")),
        ({"service_type": "taxi"}, ("service_type", "invalid_choice")),
        ({"time_start": "10:00", "time_end": "10:00"}, ("time_end", "out_of_order")),
        ({"time_start": "10:00", "time_end": "09:00"}, ("time_end", "out_of_order")),
        ({"time_end": "00:00"}, ("time_end", "out_of_order")),
        ({"date_from": "2026-12-02", "date_to": "2026-12-01"}, ("date_to", "out_of_order")),
        ({"per_address": True}, ("per_address", "not_applicable")),
        ({"rate_bp": 100}, ("rate_bp", "unknown_field")),
        ({"exclusive_group": "  "}, ("exclusive_group", "blank")),
        ({"name": "x" * 501}, ("name", "too_long")),
        ({"name": "a\0b"}, ("name", "unstorable")),
        ({"name": "\ud800"}, ("name", "unstorable")),
    ],
)
def test_given_a_rule_that_can_never_hold_when_read_then_its_fault_is_the_only_one(
    fields: Document, fault: tuple[str, str]
) -> None:
    assert rule_faults(**fields) == [fault]


def test_given_faults_in_a_list_when_read_then_each_keeps_its_own_place() -> None:
    found = rule_faults(weekdays=["monday", 5, "monday", "someday"])

    assert found == [
        ("weekdays.1", "wrong_type"),
        ("weekdays.2", "duplicate"),
        ("weekdays.3", "invalid_choice"),
    ]


def test_given_a_share_with_cents_when_read_then_the_cents_are_unknown() -> None:
    found = faults_with(surcharge_rules=[share_rule("a", 100, amount_cents=5)])

    assert found == [("surcharge_rules.0.amount_cents", "unknown_field")]
