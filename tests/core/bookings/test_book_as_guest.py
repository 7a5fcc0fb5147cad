import pytest

from tests.builders import HOLD, PICKUP_DATE
from tests.core.bookings.memory_house import a_house, a_key, an_order
from tests.core.bookings.sample_books import book_with_petite_at
from tests.core.payments.interrupted_gateway import Call
from totetaxi_adapters.memory.outage import Outage
from totetaxi_core.bookings.booking_status import BookingStatus
from totetaxi_core.payments.gateway import IntentStatus, PaymentMisconfiguredError
from totetaxi_core.payments.payment import AttemptState


async def test_given_a_guest_when_they_book_then_they_get_booking_token_and_intent() -> None:
    house = await a_house()

    booked = await house.book_order()

    assert booked.intent is not None
    [attempt] = house.attempts(booked.booking)
    assert booked.intent.amount_cents == booked.booking.total_cents == 99_500
    assert booked.intent.booking_id == booked.booking.id
    assert booked.intent.status is IntentStatus.REQUIRES_PAYMENT_METHOD
    assert attempt.intent_id == booked.intent.id
    assert house.terms.manage_tokens.booking_id(booked.manage_token or "") == booked.booking.id
    assert (booked.payment_error, booked.is_repeat, booked.is_replay) == (None, False, False)


async def test_given_no_wish_for_an_intent_when_booked_then_stripe_is_not_asked() -> None:
    house = await a_house()

    booked = await house.book_order(an_order(wants_intent=False))

    assert (booked.intent, booked.payment_error) == (None, None)
    assert house.stripe.calls == []


async def test_given_a_free_order_when_booked_then_it_is_confirmed_without_a_payment() -> None:
    house = await a_house(book=book_with_petite_at(0))

    booked = await house.book_order()

    assert booked.booking.status is BookingStatus.CONFIRMED
    assert (booked.intent, booked.payment_error) == (None, None)
    assert booked.manage_token is not None
    assert house.stripe.calls == []


@pytest.mark.parametrize("outage", [Outage.BEFORE_ACTING, Outage.AFTER_ACTING])
async def test_given_stripe_does_not_answer_when_booked_then_the_booking_stands_and_says_so(
    outage: Outage,
) -> None:
    house = await a_house()
    house.stripe.outages.last(outage)

    booked = await house.book_order()

    [attempt] = house.attempts(booked.booking)
    assert (booked.intent, booked.payment_error) == (None, "payment_unavailable")
    assert house.booking(booked.booking.id).status is BookingStatus.PENDING
    assert (attempt.state, attempt.intent_id) == (AttemptState.LIVE, None)
    assert PICKUP_DATE in {on for on, _ in house.crews_taken()}


async def test_given_stripe_refuses_our_key_when_booked_then_the_booking_stands() -> None:
    house = await a_house()

    async def refuse() -> None:
        raise PaymentMisconfiguredError("AuthenticationError, HTTP 401")

    house.stripe.before(Call.CREATE_INTENT, refuse)

    booked = await house.book_order()

    assert booked.payment_error == "payment_unavailable"
    assert house.booking(booked.booking.id).status is BookingStatus.PENDING


async def test_given_a_repeat_paid_meanwhile_when_booked_then_it_is_answered_as_it_stands() -> None:
    house = await a_house()
    booking, intent = await house.book_unpaid()

    async def pay() -> None:
        house.pay(intent)
        await house.settle(intent)

    house.stripe.before(Call.GET_INTENT, pay)

    again = await house.book_order(an_order(idempotency_key=a_key()))
    replay = await house.book_order(an_order(idempotency_key=a_key()))

    assert again.booking.id == booking.id
    assert again.booking.status is BookingStatus.CONFIRMED
    assert (again.intent, again.payment_error) == (None, None)
    assert replay.is_replay


async def test_given_a_hold_that_lapses_at_stripe_when_booked_then_no_secret_is_handed_out() -> (
    None
):
    house = await a_house()

    async def linger() -> None:
        house.clock.advance(HOLD)

    house.stripe.after(Call.CREATE_INTENT, linger)

    booked = await house.book_order()

    assert booked.intent is None
    assert [intent.status for intent in house.stripe.intents()] == [IntentStatus.CANCELED]
