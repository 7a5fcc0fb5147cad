"""Promise 1: no charge without a booking."""

from concurrent.futures import ThreadPoolExecutor

from tests.scenarios.eventually import eventually
from tests.scenarios.guest import a_delivery_address, an_order
from tests.scenarios.house import House
from tests.scenarios.stripe_account import DECLINED_CARD, SLOW_BANK_CARD

CONFIRMED_MAIL = ("booking_received", "booking_confirmed", "receipt")
CREATE = {"method": "POST", "path": "/v1/payment_intents"}


def test_given_a_browser_that_dies_after_paying_when_the_webhook_comes_then_it_is_confirmed(
    house: House,
) -> None:
    booked = house.guest.books(an_order(house.next_open_date()))

    house.stripe.pay(booked.intent_id)

    house.wait_for_status(booked.id, "confirmed", within_s=20)
    house.wait_for_messages(booked.id, *CONFIRMED_MAIL)
    assert len(house.stripe.charges(booked.id)) == 1


def test_given_webhooks_that_never_come_when_it_is_paid_then_the_periodic_check_confirms_it(
    house: House,
) -> None:
    house.stripe.break_down({"action": "hold"})
    booked = house.guest.books(an_order(house.next_open_date()))

    house.stripe.pay(booked.intent_id)
    house.let_attempt_age(booked.id)

    house.wait_for_status(booked.id, "confirmed", within_s=40)
    house.wait_for_messages(booked.id, *CONFIRMED_MAIL)
    assert len(house.stripe.charges(booked.id)) == 1


def test_given_webhooks_that_never_come_when_the_browser_confirms_then_it_is_confirmed_at_once(
    house: House,
) -> None:
    house.stripe.break_down({"action": "hold"})
    booked = house.guest.books(an_order(house.next_open_date()))
    house.stripe.pay(booked.intent_id)

    answer = house.guest.confirm(booked)

    assert (answer.status_code, answer.json()["booking"]["status"]) == (200, "confirmed")


def test_given_a_browser_that_lies_when_it_confirms_unpaid_then_nothing_is_confirmed(
    house: House,
) -> None:
    booked = house.guest.books(an_order(house.next_open_date()))

    answer = house.guest.confirm(booked)

    assert (answer.status_code, answer.json()["error_type"]) == (409, "payment_incomplete")
    assert house.booking(booked.id)["status"] == "pending"


def test_given_a_declined_card_when_another_one_pays_the_same_intent_then_it_is_confirmed(
    house: House,
) -> None:
    booked = house.guest.books(an_order(house.next_open_date()))
    house.stripe.pay(booked.intent_id, DECLINED_CARD)

    declined = house.guest.confirm(booked)
    house.stripe.pay(booked.intent_id)

    assert (declined.status_code, declined.json()["error_type"]) == (402, "payment_declined")
    assert house.guest.confirm(booked).status_code == 200


def test_given_stripe_is_asked_for_an_intent_when_we_look_then_the_booking_holds_its_crew_already(
    house: House,
) -> None:
    on = house.next_open_date()
    house.stripe.break_down({"action": "delay", "delay_s": 4, **CREATE, "times": 1})

    with ThreadPoolExecutor() as threads:
        answer = threads.submit(house.guest.books, an_order(on))
        stored = eventually(
            lambda: house.rows("SELECT * FROM bookings WHERE pickup_date = %s", on), within_s=3
        )
        crews_taken, intents = house.crews_taken(on), house.stripe.intents(str(stored[0]["id"]))

    assert (stored[0]["status"], crews_taken, intents) == ("pending", 1, [])
    assert answer.result().intent_id.startswith("pi_")


def test_given_orders_we_refuse_when_they_are_sent_then_stripe_never_hears_of_them(
    house: House,
) -> None:
    on = house.next_open_date()
    for _ in range(3):
        house.guest.books(an_order(on))
    stored = house.rows("SELECT id FROM bookings")
    before = house.rows("SELECT id FROM sandbox.stripe_objects WHERE kind = 'payment_intent'")

    answers = [
        house.guest.book(an_order(on)),
        house.guest.book(an_order(on, delivery_address=a_delivery_address(zip_code="90210"))),
        house.guest.book(an_order(on, expected_total_cents=1)),
        house.guest.book(an_order("2020-01-06")),
    ]

    after = house.rows("SELECT id FROM sandbox.stripe_objects WHERE kind = 'payment_intent'")
    assert [answer.json()["error_type"] for answer in answers] == [
        "slot_unavailable",
        "outside_service_area",
        "price_changed",
        "invalid",
    ]
    assert (after, house.rows("SELECT id FROM bookings")) == (before, stored)


def test_given_stripe_is_down_when_booking_then_the_booking_stands_and_can_be_paid_later(
    house: House,
) -> None:
    house.stripe.break_down({"action": "refuse", "status": 503, **CREATE})
    booked = house.guest.books(an_order(house.next_open_date()))
    house.stripe.repair()

    payment = house.guest.create_intent(booked).json()
    house.stripe.pay(payment["payment_intent_id"])

    assert booked.answer["payment_error"] == "payment_unavailable"
    assert booked.answer["payment"] is None
    assert house.guest.confirm(booked, payment["payment_intent_id"]).status_code == 200
    assert len(house.stripe.charges(booked.id)) == 1


def test_given_a_bank_that_takes_its_time_when_the_hold_lapses_then_the_crew_stays_until_it_pays(
    house: House,
) -> None:
    on = house.next_open_date()
    booked = house.guest.books(an_order(on))
    house.stripe.pay(booked.intent_id, SLOW_BANK_CARD)
    house.let_hold_lapse(booked.id)

    looked_at = house.rows("SELECT now() AS at")[0]["at"]
    eventually(
        lambda: house.rows(
            "SELECT id FROM payment_attempts WHERE booking_id = %s AND checked_at > %s",
            booked.id,
            looked_at,
        ),
        within_s=30,
    )
    held = (house.booking(booked.id)["status"], house.crews_taken(on))
    house.stripe.bank_decides(booked.intent_id, approve=True)

    assert held == ("pending", 1)
    house.wait_for_status(booked.id, "confirmed", within_s=20)


def test_given_two_orders_alike_but_for_their_address_when_booked_then_there_are_two_bookings(
    house: House,
) -> None:
    order = an_order(house.next_open_date())
    elsewhere = {**order, "delivery_address": a_delivery_address(address_line_1="14 Main St")}

    first, second = house.guest.books(order), house.guest.books(elsewhere)

    assert first.id != second.id
    assert first.intent_id != second.intent_id
