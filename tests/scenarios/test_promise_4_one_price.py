"""Promise 4: one price, whoever asks and however."""

from datetime import UTC, datetime, timedelta
from typing import Final

import pytest

from tests.scenarios.guest import PETITE, Json, a_delivery_address, an_order
from tests.scenarios.house import House
from totetaxi_core.price_book import PriceBook

BOOK: Final = PriceBook.default()
FULL: Final = BOOK.mini_move_packages[2]
LUXURY: Final = tuple(one for one in BOOK.organizing_services if one.tier == "luxury")
PACKING: Final = next(one for one in BOOK.organizing_services if one.is_packing)
PELOTON, SURFBOARD = BOOK.specialty_items[:2]

ORDERS: Final[dict[str, Json]] = {
    "mini move": {},
    "mini move with everything": {
        "organizing_service_ids": [str(PACKING.id)],
        "specialty_items": [{"id": str(PELOTON.id)}, {"id": str(SURFBOARD.id)}],
        "item_count": 9,
        "item_description": "Boxes",
        "include_unpacking": True,
        "coi_required": True,
        "delivery_address": a_delivery_address(city="Montauk", zip_code="11954-1234"),
    },
    "standard delivery": {
        "service_type": "standard_delivery",
        "mini_move_package_id": None,
        "item_count": 7,
        "item_description": "Boxes",
        "same_day": True,
    },
    "blade": {
        "service_type": "blade_delivery",
        "mini_move_package_id": None,
        "blade_service_id": str(BOOK.blade_services[0].id),
        "total_weight_lb": 120,
    },
    "organizing": {
        "service_type": "organizing_only",
        "mini_move_package_id": None,
        "organizing_service_id": str(PACKING.id),
        "delivery_address": None,
    },
}


@pytest.mark.parametrize("name", ORDERS)
def test_given_an_order_when_previewed_and_booked_then_every_place_tells_the_same_price(
    house: House, name: str
) -> None:
    order = an_order(house.next_open_date(), **ORDERS[name])

    preview = house.guest.preview(order)
    booked = house.guest.books(order)

    intent = house.stripe.intents(booked.id)[0]
    payment = house.rows("SELECT amount_cents FROM payments WHERE booking_id = %s", booked.id)[0]
    told = (booked.total_cents, intent["amount"], payment["amount_cents"])
    assert told == (preview["total_price_cents"],) * 3
    assert booked.answer["booking"]["breakdown"] == preview["breakdown"]
    assert sum(line["amount_cents"] for line in preview["breakdown"]) == booked.total_cents
    assert all(
        line["rule_id"] or line["kind"] in ("base", "addon") for line in preview["breakdown"]
    )


def test_given_a_quote_token_when_the_price_rises_before_booking_then_the_quoted_price_is_paid(
    house: House,
) -> None:
    order = an_order(house.next_open_date())
    preview = house.guest.preview(order)
    _raise_prices(house)

    quoted = house.guest.books({**order, "quote_token": preview["quote_token"]})
    unquoted = house.guest.books(an_order(house.next_open_date()))

    assert quoted.total_cents == preview["total_price_cents"]
    assert quoted.answer["booking"]["price_book_version"] == preview["price_book_version"]
    assert unquoted.total_cents == quoted.total_cents + 1_000


def test_given_a_paid_booking_when_the_price_rises_then_it_keeps_its_price(house: House) -> None:
    booked = house.guest.books(an_order(house.next_open_date()))
    house.stripe.pay(booked.intent_id)
    _raise_prices(house)

    confirmed = house.guest.confirm(booked).json()["booking"]

    assert confirmed["total_price_cents"] == booked.total_cents
    assert confirmed["breakdown"] == booked.answer["booking"]["breakdown"]


def test_given_a_new_price_when_another_total_was_expected_then_it_is_told_and_nothing_is_booked(
    house: House,
) -> None:
    order = an_order(house.next_open_date())
    expected = house.guest.preview(order)["total_price_cents"]
    _raise_prices(house)

    refused = house.guest.book({**order, "expected_total_cents": expected})
    taken = house.guest.books({**order, "expected_total_cents": expected + 1_000})

    problem = refused.json()
    assert (refused.status_code, problem["error_type"]) == (409, "price_changed")
    assert problem["quote"]["total_price_cents"] == taken.total_cents == expected + 1_000
    assert [row["id"] for row in _bookings_of(order, house)] == [taken.id]


def test_given_a_token_that_was_altered_or_is_for_another_order_when_booking_then_it_is_refused(
    house: House,
) -> None:
    order = an_order(house.next_open_date())
    token = house.guest.preview(order)["quote_token"]
    payload, _, signature = token.partition(".")
    attempts = [
        {**order, "quote_token": f"{payload}.{signature[::-1]}"},
        {**order, "quote_token": f"{payload[:-1]}A.{signature}"},
        {**order, "quote_token": f"{payload}."},
        {**order, "quote_token": "."},
        {**order, "quote_token": "кавычки"},
        {**order, "quote_token": token, "pickup_time": "09:01"},
        {**order, "quote_token": token, "coi_required": True},
    ]

    answers = [house.guest.book(attempt) for attempt in attempts]

    told = {(answer.status_code, answer.json()["error_type"]) for answer in answers}
    assert told == {(400, "quote_mismatch")}
    assert {answer.json()["details"][0]["field"] for answer in answers} == {"quote_token"}
    assert _bookings_of(order, house) == []


def test_given_a_quote_token_when_half_an_hour_is_over_then_it_has_expired(house: House) -> None:
    order = an_order(house.next_open_date(), create_payment_intent=False)
    token = house.guest.preview(order)["quote_token"]
    later = datetime.now(UTC) + timedelta(minutes=30)
    guest_of_later = house.start_another(TOTETAXI_NOW=later.isoformat())

    refused = guest_of_later.book({**order, "quote_token": token})
    taken = house.guest.book({**order, "quote_token": token})

    assert (refused.status_code, refused.json()["error_type"]) == (409, "quote_expired")
    assert taken.status_code == 201


def test_given_more_than_a_customer_may_spend_when_booking_then_they_are_asked_to_call(
    house: House,
) -> None:
    order = an_order(
        house.next_open_date(),
        mini_move_package_id=str(FULL.id),
        organizing_service_ids=[str(one.id) for one in LUXURY],
    )

    preview = house.guest.preview(order)
    answer = house.guest.book(order)

    assert (preview["bookable"], preview["refusal_codes"]) == (False, ["amount_needs_staff"])
    assert (answer.status_code, answer.json()["error_type"]) == (409, "amount_needs_staff")
    assert "+12125550100" in answer.json()["message"]
    assert _bookings_of(order, house) == []


def _raise_prices(house: House) -> None:
    """Make the petite package ten dollars dearer."""
    newest = house.rows("SELECT document FROM price_books ORDER BY version DESC LIMIT 1")[0]
    packages = newest["document"]["mini_move_packages"]
    for package in packages:
        if package["id"] == str(PETITE.id):
            package["base_price_cents"] += 1_000
    house.publish({"mini_move_packages": packages})


def _bookings_of(order: Json, house: House) -> list[Json]:
    found = house.rows("SELECT id FROM bookings WHERE contact_email = %s", order["email"])
    return [{"id": str(row["id"])} for row in found]
