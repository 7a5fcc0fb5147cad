from dataclasses import replace

import pytest

from tests.core.price_book.small_document import id_of, small_book
from tests.core.pricing.sample_requests import (
    DELIVERY,
    MINI_MOVE,
    ORGANIZING,
    asking,
    codes_of,
    lines_of,
    pieces,
)
from totetaxi_core import QuoteRequest, SpecialtyChoice, quote

ROOMY = replace(MINI_MOVE, mini_move_package_id=id_of("roomy"))


def test_given_the_same_item_twice_when_quoted_then_it_is_one_line() -> None:
    choices = (*pieces("board"), *pieces("bike", quantity=2), *pieces("board"))

    priced = quote(asking(MINI_MOVE, specialty_items=choices), small_book())

    bike, board = priced.lines[1:]
    assert (bike.code, bike.quantity, bike.unit_cents, bike.amount_cents) == (
        "bike",
        2,
        1_111,
        2_222,
    )
    assert (board.code, board.quantity, board.unit_cents, board.amount_cents) == (
        "board",
        2,
        2_345,
        4_690,
    )
    assert bike.rule_id == id_of("bike")


def test_given_five_pieces_when_quoted_then_they_are_priced() -> None:
    request = replace(DELIVERY, specialty_items=pieces("bike", quantity=5))

    priced = quote(request, small_book())

    assert priced.total_cents == 5_555


@pytest.mark.parametrize("ids", [("pack", "unpack"), ("unpack", "pack")])
def test_given_packing_and_unpacking_visits_when_quoted_then_the_books_order_holds(
    ids: tuple[str, str],
) -> None:
    request = asking(ORGANIZING, organizing_service_ids=tuple(id_of(slug) for slug in ids))

    priced = quote(request, small_book())

    assert codes_of(priced) == ["organizing_only", "pack", "unpack"]
    assert priced.estimated_hours == 9


def test_given_the_smallest_package_when_the_grandest_visit_is_added_then_hours_add_up() -> None:
    request = asking(MINI_MOVE, organizing_service_ids=(id_of("grand-pack"), id_of("unpack")))

    priced = quote(request, small_book())

    assert lines_of(priced)[1:] == [
        ("organizing", "unpack", 2_222),
        ("organizing", "grand-pack", 4_444),
    ]
    assert priced.lines[1].rule_id == id_of("unpack")
    assert priced.estimated_hours == 2 + 5 + 2


@pytest.mark.parametrize("request_", [MINI_MOVE, DELIVERY])
def test_given_every_addon_when_quoted_then_the_fees_follow_in_one_order(
    request_: QuoteRequest,
) -> None:
    request = asking(request_, include_packing=True, include_unpacking=True, coi_required=True)

    priced = quote(request, small_book())

    assert lines_of(priced)[1:] == [
        ("addon", "packing", 501),
        ("addon", "unpacking", 502),
        ("addon", "coi", 503),
    ]
    assert [line.rule_id for line in priced.lines[1:]] == [None, None, None]


def test_given_a_package_with_its_own_packing_when_asked_then_the_package_made_the_line() -> None:
    priced = quote(replace(ROOMY, include_packing=True), small_book())

    assert lines_of(priced)[1:] == [("addon", "packing", 700)]
    assert priced.lines[1].rule_id == id_of("roomy")


def test_given_a_package_that_unpacks_free_when_asked_then_there_is_no_line() -> None:
    priced = quote(replace(ROOMY, include_unpacking=True), small_book())

    assert codes_of(priced) == ["roomy"]


def test_given_a_package_with_a_certificate_when_one_is_asked_then_it_costs_nothing() -> None:
    priced = quote(replace(ROOMY, coi_required=True), small_book())

    assert codes_of(priced) == ["roomy"]


def test_given_same_day_delivery_when_quoted_then_it_comes_last() -> None:
    request = replace(DELIVERY, item_count=1, coi_required=True, same_day=True)

    priced = quote(request, small_book())

    assert lines_of(priced)[1:] == [("addon", "coi", 503), ("addon", "same_day", 504)]


def test_given_items_named_in_any_way_when_quoted_then_the_lines_are_the_same() -> None:
    one = SpecialtyChoice(id=id_of("bike"), quantity=3)
    three = pieces("bike", "bike", "bike")

    once = quote(asking(DELIVERY, specialty_items=(one,)), small_book())
    thrice = quote(asking(DELIVERY, specialty_items=three), small_book())

    assert once.lines == thrice.lines
