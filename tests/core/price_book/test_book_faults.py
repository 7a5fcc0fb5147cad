from copy import deepcopy
from math import inf, nan

import pytest

from tests.core.price_book.document_faults import faults_of, faults_with
from tests.core.price_book.small_document import (
    Document,
    code,
    entry,
    rule,
    small_document,
    tax,
)


def test_given_a_good_document_when_read_then_there_is_no_fault() -> None:
    assert faults_of(small_document()) == []


def test_given_many_faults_when_read_then_each_is_named_in_one_pass() -> None:
    document: Document = small_document(
        title="",
        currency="EUR",
        colour="blue",
        surcharge_rules=[
            rule("a", amount_cents=-1, zones=["city", "nowhere"]),
            rule("b", date_from="2026-02-30", weekdays=["monday", "someday"]),
            {},
        ],
        tax_rules=[tax("t", 10_001, "base", "tips")],
    )
    del document["fees"]["coi_cents"]
    document["mini_move_packages"][1]["base_price_cents"] = True
    document["points"]["10001"]["latitude"] = nan

    found = faults_of(document)

    assert sorted(found) == [
        ("colour", "unknown_field"),
        ("currency", "invalid_choice"),
        ("fees.coi_cents", "missing"),
        ("mini_move_packages.1.base_price_cents", "wrong_type"),
        ("points.10001.latitude", "out_of_range"),
        ("surcharge_rules.0.amount_cents", "out_of_range"),
        ("surcharge_rules.0.zones.1", "unknown_zone"),
        ("surcharge_rules.1.date_from", "wrong_type"),
        ("surcharge_rules.1.weekdays.1", "invalid_choice"),
        ("surcharge_rules.2.amount_cents", "missing"),
        ("surcharge_rules.2.id", "missing"),
        ("surcharge_rules.2.kind", "missing"),
        ("surcharge_rules.2.name", "missing"),
        ("surcharge_rules.2.slug", "missing"),
        ("tax_rules.0.line_kinds.1", "invalid_choice"),
        ("tax_rules.0.rate_bp", "out_of_range"),
        ("title", "blank"),
    ]


@pytest.mark.parametrize("document", [None, [], "book", 7, True, nan])
def test_given_no_object_when_read_then_that_is_the_one_fault(document: object) -> None:
    assert faults_of(document) == [("", "wrong_type")]


@pytest.mark.parametrize("bad", [7, "x", [], None])
def test_given_an_entry_that_is_no_object_when_read_then_its_fields_are_not_missed(
    bad: object,
) -> None:
    assert faults_with(surcharge_rules=[bad]) == [("surcharge_rules.0", "wrong_type")]


@pytest.mark.parametrize(
    ("name", "path"),
    [("title", "title"), ("service_area", "service_area")],
)
@pytest.mark.parametrize("given_null", [True, False])
def test_given_a_required_field_null_or_absent_when_read_then_it_is_missing(
    name: str, path: str, *, given_null: bool
) -> None:
    document = small_document()

    if given_null:
        document[name] = None
    else:
        del document[name]

    assert faults_of(document) == [(path, "missing")]


@pytest.mark.parametrize("name", ["fees", "standard_delivery"])
def test_given_a_required_section_absent_when_read_then_each_of_its_fields_is_missing(
    name: str,
) -> None:
    document = small_document()

    del document[name]

    found = faults_of(document)
    assert found
    assert {fault_code for _, fault_code in found} == {"missing"}
    assert {path.split(".")[0] for path, _ in found} == {name}


@pytest.mark.parametrize("bad", [nan, inf, -inf, 90.1, -91, 10**400, -(10**400)])
def test_given_a_place_off_the_earth_when_read_then_it_is_out_of_range(bad: float) -> None:
    document = small_document()

    document["points"]["10001"]["latitude"] = bad

    assert faults_of(document) == [("points.10001.latitude", "out_of_range")]


@pytest.mark.parametrize("bad", [True, "40.7", None, []])
def test_given_no_number_when_a_point_is_read_then_it_is_named(bad: object) -> None:
    document = small_document()

    document["points"]["07302"]["longitude"] = bad

    expected = "missing" if bad is None else "wrong_type"
    assert faults_of(document) == [("points.07302.longitude", expected)]


@pytest.mark.parametrize(
    "name",
    [
        "mini_move_packages",
        "organizing_services",
        "specialty_items",
        "blade_services",
    ],
)
def test_given_an_entry_twice_when_read_then_both_id_and_slug_are_named(name: str) -> None:
    document = small_document()

    document[name] = [*document[name], deepcopy(document[name][0])]

    last = len(document[name]) - 1
    assert faults_of(document) == [
        (f"{name}.{last}.id", "duplicate"),
        (f"{name}.{last}.slug", "duplicate"),
    ]


