"""A guest moves a paid booking to a dearer slot, over the real server, and through a kill -9."""

from datetime import date, datetime
from typing import Any, Final, cast

from tests.scenarios.eventually import eventually
from tests.scenarios.guest import PETITE, Booked, Json, an_order
from tests.scenarios.house import House
from tests.scenarios.test_money_kills import TRIAL_BALANCE, reconcile
from totetaxi_core.price_book import PriceBook

OLD_CENTS: Final = PETITE.base_price_cents
MORE_CENTS: Final = 12_300
WITHIN_S: Final = 20
PAYMENTS: Final = """
    SELECT purpose, status, amount_cents FROM payments WHERE booking_id = %s ORDER BY created_at
"""


def test_given_a_dearer_slot_when_its_difference_is_paid_then_it_moves_and_both_come_back(
    empty_house: House,
) -> None:
    house = empty_house
    house.start()
    booked, there = _paid_and_dearer_since(house)
    held = _hold(house, booked, there)

    house.stripe.pay(held["payment"]["payment_intent_id"])
    confirmed = house.guest.confirm(booked, held["payment"]["payment_intent_id"])
    offer = house.guest.cancellation(booked).json()
    cancelled = house.guest.cancel(booked, expected_refund_cents=offer["refund_cents"])
    house.wait_until_nothing_is_owed(within_s=WITHIN_S)

    assert confirmed.status_code == 200, confirmed.text
    assert confirmed.json()["booking"]["pickup_date"] == str(there)
    assert offer["paid_cents"] == OLD_CENTS + MORE_CENTS
    assert cancelled.status_code == 200, cancelled.text
    gone = [_gone_cents(house, each["id"]) for each in house.stripe.intents(booked.id)]
    assert sorted(gone) == [MORE_CENTS, OLD_CENTS]
    assert house.crews_taken(there) == 0
    assert house.rows(TRIAL_BALANCE) == [{"cents": 0}]


def test_given_a_kill_between_charge_and_settle_when_restarted_then_it_moves_once(
    empty_house: House,
) -> None:
    house = empty_house
    service = house.start("service_without_worker")
    booked, there = _paid_and_dearer_since(house)
    before = house.booking(booked.id)["pickup_date"]
    held = _hold(house, booked, there)
    house.stripe.break_down({"action": "hold", "event": "*"})  # no event may tell of it
    house.stripe.pay(held["payment"]["payment_intent_id"])

    service.kill()
    stands = house.booking(booked.id)["total_cents"]
    house.let_attempt_age(booked.id)
    house.start()

    moved = eventually(lambda: _moved(house, booked), within_s=WITHIN_S)
    assert stands == OLD_CENTS
    assert (moved["pickup_date"], moved["version"]) == (there, 3)
    assert house.rows(PAYMENTS, booked.id) == [
        {"purpose": "booking", "status": "succeeded", "amount_cents": OLD_CENTS},
        {"purpose": "reschedule", "status": "succeeded", "amount_cents": MORE_CENTS},
    ]
    assert [each["amount"] for each in house.stripe.charges(booked.id)].count(MORE_CENTS) == 1
    assert (house.crews_taken(before), house.crews_taken(there)) == (0, 1)
    assert house.rows(TRIAL_BALANCE) == [{"cents": 0}]
    assert reconcile(house)["drifts"] == []


def test_given_an_unpaid_booking_when_moved_again_and_again_then_its_hold_ends_as_before(
    empty_house: House,
) -> None:
    house = empty_house
    house.start()
    booked = house.guest.books(an_order(house.next_open_date()))
    before = house.booking(booked.id)

    for _ in range(2):
        there = house.next_open_date()
        moved = _ask(house, booked, there, to_pay_cents=OLD_CENTS)["booking"]
    after = house.booking(booked.id)

    assert (after["pickup_date"], after["status"]) == (there, "pending")
    assert after["version"] == before["version"] + 2
    assert after["hold_expires_at"] == before["hold_expires_at"]
    assert datetime.fromisoformat(moved["hold_expires_at"]) == before["hold_expires_at"]
    assert (house.crews_taken(before["pickup_date"]), house.crews_taken(there)) == (0, 1)


def _paid_and_dearer_since(house: House) -> tuple[Booked, date]:
    """Return a booking that was paid before the prices rose, and a date that is free."""
    booked = house.guest.books(an_order(house.next_open_date()))
    house.stripe.pay(booked.intent_id)
    assert house.guest.confirm(booked).status_code == 200
    packages = cast("list[dict[str, Any]]", PriceBook.default().document["mini_move_packages"])
    dearer = {**packages[0], "base_price_cents": OLD_CENTS + MORE_CENTS}
    house.publish({"mini_move_packages": [dearer]})
    return booked, house.next_open_date()


def _hold(house: House, booked: Booked, there: date) -> Json:
    """Ask for the date, for the price shown there; nothing has moved yet."""
    held = _ask(house, booked, there, to_pay_cents=MORE_CENTS)
    assert held["booking"]["total_price_cents"] == OLD_CENTS
    assert house.crews_taken(there) == 1
    return held


def _ask(house: House, booked: Booked, there: date, *, to_pay_cents: int) -> Json:
    """Ask for the date, for the price shown there."""
    when = {"pickup_date": str(there), "pickup_time": "09:00"}
    header = {"X-Manage-Token": booked.manage_token}
    path = "/api/public/manage/reschedule"
    offer = house.guest.http.get(path, params=when, headers=header).json()
    assert (offer["to_pay_cents"], offer["bookable"]) == (to_pay_cents, True)
    body = when | {"expected_total_cents": offer["total_price_cents"]}
    answer = house.guest.http.post(path, json=body, headers=header)
    assert answer.status_code == 200, answer.text
    asked: Json = answer.json()
    return asked


def _moved(house: House, booked: Booked) -> Json | None:
    booking = house.booking(booked.id)
    return booking if booking["total_cents"] == OLD_CENTS + MORE_CENTS else None


def _gone_cents(house: House, intent_id: str) -> int:
    return sum(int(each["amount"]) for each in house.stripe.refunds(intent_id))
