from dataclasses import replace

import pytest

from tests.core.price_book.small_document import Document, id_of, rule, share_rule, small_book
from tests.core.pricing.sample_requests import (
    DELIVERY,
    MINI_MOVE,
    ORGANIZING,
    asking,
    lines_of,
    pieces,
    surcharges_of,
)
from totetaxi_core import QuoteRequest, quote


def test_given_a_rule_of_both_time_and_place_when_quoted_then_it_charges_once() -> None:
    book = small_book(surcharge_rules=[rule("a", time_start="07:00", zip_codes=["11937"])])

    priced = quote(MINI_MOVE, book)

    assert lines_of(priced)[1:] == [("geographic_surcharge", "a", 100)]


@pytest.mark.parametrize(
    ("pickup_zip", "delivery_zip", "quantity"),
    [
        ("10001", "10001", 0),
        ("10001", "11937", 1),
        ("07302-1111", "10001", 1),
        ("07302", "11937", 2),
        ("07302", "07302", 2),
    ],
)
def test_given_a_rule_per_address_when_quoted_then_each_address_counts(
    pickup_zip: str, delivery_zip: str, quantity: int
) -> None:
    rules = [share_rule("a", 1_250, zones=["shore", "west"], per_address=True)]
    request = replace(MINI_MOVE, pickup_zip=pickup_zip, delivery_zip=delivery_zip)

    lines = quote(request, small_book(surcharge_rules=rules)).lines[1:]

    unit_cents = 1_250  # 12.5 % of 10,001 is 1,250.125: rounded before it is multiplied
    assert [(line.amount_cents, line.quantity, line.unit_cents) for line in lines] == (
        [(unit_cents * quantity, quantity, unit_cents)] if quantity else []
    )


def test_given_organizing_alone_when_a_rule_counts_addresses_then_there_is_one() -> None:
    book = small_book(surcharge_rules=[rule("a", zones=["city"], per_address=True)])

    priced = quote(ORGANIZING, book)

    assert surcharges_of(priced) == [("a", 100)]


def test_given_a_percentage_when_quoted_then_the_base_line_alone_is_its_measure() -> None:
    book = small_book(surcharge_rules=[rule("flat"), share_rule("a", 1_999)])
    request = asking(MINI_MOVE, specialty_items=pieces("bike"), include_packing=True)

    priced = quote(request, book)

    assert surcharges_of(priced) == [("flat", 100), ("a", 1_999)]  # 1,999.1999
    assert priced.lines[-1].rate_bp == 1_999
    assert priced.lines[-2].rate_bp is None


@pytest.mark.parametrize("request_", [ORGANIZING, asking(DELIVERY, specialty_items=pieces("bike"))])
def test_given_no_base_when_a_percentage_matches_then_there_is_no_line(
    request_: QuoteRequest,
) -> None:
    priced = quote(request_, small_book(surcharge_rules=[share_rule("a", 5_000)]))

    assert surcharges_of(priced) == []


def test_given_a_rule_by_the_hour_when_quoted_then_all_hours_of_the_booking_count() -> None:
    book = small_book(surcharge_rules=[rule("a", kind="per_hour")])
    visits = (id_of("pack"), id_of("unpack"))

    alone = quote(MINI_MOVE, book)
    together = quote(asking(MINI_MOVE, organizing_service_ids=visits), book)

    assert surcharges_of(alone) == [("a", 200)]
    assert surcharges_of(together) == [("a", 1_100)]


def test_given_a_rule_by_the_hour_and_address_when_quoted_then_both_multiply() -> None:
    conditions: Document = {"kind": "per_hour", "zones": ["city", "shore"], "per_address": True}

    priced = quote(MINI_MOVE, small_book(surcharge_rules=[rule("a", **conditions)]))

    assert surcharges_of(priced) == [("a", 400)]