def test_given_twins_among_rules_taxes_and_codes_when_read_then_each_is_named() -> None:
    found = faults_with(
        surcharge_rules=[rule("a"), entry("b", kind="fixed", amount_cents=1) | {"slug": "a"}],
        tax_rules=[tax("t", 1, "base"), tax("t", 2, "addon")],
        discount_codes=[code("Save"), code("sAVE")],
    )

    assert found == [
        ("tax_rules.1.id", "duplicate"),
        ("surcharge_rules.1.slug", "duplicate"),
        ("tax_rules.1.slug", "duplicate"),
        ("discount_codes.1.code", "duplicate"),
    ]


def test_given_two_entries_without_id_and_slug_when_read_then_they_are_no_twins() -> None:
    found = faults_with(tax_rules=[{"name": "T", "rate_bp": 1, "line_kinds": ["base"]}] * 2)

    assert found == [
        ("tax_rules.0.id", "missing"),
        ("tax_rules.0.slug", "missing"),
        ("tax_rules.1.id", "missing"),
        ("tax_rules.1.slug", "missing"),
    ]


@pytest.mark.parametrize(
    ("zones", "faults"),
    [
        ({"city": []}, [("zones.city", "empty")]),
        ({"city": None}, [("zones.city", "empty")]),
        ({"city": "10001"}, [("zones.city", "wrong_type")]),
        ({"city": ["1"]}, [("zones.city.0", "invalid_zip")]),
        ({"city": ["10001", 10_002]}, [("zones.city.1", "wrong_type")]),
        ({"city": ["10001"], "": ["10002"]}, [("zones", "invalid_name")]),
        ({"city": ["10001"], "a\0": ["10002"]}, [("zones.a\0", "invalid_name")]),
    ],
)
def test_given_bad_zones_when_read_then_each_is_named(
    zones: Document, faults: list[tuple[str, str]]
) -> None:
    found = faults_with(zones=zones, service_area=["city"])

    assert found == faults


def test_given_zones_that_are_no_object_when_read_then_every_use_of_one_is_unknown() -> None:
    found = faults_with(zones=["city"], service_area=["city"])

    assert found == [("zones", "wrong_type"), ("service_area.0", "unknown_zone")]


@pytest.mark.parametrize(
    ("tiers", "faults"),
    [
        ([(24, 5_000), (48, 10_000)], ["1.notice_hours", "1.refund_bp"]),
        ([(48, 10_000), (48, 5_000)], ["1.notice_hours"]),
        ([(48, 5_000), (24, 6_000)], ["1.refund_bp"]),
    ],
)
def test_given_cancellation_tiers_out_of_order_when_read_then_each_is_named(
    tiers: list[tuple[int, int]], faults: list[str]
) -> None:
    terms = [{"notice_hours": hours, "refund_bp": share} for hours, share in tiers]

    found = faults_with(cancellation_terms=terms)

    assert found == [(f"cancellation_terms.{fault}", "out_of_order") for fault in faults]


@pytest.mark.parametrize(
    ("fields", "fault"),
    [
        ({"valid_from": "2026-12-01"}, ("valid_from", "wrong_type")),
        ({"valid_from": "2026-12-01T10:00:00"}, ("valid_from", "wrong_type")),
        (
            {"valid_from": "2026-12-01T10:00:00Z", "valid_until": "2026-12-01T05:00:00-05:00"},
            ("valid_until", "out_of_order"),
        ),
        ({"code": " SAVE"}, ("code", "untrimmed")),
        ({"code": "x" * 51}, ("code", "too_long")),
        ({"kind": "percentage", "amount_cents": None}, ("rate_bp", "missing")),
        ({"service_types": ["all"]}, ("service_types.0", "invalid_choice")),
        ({"max_uses": -1}, ("max_uses", "out_of_range")),
    ],
)
def test_given_a_bad_code_when_read_then_its_field_is_named(
    fields: Document, fault: tuple[str, str]
) -> None:
    found = faults_with(discount_codes=[code("SAVE") | fields])

    assert (f"discount_codes.0.{fault[0]}", fault[1]) in found


@pytest.mark.parametrize("bad", [None, []])
def test_given_a_tax_on_nothing_when_read_then_it_is_refused(bad: object) -> None:
    found = faults_with(tax_rules=[tax("t", 1) | {"line_kinds": bad}])

    assert found == [("tax_rules.0.line_kinds", "missing" if bad is None else "empty")]


def test_given_broken_unicode_in_a_name_of_a_field_when_read_then_the_fault_can_be_written() -> (
    None
):
    found = faults_with(**{"\ud800": 1})

    assert [field.encode() for field, _ in found] == [b"?"]
