from dataclasses import replace

import pytest

from tests.core.price_book.small_document import code, small_book, tax
from tests.core.pricing.sample_requests import MINI_MOVE, faults_of, lines_of
from totetaxi_core import PriceAdjustment, QuoteRequest, quote


def adjusted(amount_cents: int, reason: str = "broken lift") -> QuoteRequest:
    adjustment = PriceAdjustment(amount_cents=amount_cents, reason=reason)
    return replace(MINI_MOVE, adjustment=adjustment)


@pytest.mark.parametrize("amount_cents", [250, -250, -10_001])
def test_given_an_adjustment_when_quoted_then_it_is_a_line_with_its_reason(
    amount_cents: int,
) -> None:
    priced = quote(adjusted(amount_cents), small_book())

    assert lines_of(priced)[1:] == [("adjustment", "adjustment", amount_cents)]
    assert priced.lines[-1].label == "broken lift"
    assert priced.total_cents == 10_001 + amount_cents


def test_given_more_taken_off_than_there_is_when_quoted_then_it_is_refused() -> None:
    assert faults_of(adjusted(-10_002), small_book()) == [
        ("adjustment.amount_cents", "out_of_range")
    ]


def test_given_a_discount_when_the_rest_is_taken_off_then_not_a_cent_more_may_be() -> None:
    book = small_book(discount_codes=[code("SAVE")])

    rest = replace(adjusted(-9_001), discount_code="SAVE")
    more = replace(adjusted(-9_002), discount_code="SAVE")

    assert quote(rest, book).total_cents == 0
    assert faults_of(more, book) == [("adjustment.amount_cents", "out_of_range")]


@pytest.mark.parametrize("reason", ["", "  "])
def test_given_no_reason_when_adjusted_then_it_is_refused(reason: str) -> None:
    assert faults_of(adjusted(5, reason), small_book()) == [("adjustment.reason", "blank")]


@pytest.mark.parametrize(("amount_cents", "tax_cents"), [(999, 1_100), (-1, 1_000), (-10_001, 0)])
def test_given_a_tax_on_adjustments_when_quoted_then_plus_and_minus_move_it(
    amount_cents: int, tax_cents: int
) -> None:
    book = small_book(tax_rules=[tax("t", 1_000, "base", "adjustment")])

    priced = quote(adjusted(amount_cents), book)

    assert priced.total_cents == 10_001 + amount_cents + tax_cents


def test_given_a_tax_on_the_base_alone_when_the_price_is_cut_then_the_tax_stays() -> None:
    book = small_book(tax_rules=[tax("t", 1_000, "base")])

    priced = quote(adjusted(-10_001), book)

    assert lines_of(priced)[-1] == ("tax", "t", 1_000)
