"""Discount codes over HTTP: their last use, free bookings, and totals too small to charge."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from typing import Final

import pytest

from tests.builders import an_id
from tests.scenarios.alphabets import full_width
from tests.scenarios.guest import PETITE, Json, an_order
from tests.scenarios.house import House

CODES: Final = {
    "FREE": {"kind": "percentage", "rate_bp": 10_000},
    "NEARLY": {"kind": "fixed", "amount_cents": PETITE.base_price_cents - 99},
    "LEAST": {"kind": "fixed", "amount_cents": PETITE.base_price_cents - 100},
    "ONCE": {"kind": "percentage", "rate_bp": 1_000, "max_uses": 1},
    "THRICE": {"kind": "percentage", "rate_bp": 1_000, "max_uses": 3},
    "MINE": {"kind": "percentage", "rate_bp": 1_000, "max_uses_per_customer": 1},
    "OVER": {"kind": "percentage", "rate_bp": 1_000, "valid_until": "2020-01-01T00:00:00Z"},
    "ELSEWHERE": {"kind": "fixed", "amount_cents": 1, "service_types": ["blade_delivery"]},
}


@pytest.fixture(scope="module", autouse=True)
def codes(shared_house: House) -> None:
    entries = [{"id": str(an_id()), "code": code, **terms} for code, terms in CODES.items()]
    shared_house.publish({"discount_codes": entries})


def test_given_a_code_for_all_of_it_when_booking_then_it_is_confirmed_at_once_with_what_it_owes(
    house: House,
) -> None:
    on = house.next_open_date()

    booked = house.guest.books(an_order(on, discount_code="free"))

    assert booked.answer["booking"]["status"] == "confirmed"
    assert (booked.total_cents, booked.answer["payment"]) == (0, None)
    assert booked.answer["payment_error"] is None
    house.wait_for_messages(booked.id, "booking_confirmed")
    assert house.stripe.intents(booked.id) == []
    assert house.crews_taken(on) == 1
    assert house.guest.create_intent(booked).json()["error_type"] == "invalid_transition"


def test_given_a_total_below_a_dollar_when_booking_then_it_is_refused_and_the_code_is_not_used(
    house: House,
) -> None:
    order = an_order(house.next_open_date(), discount_code="NEARLY")

    preview = house.guest.preview(order)
    answer = house.guest.book(order)

    assert (preview["total_price_cents"], preview["refusal_codes"]) == (99, ["amount_too_small"])
    assert (answer.status_code, answer.json()["error_type"]) == (409, "amount_too_small")
    assert _uses("NEARLY", house) == 0


def test_given_a_total_of_a_dollar_when_booking_then_it_can_be_paid(house: House) -> None:
    booked = house.guest.books(an_order(house.next_open_date(), discount_code="LEAST"))

    assert house.stripe.pay(booked.intent_id).status_code == 200
    assert house.guest.confirm(booked).status_code == 200


def test_given_a_code_with_one_use_when_thirty_race_for_it_then_one_gets_it_and_no_crew_is_lost(
    house: House,
) -> None:
    days = [house.next_open_date() for _ in range(10)]
    orders = [an_order(days[number % 10], discount_code="once") for number in range(30)]

    answers = _at_once(orders, house)

    assert Counter(status for status, _ in answers) == {201: 1, 409: 29}
    assert {code for status, code in answers if status == 409} == {"discount_unavailable"}
    assert sum(house.crews_taken(on) for on in days) == 1
    assert _uses("ONCE", house) == 1


def test_given_a_booking_that_dies_unpaid_when_its_code_was_used_up_then_another_may_use_it(
    house: House,
) -> None:
    orders = [an_order(house.next_open_date(), discount_code="THRICE") for _ in range(4)]
    first = house.guest.books(orders[0])
    for order in orders[1:3]:
        house.guest.books(order)
    used_up = house.guest.book(orders[3])

    house.let_hold_lapse(first.id)
    house.do_upkeep("expire_holds")
    house.wait_for_status(first.id, "cancelled")

    assert (used_up.status_code, used_up.json()["error_type"]) == (409, "discount_unavailable")
    assert house.guest.book(orders[3]).status_code == 201


def test_given_a_code_once_a_customer_when_used_again_in_other_letters_then_it_is_refused(
    house: House,
) -> None:
    first = an_order(house.next_open_date(), discount_code="MINE")
    house.guest.books(first)
    email = str(first["email"]).upper()
    again = an_order(house.next_open_date(), discount_code="mine", email=email)

    answer = house.guest.book(again)
    previewed = house.guest.post(
        "public/pricing-preview/",
        {
            "service_type": "mini_move",
            "mini_move_package_id": str(PETITE.id),
            "pickup_date": again["pickup_date"],
            "pickup_time": "09:00",
            "pickup_zip": "10001",
            "delivery_zip": "11937",
            "discount_code": "MINE",
            "email": email,
        },
    )

    assert answer.json()["error_type"] == "discount_unavailable"
    assert (previewed.status_code, previewed.json()["error_type"]) == (400, "discount_unavailable")
    assert house.guest.book({**again, "email": "somebody@example.com"}).status_code == 201


@pytest.mark.parametrize(
    "code", ["OVER", "ELSEWHERE", "NEVER-WAS", "\N{LATIN SMALL LETTER LONG S}", full_width("FREE")]
)
def test_given_a_code_that_cannot_be_used_when_booking_then_every_reason_reads_the_same(
    house: House, code: str
) -> None:
    answer = house.guest.book(an_order(house.next_open_date(), discount_code=code))

    problem = answer.json()
    assert (answer.status_code, problem["error_type"]) == (400, "discount_unavailable")
    assert problem["message"] == "discount_code: this code cannot be used for this booking"
    assert problem["details"][0]["field"] == "discount_code"


def _at_once(orders: list[Json], house: House) -> list[tuple[int, str | None]]:
    with ThreadPoolExecutor(len(orders)) as threads:
        answers = list(threads.map(house.guest.book, orders))
    return [(answer.status_code, answer.json().get("error_type")) for answer in answers]


def _uses(code: str, house: House) -> int:
    query = (
        "SELECT count(*) AS uses FROM discount_uses WHERE code_id = (SELECT (entry ->> 'id')::uuid"
        " FROM price_books, jsonb_array_elements(document -> 'discount_codes') AS entry"
        " WHERE entry ->> 'code' = %s ORDER BY version DESC LIMIT 1)"
    )
    return int(house.rows(query, code)[0]["uses"])
