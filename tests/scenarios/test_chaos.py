"""Guests who book and pay while Stripe stumbles and the service is killed again and again."""

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import date
from typing import Final

import httpx

from tests.scenarios.eventually import eventually
from tests.scenarios.guest import Guest, Json, an_order
from tests.scenarios.house import House

GUESTS: Final = 60 if os.environ.get("TOTETAXI_SOAK") else 14
KILLS: Final = 8 if os.environ.get("TOTETAXI_SOAK") else 3
PATIENCE_S: Final = 180 if os.environ.get("TOTETAXI_SOAK") else 60
CREWS: Final = 3
COME_BACK: Final = frozenset({"idempotency_in_progress", "payment_unavailable"})
FAULTS: Final[list[Json]] = [
    {"action": "duplicate", "times": 6},
    {"action": "reorder", "event": "payment_intent.*", "delay_s": 1, "times": 6},
    {"action": "drop_after_acting", "times": 3},
    {"action": "refuse", "status": 500, "times": 2},
    {"action": "delay_after_acting", "delay_s": 0.5, "times": GUESTS},
]


def test_given_kills_and_faults_while_guests_book_and_pay_when_it_is_calm_then_all_is_in_order(
    empty_house: House,
) -> None:
    house = empty_house
    service = house.start()
    days = [house.next_open_date() for _ in range(GUESTS // 4)]
    house.stripe.break_down(*FAULTS)

    with ThreadPoolExecutor(GUESTS) as threads:
        orders = [an_order(days[number % len(days)]) for number in range(GUESTS)]
        paid = [threads.submit(_book_and_pay, order, house) for order in orders]
        for kill in range(1, KILLS + 1):
            eventually(_so_many_stored(kill * len(days) // KILLS, house), within_s=PATIENCE_S)
            service.kill()
            service = house.start()
        intents = {intent_id for future in paid if (intent_id := future.result()) is not None}
    house.stripe.repair()
    house.change("UPDATE payment_attempts SET created_at = created_at - interval '1 minute'")
    house.do_upkeep("check_payments")

    eventually(lambda: not _pending(house), within_s=PATIENCE_S)
    house.let_time_pass()
    house.wait_until_nothing_is_owed(within_s=PATIENCE_S)
    assert len(intents) == CREWS * len(days)
    _assert_in_order(days, house)


def _book_and_pay(order: Json, house: House) -> str | None:
    """Insist until there is an intent to pay, pay it, and die; None when no crew was left."""
    with closing(Guest(house.url)) as guest:
        answer = eventually(lambda: _answered(lambda: guest.book(order)), within_s=PATIENCE_S)
    if answer.get("error_type") == "slot_unavailable":
        return None
    intent_id = str(answer["payment"]["payment_intent_id"])
    house.stripe.pay(intent_id)
    return intent_id


def _answered(call: Callable[[], httpx.Response]) -> Json | None:
    """Return an answer to go by; a cut connection or a request to come back is none."""
    try:
        answer = call()
    except httpx.TransportError:
        return None
    assert answer.status_code in (200, 201, 409, 503), answer.text
    told: Json = answer.json()
    if answer.status_code == 503 or told.get("error_type") in COME_BACK:
        return None
    return None if told.get("payment_error") else told


def _so_many_stored(number: int, house: House) -> Callable[[], bool]:
    return lambda: house.rows("SELECT count(*) AS stored FROM bookings")[0]["stored"] >= number


def _pending(house: House) -> bool:
    return bool(house.rows("SELECT id FROM bookings WHERE status = 'pending'"))


def _assert_in_order(days: list[date], house: House) -> None:
    """Every booking is confirmed, charged once, told once; the crews are what was sold."""
    bookings = house.rows("SELECT id, version, total_cents FROM bookings")
    for booking in bookings:
        charges = house.stripe.charges(str(booking["id"]))
        assert [charge["amount_received"] for charge in charges] == [booking["total_cents"]]
        assert sorted(house.messages(str(booking["id"]))) == [
            "booking_confirmed",
            "booking_received",
            "receipt",
        ]
    assert {booking["version"] for booking in bookings} == {2}
    assert [house.crews_taken(on) for on in days] == [CREWS] * len(days)
    assert house.rows("SELECT id FROM refunds") == []
    assert house.rows("SELECT contact_email FROM bookings GROUP BY 1 HAVING count(*) > 1") == []
