"""Promise 2: no double charge, no lost refund."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

from tests.scenarios.eventually import eventually
from tests.scenarios.guest import Booked, Json, an_order
from tests.scenarios.house import STAFF_EMAIL, House

CONFIRMED_MAIL = ("booking_received", "booking_confirmed", "receipt")
REFUND = {"method": "POST", "path": "/v1/refunds"}


def test_given_a_customer_who_retries_three_times_when_they_pay_then_there_is_one_charge(
    house: House,
) -> None:
    order = an_order(house.next_open_date())

    first = house.guest.books(order)
    retries = [house.guest.book(order) for _ in range(3)]
    for answer in retries:
        house.stripe.pay(answer.json()["payment"]["payment_intent_id"])

    house.wait_for_status(first.id, "confirmed")
    assert [answer.status_code for answer in retries] == [200, 200, 200]
    assert {answer.json()["booking"]["id"] for answer in retries} == {first.id}
    assert [answer.json()["manage_token"] for answer in retries] == [None] * 3
    assert len(house.stripe.intents(first.id)) == len(house.stripe.charges(first.id)) == 1


def test_given_a_customer_who_clicks_ten_times_at_once_when_answered_then_there_is_one_booking(
    house: House,
) -> None:
    on = house.next_open_date()
    order = an_order(on)

    answers = _at_once([order] * 10, house)

    assert sorted(answer[0] for answer in answers) == [200] * 9 + [201]
    booking_ids = {answer[1]["booking"]["id"] for answer in answers}
    assert len(booking_ids) == house.crews_taken(on) == 1
    assert len(house.stripe.intents(booking_ids.pop())) == 1


def test_given_a_confirmed_booking_when_the_cart_is_sent_again_then_it_is_refused_unless_wished(
    house: House,
) -> None:
    order = an_order(house.next_open_date())
    first = house.guest.books(order)
    house.stripe.pay(first.intent_id)
    house.guest.confirm(first)

    again = house.guest.book(order)
    wished = house.guest.books({**order, "allow_duplicate": True})

    assert (again.status_code, again.json()["error_type"]) == (409, "duplicate_booking")
    assert wished.id != first.id
    assert len(house.stripe.intents(wished.id)) == 1


def test_given_a_cart_whose_hold_has_lapsed_when_it_is_sent_again_with_a_key_then_it_books_afresh(
    house: House,
) -> None:
    on = house.next_open_date()
    order = an_order(on)
    first = house.guest.books(order)
    house.let_hold_lapse(first.id)

    second = house.guest.books(order, key="after-the-hold")
    replay = house.guest.book(order, key="after-the-hold")

    assert second.id != first.id
    assert (replay.status_code, replay.json()["booking"]["id"]) == (201, second.id)
    assert house.stripe.intents(first.id)[0]["status"] == "canceled"
    assert house.crews_taken(on) == 1


def test_given_ten_requests_for_the_intent_at_once_when_answered_then_there_is_one_intent(
    house: House,
) -> None:
    booked = house.guest.books(an_order(house.next_open_date(), create_payment_intent=False))

    with ThreadPoolExecutor(10) as threads:
        answers = list(threads.map(house.guest.create_intent, [booked] * 10))

    assert {answer.status_code for answer in answers} == {200}
    assert len({answer.json()["payment_intent_id"] for answer in answers}) == 1
    assert len(house.stripe.intents(booked.id)) == 1


def test_given_a_paid_booking_when_ten_confirm_at_once_then_everything_is_owed_once(
    house: House,
) -> None:
    booked = house.guest.books(an_order(house.next_open_date()))
    house.stripe.break_down({"action": "duplicate"})
    house.stripe.pay(booked.intent_id)

    with ThreadPoolExecutor(10) as threads:
        answers = list(threads.map(house.guest.confirm, [booked] * 10))

    assert {answer.status_code for answer in answers} == {200}
    house.wait_until_nothing_is_owed()
    assert sorted(house.messages(booked.id)) == sorted(CONFIRMED_MAIL)
    assert house.booking(booked.id)["version"] == 2


def test_given_a_paid_booking_when_a_second_payment_comes_then_it_is_sent_back_and_all_are_told(
    house: House,
) -> None:
    booked = _paid(house)

    second = house.pay_behind_our_back(booked)

    refund = _succeeded_refund(second, house)
    house.wait_for_messages(
        booked.id, *CONFIRMED_MAIL, "second_payment_refunded", "staff_alert", "refund_sent"
    )
    assert refund["amount"] == booked.total_cents
    assert house.stripe.refunds(booked.intent_id) == []
    assert house.booking(booked.id)["status"] == "confirmed"
    assert house.rows('SELECT kind FROM messages WHERE "to" = %s', STAFF_EMAIL)


def test_given_a_lapsed_booking_when_money_comes_late_then_it_takes_its_crew_again(
    house: House,
) -> None:
    on = house.next_open_date()
    booked = _lapsed(an_order(on), house)
    freed = house.crews_taken(on)

    house.pay_behind_our_back(booked)

    house.wait_for_status(booked.id, "confirmed")
    house.wait_for_messages(booked.id, *CONFIRMED_MAIL, "hold_expired")
    assert (freed, house.crews_taken(on)) == (0, 1)
    assert house.rows("SELECT id FROM refunds WHERE booking_id = %s", booked.id) == []


def test_given_a_lapsed_booking_whose_crew_is_gone_when_money_comes_then_all_of_it_goes_back(
    house: House,
) -> None:
    on = house.next_open_date()
    booked = _lapsed(an_order(on), house)
    for _ in range(3):
        house.guest.books(an_order(on))

    late = house.pay_behind_our_back(booked)

    refund = _succeeded_refund(late, house)
    house.wait_for_messages(
        booked.id,
        "booking_received",
        "hold_expired",
        "late_payment_refunded",
        "staff_alert",
        "refund_sent",
    )
    told = house.guest.confirm(booked, late).json()
    assert refund["amount"] == booked.total_cents
    assert told["error_type"] == "payment_incomplete"
    assert told["message"] == "the payment came too late and is sent back in full"
    assert house.booking(booked.id)["status"] == "cancelled"
    assert house.crews_taken(on) == 3


def test_given_stripe_loses_its_answers_when_a_refund_is_sent_then_the_money_goes_back_once(
    house: House,
) -> None:
    booked = _paid(house)
    house.stripe.break_down({"action": "drop_after_acting", **REFUND, "times": 4})

    second = house.pay_behind_our_back(booked)

    assert _succeeded_refund(second, house)["amount"] == booked.total_cents
    house.wait_until_nothing_is_owed()
    assert len(house.stripe.refunds(second)) == 1


def test_given_a_stranger_s_charge_when_its_events_come_then_nothing_of_ours_changes(
    house: House,
) -> None:
    before = house.rows("SELECT id, version FROM bookings ORDER BY id")

    stranger = house.stripe.create_intent(amount_cents=4_200, metadata={"shop": "another"})
    house.stripe.pay(stranger)

    house.wait_until_nothing_is_owed()
    assert house.rows("SELECT id, version FROM bookings ORDER BY id") == before
    assert house.stripe.refunds(stranger) == []


def _paid(house: House) -> Booked:
    booked = house.guest.books(an_order(house.next_open_date()))
    house.stripe.pay(booked.intent_id)
    assert house.guest.confirm(booked).status_code == 200
    return booked


def _lapsed(order: Json, house: House) -> Booked:
    booked = house.guest.books(order)
    house.let_hold_lapse(booked.id)
    house.do_upkeep("expire_holds")
    house.wait_for_status(booked.id, "cancelled")
    return booked


def _succeeded_refund(intent_id: str, house: House) -> Json:
    def look() -> Json | None:
        done = [one for one in house.stripe.refunds(intent_id) if one["status"] == "succeeded"]
        query = "SELECT id FROM refunds WHERE status = 'succeeded' AND stripe_refund_id = %s"
        return done[0] if done and house.rows(query, done[0]["id"]) else None

    return eventually(look, within_s=20)


def _at_once(orders: Sequence[Json], house: House) -> list[tuple[int, Json]]:
    with ThreadPoolExecutor(len(orders)) as threads:
        answers = threads.map(house.guest.book, orders)
        return [(answer.status_code, answer.json()) for answer in answers]
