"""The races of one process, across nodes."""

from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Final, TypeVar, cast

import httpx

from tests.nodes.nodes import Nodes
from tests.scenarios.eventually import eventually
from tests.scenarios.guest import Booked, Guest, an_order
from totetaxi_core.price_book import PriceBook

T = TypeVar("T")
GUESTS: Final = 60
CREWS: Final = 3
CONFIRMED_MAIL: Final = ("booking_received", "booking_confirmed", "receipt")
FEES: Final = cast("dict[str, int]", PriceBook.default().document["fees"])


def test_given_sixty_guests_when_they_race_for_the_crews_then_just_those_there_are_go(
    nodes: Nodes,
) -> None:
    house, on = nodes.house, nodes.house.next_open_date()
    orders = [an_order(on) for _ in range(GUESTS)]

    answers = at_both(nodes, orders, Guest.book)

    assert Counter(one.status_code for one in answers) == {201: CREWS, 409: GUESTS - CREWS}
    assert house.crews_taken(on) == CREWS
    stored = house.rows("SELECT id FROM bookings WHERE pickup_date = %s", on)
    assert [len(house.stripe.intents(str(row["id"]))) for row in stored] == [1] * CREWS


def test_given_one_cart_when_it_is_sent_to_both_nodes_at_once_then_there_is_one_booking(
    nodes: Nodes,
) -> None:
    on = nodes.house.next_open_date()

    answers = at_both(nodes, [an_order(on)] * 10, Guest.book)

    assert sorted(one.status_code for one in answers) == [200] * 9 + [201]
    assert len({one.json()["booking"]["id"] for one in answers}) == 1
    assert nodes.house.crews_taken(on) == 1


def test_given_a_paid_booking_when_both_nodes_and_all_events_settle_it_then_it_is_settled_once(
    nodes: Nodes,
) -> None:
    house = nodes.house
    booked = house.guest.books(an_order(house.next_open_date()))
    house.stripe.break_down({"action": "duplicate"})
    house.stripe.pay(booked.intent_id)

    answers = at_both(nodes, [booked] * 10, Guest.confirm)

    house.stripe.repair()
    house.wait_until_nothing_is_owed()
    assert {one.status_code for one in answers} == {200}
    assert sorted(house.messages(booked.id)) == sorted(CONFIRMED_MAIL)
    assert house.booking(booked.id)["version"] == 2


def test_given_a_paid_booking_when_it_is_cancelled_at_both_nodes_at_once_then_it_is_paid_back_once(
    nodes: Nodes,
) -> None:
    house = nodes.house
    booked = paid(nodes)
    offer = house.guest.cancellation(booked).json()["refund_cents"]

    def cancel(guest: Guest, one: Booked) -> httpx.Response:
        return guest.cancel(one, expected_refund_cents=offer)

    answers = at_both(nodes, [booked] * 10, cancel)

    eventually(lambda: refunded_cents(nodes, booked), within_s=60)
    house.wait_until_nothing_is_owed()
    assert Counter(one.status_code for one in answers)[200] == 1
    assert refunded_cents(nodes, booked) == offer == booked.total_cents
    assert house.crews_taken(house.booking(booked.id)["pickup_date"]) == 0


def test_given_a_second_payment_when_two_workers_see_it_then_it_goes_back_once(
    nodes: Nodes,
) -> None:
    house = nodes.house
    booked = paid(nodes)
    house.stripe.break_down({"action": "duplicate"})

    second = house.pay_behind_our_back(booked)

    eventually(lambda: house.stripe.refunds(second), within_s=60)
    house.stripe.repair()
    house.wait_until_nothing_is_owed()
    assert [one["amount"] for one in house.stripe.refunds(second)] == [booked.total_cents]
    assert house.stripe.refunds(booked.intent_id) == []


def test_given_a_new_price_book_when_it_is_published_then_both_nodes_sell_by_it_within_a_second(
    nodes: Nodes,
) -> None:
    house = nodes.house

    before = {packing_cents(node.guest) for node in nodes.api}

    house.publish({"fees": {**FEES, "packing_cents": 5_100}})

    eventually(lambda: {packing_cents(node.guest) for node in nodes.api} == {5_100}, within_s=1)
    assert before == {FEES["packing_cents"]}


def at_both(
    nodes: Nodes, things: Sequence[T], act: Callable[[Guest, T], httpx.Response]
) -> list[httpx.Response]:
    """Do all of it at once, each by a client of its own: at one node, at the other, and so on."""

    def call(numbered: tuple[int, T]) -> httpx.Response:
        number, thing = numbered
        guest = Guest(f"http://127.0.0.1:{nodes.api[number % len(nodes.api)].port}")
        try:
            return act(guest, thing)
        finally:
            guest.close()

    with ThreadPoolExecutor(len(things)) as threads:
        return list(threads.map(call, enumerate(things)))


def paid(nodes: Nodes) -> Booked:
    """Book, pay and confirm, by way of nginx."""
    booked = nodes.house.guest.books(an_order(nodes.house.next_open_date()))
    nodes.house.stripe.pay(booked.intent_id)
    assert nodes.house.guest.confirm(booked).status_code == 200
    return booked


def refunded_cents(nodes: Nodes, booked: Booked) -> int:
    return sum(one["amount"] for one in nodes.house.stripe.refunds(booked.intent_id))


def packing_cents(guest: Guest) -> int:
    """Return what packing costs at the guest's node."""
    told: int = guest.get("public/services").json()["fees"]["packing_cents"]
    return told
