from dataclasses import replace

import pytest

from tests.core.price_book.small_document import id_of, small_book, small_document
from tests.core.pricing.sample_requests import (
    BLADE,
    DELIVERY,
    MINI_MOVE,
    ORGANIZING,
    codes_of,
    lines_of,
    pieces,
)
from totetaxi_core import PriceBook, quote


def test_given_a_mini_move_when_quoted_then_its_package_is_the_base() -> None:
    priced = quote(MINI_MOVE, small_book(), at=None)

    assert lines_of(priced) == [("base", "petite", 10_001)]
    assert priced.lines[0].rule_id == id_of("petite")
    assert priced.estimated_hours == 2


@pytest.mark.parametrize(
    ("item_count", "amount_cents", "quantity"),
    [
        (None, 2_850, 2),  # nothing named: the minimum of 2 pieces
        (1, 2_850, 1),
        (3, 2_850, 3),
        (4, 3_800, 4),
    ],
)
def test_given_pieces_to_deliver_when_quoted_then_the_minimum_charge_is_the_least(
    item_count: int | None, amount_cents: int, quantity: int
) -> None:
    priced = quote(replace(DELIVERY, item_count=item_count), small_book())

    (base,) = priced.lines
    assert (base.code, base.amount_cents, base.rule_id) == (
        "standard_delivery",
        amount_cents,
        None,
    )
    assert (base.quantity, base.unit_cents) == (quantity, 950)
    assert priced.estimated_hours == 1


def test_given_a_minimum_of_items_dearer_than_the_charge_when_nothing_is_named_then_it_counts() -> (
    None
):
    document = small_document()

    document["standard_delivery"]["minimum_items"] = 5

    assert quote(DELIVERY, PriceBook.from_document(document)).total_cents == 4_750


def test_given_specialty_items_alone_when_quoted_then_a_delivery_has_no_base() -> None:
    priced = quote(replace(DELIVERY, specialty_items=pieces("bike")), small_book())

    assert lines_of(priced) == [("specialty", "bike", 1_111)]
    assert priced.estimated_hours == 1


def test_given_specialty_items_and_one_piece_when_quoted_then_both_are_charged() -> None:
    request = replace(DELIVERY, item_count=1, specialty_items=pieces("bike"))

    priced = quote(request, small_book())

    assert lines_of(priced) == [("base", "standard_delivery", 2_850), ("specialty", "bike", 1_111)]


def test_given_organizing_alone_when_quoted_then_a_base_of_nothing_is_shown() -> None:
    priced = quote(ORGANIZING, small_book())

    assert lines_of(priced) == [("base", "organizing_only", 0), ("organizing", "pack", 3_333)]
    assert priced.lines[0].rule_id is None
    assert priced.estimated_hours == 4


@pytest.mark.parametrize(
    ("pickup_zip", "delivery_zip", "amount_cents"),
    [
        ("10001", "11937", 2_280),  # 69.1 miles x 33 = 2,280.3
        ("11937-0001", "10001-9999", 2_280),
        ("10001", "07302", 1_000),  # no distance: the minimum
        ("10001", "10001", 1_000),
    ],
)
def test_given_a_flight_when_quoted_then_its_tenths_of_a_mile_are_priced_down(
    pickup_zip: str, delivery_zip: str, amount_cents: int
) -> None:
    request = replace(BLADE, pickup_zip=pickup_zip, delivery_zip=delivery_zip)

    priced = quote(request, small_book())

    assert lines_of(priced) == [("base", "heli", amount_cents)]
    assert priced.lines[0].rule_id == id_of("heli")
    assert priced.estimated_hours == 2


def test_given_a_free_package_when_quoted_then_its_line_is_left_out() -> None:
    document = small_document()

    document["mini_move_packages"][0]["base_price_cents"] = 0

    priced = quote(MINI_MOVE, PriceBook.from_document(document))
    assert codes_of(priced) == []
    assert priced.total_cents == 0