@pytest.mark.parametrize(
    ("rules", "expected"),
    [
        # the higher priority, though it is smaller and later
        ([rule("big", amount_cents=900), rule("high", priority=1)], "high"),
        ([rule("low", amount_cents=900, priority=-5), rule("none")], "none"),
        # then the larger line
        ([rule("a", amount_cents=100), rule("b", amount_cents=101)], "b"),
        # which is the finished one: hours and addresses multiplied
        ([rule("a", amount_cents=199), rule("b", kind="per_hour", amount_cents=100)], "b"),
        (
            [
                rule("a", amount_cents=199),
                rule("b", amount_cents=100, zones=["city", "shore"], per_address=True),
            ],
            "b",
        ),
        ([rule("a", amount_cents=1_001), share_rule("b", 1_001)], "a"),  # 1,001.1 is 1,001
        # then the earlier slug, whatever the book's order
        ([rule("b"), rule("a")], "a"),
        ([rule("a-b"), rule("a"), rule("a-a")], "a"),
        # and only among those that match
        ([rule("gone", priority=9, is_active=False), rule("a")], "a"),
        ([rule("sunday", priority=9, weekdays=["sunday"]), rule("a")], "a"),
    ],
)
def test_given_an_exclusive_group_when_several_match_then_one_stays(
    rules: list[Document], expected: str
) -> None:
    grouped = [{**each, "exclusive_group": "dates"} for each in rules]

    priced = quote(MINI_MOVE, small_book(surcharge_rules=grouped))

    assert [slug for slug, _ in surcharges_of(priced)] == [expected]


def test_given_two_groups_and_free_rules_when_quoted_then_each_group_chooses_alone() -> None:
    rules = [
        rule("a", exclusive_group="x"),
        rule("b"),
        rule("c", exclusive_group="y"),
        rule("d", exclusive_group="x", priority=1),
        rule("e"),
        rule("f", exclusive_group="y"),
    ]

    priced = quote(MINI_MOVE, small_book(surcharge_rules=rules))

    assert [slug for slug, _ in surcharges_of(priced)] == ["b", "c", "d", "e"]


def test_given_a_group_whose_winner_is_free_when_quoted_then_nobody_is_charged() -> None:
    rules = [
        rule("free", amount_cents=0, exclusive_group="x", priority=1),
        rule("dear", exclusive_group="x"),
    ]

    priced = quote(MINI_MOVE, small_book(surcharge_rules=rules))

    assert surcharges_of(priced) == []


def test_given_a_group_across_kinds_when_a_place_wins_over_a_time_then_one_line_is_left() -> None:
    rules = [
        rule("time", time_start="07:00", exclusive_group="x"),
        rule("place", amount_cents=101, zones=["shore"], exclusive_group="x"),
    ]

    priced = quote(MINI_MOVE, small_book(surcharge_rules=rules))

    assert lines_of(priced)[1:] == [("geographic_surcharge", "place", 101)]


def test_given_rules_of_both_kinds_when_quoted_then_times_come_first_in_the_books_order() -> None:
    rules = [
        rule("z-place", zones=["shore"]),
        rule("z-time", time_start="07:00"),
        rule("a-place", zip_codes=["10001"]),
        rule("a-time"),
        rule("free", amount_cents=0),
    ]

    priced = quote(MINI_MOVE, small_book(surcharge_rules=rules))

    assert lines_of(priced)[1:] == [
        ("time_surcharge", "z-time", 100),
        ("time_surcharge", "a-time", 100),
        ("geographic_surcharge", "z-place", 100),
        ("geographic_surcharge", "a-place", 100),
    ]
    assert [line.rule_id for line in priced.lines[1:3]] == [id_of("z-time"), id_of("a-time")]


def test_given_two_books_of_like_rules_when_quoted_in_turn_then_neither_answers_for_the_other() -> (
    None
):
    cheap = small_book(surcharge_rules=[rule("a")])
    dear = small_book(surcharge_rules=[rule("a", amount_cents=700)])

    totals = [quote(MINI_MOVE, book).total_cents for book in (cheap, dear, cheap, dear)]

    assert totals == [10_101, 10_701, 10_101, 10_701]
