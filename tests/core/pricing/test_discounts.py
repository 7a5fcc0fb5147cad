from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest

from tests.core.price_book.small_document import (
    Document,
    code,
    id_of,
    rule,
    share_code,
    small_book,
    tax,
)
from tests.core.pricing.sample_requests import MINI_MOVE, asking, codes_of, lines_of, pieces
from totetaxi_core import InvalidInputError, LineKind, PriceAdjustment, Quote, quote
from totetaxi_core.pricing.reductions import DISCOUNT_UNAVAILABLE

NOON = datetime(2026, 11, 1, 12, tzinfo=UTC)
SECOND = timedelta(seconds=1)
BIKE = asking(MINI_MOVE, specialty_items=pieces("bike"), discount_code="SAVE")  # 11,112 cents


def quoted(entry: Document, *, typed: str = "SAVE", at: datetime | None = NOON) -> Quote:
    return quote(replace(BIKE, discount_code=typed), small_book(discount_codes=[entry]), at=at)


def off(entry: Document) -> int:
    return quoted(entry).totals_by_kind[LineKind.DISCOUNT]


@pytest.mark.parametrize("typed", ["SAVE", "save", "sAvE", " save "])
def test_given_a_code_in_any_case_when_quoted_then_the_line_shows_the_books_spelling(
    typed: str,
) -> None:
    priced = quoted(code("Save"), typed=typed)

    assert lines_of(priced)[-1] == ("discount", "Save", -1_000)
    assert priced.lines[-1].rule_id == id_of("Save")
    assert priced.total_cents == 10_112


@pytest.mark.parametrize(
    ("entry", "off_cents"),
    [
        (share_code("SAVE", 1_000), -1_111),  # 1,111.2, rounded down
        (share_code("SAVE", 10_000), -11_112),
        (share_code("SAVE", 1_000, max_discount_cents=1_110), -1_110),
        (share_code("SAVE", 1_000, max_discount_cents=1_112), -1_111),
        (code("SAVE", amount_cents=11_113), -11_112),  # at most the sum of the lines
        (code("SAVE", amount_cents=5_000, max_discount_cents=4_000), -4_000),
        (code("SAVE", min_order_cents=11_112), -1_000),
        (code("SAVE", amount_cents=0), 0),
    ],
)
def test_given_a_code_when_quoted_then_it_takes_off_so_much(
    entry: Document, off_cents: int
) -> None:
    assert off(entry) == off_cents


def test_given_surcharges_and_extras_when_a_share_is_taken_off_then_they_count_too() -> None:
    book = small_book(
        surcharge_rules=[rule("a")],
        tax_rules=[tax("t", 1_000, "base")],
        discount_codes=[share_code("SAVE", 5_000, min_order_cents=11_212)],
    )

    priced = quote(BIKE, book)

    assert priced.totals_by_kind[LineKind.DISCOUNT] == -5_606


def test_given_an_adjustment_when_a_share_is_taken_off_then_it_does_not_count() -> None:
    book = small_book(discount_codes=[share_code("SAVE", 5_000)])
    request = replace(BIKE, adjustment=PriceAdjustment(amount_cents=8_888, reason="stairs"))

    priced = quote(request, book)

    assert priced.totals_by_kind[LineKind.DISCOUNT] == -5_556
    assert codes_of(priced)[-2:] == ["SAVE", "adjustment"]


@pytest.mark.parametrize(
    ("fields", "at", "typed"),
    [
        ({}, NOON, "OTHER"),
        ({}, NOON, ""),
        ({}, NOON, "SA VE"),
        ({"is_active": False}, NOON, "SAVE"),
        ({"service_types": ["standard_delivery"]}, NOON, "SAVE"),
        ({"min_order_cents": 11_113}, NOON, "SAVE"),
        ({"valid_from": "2026-11-01T12:00:01Z"}, NOON, "SAVE"),
        ({"valid_until": "2026-11-01T12:00:00Z"}, NOON, "SAVE"),
        ({"valid_until": "2099-01-01T00:00:00Z"}, None, "SAVE"),
    ],
)
def test_given_any_reason_when_a_code_is_refused_then_the_answer_is_the_same(
    fields: Document, at: datetime | None, typed: str
) -> None:
    with pytest.raises(InvalidInputError) as refused:
        quoted(code("SAVE", **fields), typed=typed, at=at)

    assert refused.value.code == "discount_unavailable"
    assert refused.value.faults == (DISCOUNT_UNAVAILABLE,)


@pytest.mark.parametrize(
    "at",
    [
        NOON,
        NOON.astimezone(timezone(timedelta(hours=-4))),
        NOON + timedelta(hours=1) - SECOND,
    ],
)
def test_given_a_validity_when_quoted_within_then_its_first_instant_is_inside(
    at: datetime,
) -> None:
    entry = code("SAVE", valid_from="2026-11-01T07:00:00-05:00", valid_until="2026-11-01T13:00:00Z")

    priced = quoted(entry, at=at)

    assert priced.totals_by_kind[LineKind.DISCOUNT] == -1_000


@pytest.mark.parametrize("at", [NOON - SECOND, NOON + timedelta(hours=1)])
def test_given_a_validity_when_quoted_outside_then_its_last_instant_is_too_late(
    at: datetime,
) -> None:
    entry = code("SAVE", valid_from="2026-11-01T07:00:00-05:00", valid_until="2026-11-01T13:00:00Z")

    with pytest.raises(InvalidInputError) as refused:
        quoted(entry, at=at)

    assert refused.value.code == "discount_unavailable"


def test_given_a_code_for_this_service_when_quoted_then_it_counts() -> None:
    assert off(code("SAVE", service_types=["standard_delivery", "mini_move"])) == -1_000


def test_given_other_faults_when_a_code_is_bad_too_then_the_faults_come_first() -> None:
    request = replace(BIKE, discount_code="OTHER", pickup_zip="90210")

    with pytest.raises(InvalidInputError) as refused:
        quote(request, small_book())

    assert [fault.field for fault in refused.value.faults] == ["pickup_zip"]
