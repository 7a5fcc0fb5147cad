from datetime import timedelta

import pytest

from tests.builders import HOLD, an_id
from tests.core.bookings.memory_house import a_house, an_order
from tests.core.payments.interrupted_gateway import Call
from totetaxi_adapters.memory.cards import DECLINES
from totetaxi_adapters.memory.outage import Outage
from totetaxi_core.bookings.booking import BookingNotFoundError, InvalidTransitionError
from totetaxi_core.bookings.booking_status import BookingStatus
from totetaxi_core.payments.gateway import (
    IntentNotFoundError,
    IntentStatus,
    PaymentUnavailableError,
)
from totetaxi_core.payments.open_intent import open_intent
from totetaxi_core.payments.payment import AttemptState


async def test_given_no_intent_when_opened_then_one_is_made_for_the_bookings_total() -> None:
    house = await a_house()
    booking = await house.book_without_intent()

    intent = await open_intent(booking.id, house.ports, house.terms)

    [payment], [attempt] = house.payments(booking), house.attempts(booking)
    assert intent.amount_cents == booking.total_cents
    assert intent.payment_id == payment.id
    assert attempt.intent_id == intent.id
    assert house.attempt_states(booking) == [(1, AttemptState.LIVE)]


@pytest.mark.parametrize("card", [None, DECLINES])
async def test_given_a_live_intent_when_opened_again_then_it_is_the_same(card: str | None) -> None:
    house = await a_house()
    booking, intent = await house.book_unpaid()
    if card:
        house.pay(intent, card)

    again = await open_intent(booking.id, house.ports, house.terms)

    assert again.id == intent.id
    assert again.client_secret == intent.client_secret
    assert len(house.stripe.intents()) == 1


async def test_given_a_canceled_intent_when_opened_then_a_second_attempt_is_made() -> None:
    house = await a_house()
    booking, intent = await house.book_unpaid()
    await house.stripe.cancel_intent(intent.id)

    again = await open_intent(booking.id, house.ports, house.terms)

    assert again.id != intent.id
    assert again.status is IntentStatus.REQUIRES_PAYMENT_METHOD
    assert house.attempt_states(booking) == [(1, AttemptState.ENDED), (2, AttemptState.LIVE)]


async def test_given_an_intent_stripe_has_forgotten_when_opened_then_another_is_made() -> None:
    house = await a_house()
    booking, intent = await house.book_unpaid()

    async def forget() -> None:
        raise IntentNotFoundError(intent.id)

    house.stripe.before(Call.GET_INTENT, forget)

    again = await open_intent(booking.id, house.ports, house.terms)

    assert again.id != intent.id
    assert house.attempt_states(booking) == [(1, AttemptState.ENDED), (2, AttemptState.LIVE)]


@pytest.mark.parametrize("outage", [Outage.BEFORE_ACTING, Outage.AFTER_ACTING])
async def test_given_no_answer_when_opened_again_then_the_same_key_brings_one_intent(
    outage: Outage,
) -> None:
    house = await a_house()
    booking = await house.book_without_intent()
    house.stripe.outages.plan(outage, outage)
    for _ in range(2):
        with pytest.raises(PaymentUnavailableError):
            await open_intent(booking.id, house.ports, house.terms)

    intent = await open_intent(booking.id, house.ports, house.terms)

    assert [each.id for each in house.stripe.intents()] == [intent.id]
    assert house.attempt_states(booking) == [(1, AttemptState.LIVE)]


async def test_given_a_stored_failure_when_no_intent_is_found_then_the_next_attempt_is_made() -> (
    None
):
    house = await a_house()
    booking = await house.book_without_intent()
    [payment] = house.payments(booking)
    house.stripe.failed_keys.add(f"payment:{payment.id}:1")

    intent = await open_intent(booking.id, house.ports, house.terms)

    assert intent.status is IntentStatus.REQUIRES_PAYMENT_METHOD
    assert house.attempt_states(booking) == [(1, AttemptState.ENDED), (2, AttemptState.LIVE)]


