"""A guest pays, cancels at each of the terms, and the money arrives."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pytest

from tests.scenarios.eventually import eventually
from tests.scenarios.guest import Booked, Json, an_order
from tests.scenarios.house import House

CONFIRMED_MAIL = ("booking_received", "booking_confirmed", "receipt")
TERMS = [(49, 10_000, 99_500), (47, 5_000, 49_750), (23, 0, 0)]


def paid(house: House, on: date) -> Booked:
    booked = house.guest.books(an_order(on))
    house.stripe.pay(booked.intent_id)
    assert house.guest.confirm(booked).status_code == 200
    return booked


def move_pickup(booked: Booked, house: House, *, hours_ahead: int) -> None:
    """Let time pass until the pickup is that near, for this booking alone."""
    house.change(
        "UPDATE bookings SET pickup_at = now() + make_interval(hours => %s, mins => 5)"
        " WHERE id = %s",
        hours_ahead,
        booked.id,
    )


def arrived(booked: Booked, house: House) -> Json:
    """Wait until Stripe has the refund and its webhook has told us; return it as at Stripe."""

    def look() -> Json | None:
        done = [
            one for one in house.stripe.refunds(booked.intent_id) if one["status"] == "succeeded"
        ]
        query = "SELECT id FROM refunds WHERE status = 'succeeded' AND stripe_refund_id = %s"
        return done[0] if done and house.rows(query, done[0]["id"]) else None

    return eventually(look, within_s=30)


@pytest.mark.parametrize(("hours_ahead", "refund_bp", "refund_cents"), TERMS)
def test_given_a_paid_booking_when_its_guest_cancels_then_the_terms_come_back_and_the_crew_is_free(
    house: House, hours_ahead: int, refund_bp: int, refund_cents: int
) -> None:
    on = house.next_open_date()
    booked = paid(house, on)
    taken = house.crews_taken(on)
    move_pickup(booked, house, hours_ahead=hours_ahead)

    offer = house.guest.cancellation(booked)
    cancelled = house.guest.cancel(booked, expected_refund_cents=refund_cents)

    assert offer.json() == {
        "refund_cents": refund_cents,
        "refund_bp": refund_bp,
        "paid_cents": 99_500,
    }
    assert cancelled.status_code == 200
    assert cancelled.headers["etag"] == '"3"'
    assert set(cancelled.json()) == {"message", "booking"}
    assert cancelled.json()["booking"]["status"] == "cancelled"
    if refund_cents:
        assert arrived(booked, house)["amount"] == refund_cents
    told = ("booking_cancelled", "refund_sent") if refund_cents else ("booking_cancelled",)
    house.wait_for_messages(booked.id, *CONFIRMED_MAIL, *told)
    house.wait_until_nothing_is_owed()
    assert len(house.stripe.refunds(booked.intent_id)) == bool(refund_cents)
    assert (taken, house.crews_taken(on)) == (1, 0)


def test_given_a_cancelled_booking_when_its_crew_is_booked_again_then_it_is_free(
    house: House,
) -> None:
    on = house.next_open_date()
    first, *_ = [house.guest.books(an_order(on)) for _ in range(3)]
    house.stripe.pay(first.intent_id)
    house.guest.confirm(first)
    full = house.guest.book(an_order(on))

    house.guest.cancel(first, expected_refund_cents=99_500)

    assert full.json()["error_type"] == "slot_unavailable"
    assert house.guest.books(an_order(on)).id != first.id


def test_given_another_expectation_when_cancelled_then_the_present_offer_is_told_and_all_stands(
    house: House,
) -> None:
    booked = paid(house, house.next_open_date())

    refused = house.guest.cancel(booked, expected_refund_cents=1)

    assert refused.status_code == 409
    assert refused.json()["error_type"] == "refund_changed"
    assert refused.json()["cancellation"] == house.guest.cancellation(booked).json()
    assert refused.json()["details"][0]["field"] == "expected_refund_cents"
    assert house.booking(booked.id)["status"] == "confirmed"
    assert house.stripe.refunds(booked.intent_id) == []


def test_given_a_cancelled_booking_when_asked_again_then_it_is_an_invalid_transition(
    house: House,
) -> None:
    booked = house.guest.books(an_order(house.next_open_date()))
    first = house.guest.cancel(booked, expected_refund_cents=0)

    again = house.guest.cancel(booked, expected_refund_cents=0)
    look = house.guest.cancellation(booked)

    assert first.json()["booking"]["status"] == "cancelled"
    assert house.stripe.intents(booked.id)[0]["status"] == "canceled"
    for answer in (again, look):
        assert (answer.status_code, answer.json()["error_type"]) == (409, "invalid_transition")


def test_given_a_payment_in_processing_when_cancelled_then_it_waits(house: House) -> None:
    booked = house.guest.books(an_order(house.next_open_date()))
    house.stripe.pay(booked.intent_id, "4000000000008880")

    refused = house.guest.cancel(booked, expected_refund_cents=0)

    assert (refused.status_code, refused.json()["error_type"]) == (409, "payment_under_way")
    assert house.booking(booked.id)["status"] == "pending"


@pytest.mark.parametrize("token", ["", "x", "e30.e30"])
def test_given_no_token_of_ours_when_asked_then_it_is_refused(house: House, token: str) -> None:
    path, headers = "/api/public/manage/cancellation", {"X-Manage-Token": token}

    look = house.guest.http.get(path, headers=headers)
    act = house.guest.http.post(path, json={"expected_refund_cents": 0}, headers=headers)

    assert (look.status_code, act.status_code) == (401, 401)
    assert look.json()["error_type"] == "invalid_manage_token"


@pytest.mark.parametrize(
    "body", [{}, {"expected_refund_cents": -1}, {"expected_refund_cents": 0, "reason": "x"}]
)
def test_given_a_bad_body_when_cancelled_then_its_field_is_named(house: House, body: Json) -> None:
    booked = house.guest.books(an_order(house.next_open_date()))
    headers = {"X-Manage-Token": booked.manage_token}

    refused = house.guest.post("public/manage/cancellation", body, headers)

    assert refused.status_code == 400
    assert refused.json()["details"][0]["field"] in {"expected_refund_cents", "reason"}
    assert house.booking(booked.id)["status"] == "pending"


def test_given_a_refund_in_stripe_s_dashboard_when_its_webhook_comes_then_it_counts(
    house: House,
) -> None:
    booked = paid(house, house.next_open_date())

    by_hand = house.stripe.refund_by_hand(booked.intent_id, 9_500)

    arrived(booked, house)
    [row] = house.rows("SELECT * FROM refunds WHERE booking_id = %s", booked.id)
    offer = house.guest.cancellation(booked).json()
    assert (row["stripe_refund_id"], row["requested_by"]) == (by_hand, "stripe")
    assert (row["amount_cents"], row["reason"]) == (9_500, "stripe_dashboard")
    assert offer["paid_cents"] == 90_000


def test_given_two_who_cancel_at_once_when_answered_then_the_money_goes_back_once(
    house: House,
) -> None:
    booked = paid(house, house.next_open_date())

    def cancel(_: int) -> int:
        return house.guest.cancel(booked, expected_refund_cents=99_500).status_code

    with ThreadPoolExecutor(5) as threads:
        answers = sorted(threads.map(cancel, range(5)))

    assert answers == [200, 409, 409, 409, 409]
    assert arrived(booked, house)["amount"] == 99_500
    assert len(house.stripe.refunds(booked.intent_id)) == 1


def test_given_a_key_when_the_cancelling_is_sent_again_then_it_is_replayed(house: House) -> None:
    booked = paid(house, house.next_open_date())
    headers = {"X-Manage-Token": booked.manage_token, "Idempotency-Key": "cancel-1"}
    body = {"expected_refund_cents": 99_500}
    path = "public/manage/cancellation/"

    first, again = (house.guest.post(path, body, headers) for _ in range(2))
    other = house.guest.post(path, {"expected_refund_cents": 1}, headers)

    assert (first.status_code, again.status_code) == (200, 200)
    assert again.json() == first.json()
    assert "idempotency-replayed" not in first.headers
    assert again.headers["idempotency-replayed"] == "true"
    assert (other.status_code, other.json()["error_type"]) == (422, "idempotency_key_reused")
    assert arrived(booked, house)["amount"] == 99_500