async def test_given_a_stored_failure_that_had_acted_when_opened_then_its_intent_is_taken() -> None:
    house = await a_house()
    house.stripe.outages.plan(Outage.AFTER_ACTING)
    booking = (await house.book_order()).booking
    [payment] = house.payments(booking)
    house.stripe.failed_keys.add(f"payment:{payment.id}:1")

    intent = await open_intent(booking.id, house.ports, house.terms)

    assert [each.id for each in house.stripe.intents()] == [intent.id]
    assert house.attempt_states(booking) == [(1, AttemptState.LIVE)]
    assert house.attempts(booking)[0].intent_id == intent.id


async def test_given_failures_under_every_key_when_opened_then_it_ends_and_says_so() -> None:
    house = await a_house()
    booking = await house.book_without_intent()
    [payment] = house.payments(booking)
    house.stripe.failed_keys |= {f"payment:{payment.id}:{number}" for number in range(1, 20)}

    with pytest.raises(PaymentUnavailableError):
        await open_intent(booking.id, house.ports, house.terms)

    assert house.stripe.calls.count(Call.CREATE_INTENT) == 3
    assert house.stripe.intents() == ()
    assert house.booking(booking.id).status is BookingStatus.PENDING


@pytest.mark.parametrize(
    ("state", "stands"),
    [
        ("lapsed", "was not paid in time"),
        ("cancelled", "is cancelled"),
        ("confirmed", "is confirmed"),
    ],
)
async def test_given_a_booking_that_waits_for_no_payment_when_opened_then_stripe_is_not_asked(
    state: str, stands: str
) -> None:
    house = await a_house()
    booking, intent = await house.book_unpaid()
    if state == "lapsed":
        house.clock.advance(HOLD)
    elif state == "cancelled":
        await house.cancel(booking)
    else:
        house.pay(intent)
        await house.settle(intent)
    house.stripe.calls.clear()

    with pytest.raises(InvalidTransitionError) as refused:
        await open_intent(booking.id, house.ports, house.terms)

    assert refused.value.code == "invalid_transition"
    said = f"booking {booking.booking_number} {stands}: it is not waiting for a payment"
    assert str(refused.value) == said
    assert house.stripe.calls == []


async def test_given_no_such_booking_when_opened_then_it_is_not_found() -> None:
    house = await a_house()

    with pytest.raises(BookingNotFoundError):
        await open_intent(an_id(), house.ports, house.terms)


async def test_given_a_receipt_address_when_the_intent_is_new_then_stripe_writes_there() -> None:
    house = await a_house()
    booking = await house.book_without_intent()

    await open_intent(booking.id, house.ports, house.terms, receipt_email="office@example.com")

    assert house.payments(booking)[0].customer_email == "office@example.com"


async def test_given_a_receipt_address_when_the_intent_is_made_then_its_order_stays_alike() -> None:
    house = await a_house()
    house.stripe.outages.plan(Outage.AFTER_ACTING)
    booking = (await house.book_order()).booking

    intent = await open_intent(
        booking.id, house.ports, house.terms, receipt_email="office@example.com"
    )

    assert [each.id for each in house.stripe.intents()] == [intent.id]
    assert house.payments(booking)[0].customer_email == "Ada.Guest@Example.com"


async def test_given_an_attempt_older_than_its_key_when_opened_then_its_intent_is_found() -> None:
    house = await a_house()
    house.stripe.outages.plan(Outage.AFTER_ACTING)
    booking = (await house.book_order(an_order(placed_by="maria"))).booking
    house.clock.advance(timedelta(hours=23, minutes=30))

    intent = await open_intent(booking.id, house.ports, house.terms)

    assert [each.id for each in house.stripe.intents()] == [intent.id]
    assert house.stripe.calls.count(Call.CREATE_INTENT) == 1
