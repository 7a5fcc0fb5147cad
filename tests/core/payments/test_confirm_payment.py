import pytest

from tests.builders import an_id
from tests.core.bookings.memory_house import a_house
from totetaxi_adapters.memory.cards import DECLINES, NEEDS_APPROVAL, TAKES_TIME
from totetaxi_adapters.memory.outage import Outage
from totetaxi_core.bookings.booking_status import BookingStatus
from totetaxi_core.payments.confirm_payment import PaymentIncompleteError, confirm_payment
from totetaxi_core.payments.gateway import (
    IntentNotFoundError,
    IntentStatus,
    PaymentDeclinedError,
    PaymentUnavailableError,
)


async def test_given_a_paid_intent_when_confirmed_twice_then_it_is_the_confirmed_booking() -> None:
    house = await a_house()
    booking, intent = await house.book_unpaid()
    house.pay(intent)

    first = await confirm_payment(booking.id, intent.id, house.ports, house.terms)
    second = await confirm_payment(booking.id, intent.id, house.ports, house.terms)

    assert first == second == house.booking(booking.id)
    assert first.status is BookingStatus.CONFIRMED


async def test_given_a_decline_when_confirmed_then_the_payer_reads_why_and_may_pay_again() -> None:
    house = await a_house()
    booking, intent = await house.book_unpaid()
    house.pay(intent, DECLINES)

    with pytest.raises(PaymentDeclinedError) as refused:
        await confirm_payment(booking.id, intent.id, house.ports, house.terms)
    house.pay(intent)
    confirmed = await confirm_payment(booking.id, intent.id, house.ports, house.terms)

    assert str(refused.value) == "Your card was declined."
    assert confirmed.status is BookingStatus.CONFIRMED


@pytest.mark.parametrize(
    ("card", "status"),
    [
        (None, IntentStatus.REQUIRES_PAYMENT_METHOD),
        (NEEDS_APPROVAL, IntentStatus.REQUIRES_ACTION),
        (TAKES_TIME, IntentStatus.PROCESSING),
    ],
)
async def test_given_an_unfinished_payment_when_confirmed_then_it_is_incomplete(
    card: str | None, status: IntentStatus
) -> None:
    house = await a_house()
    booking, intent = await house.book_unpaid()
    if card:
        house.pay(intent, card)

    with pytest.raises(PaymentIncompleteError) as refused:
        await confirm_payment(booking.id, intent.id, house.ports, house.terms)

    assert (refused.value.code, refused.value.status) == ("payment_incomplete", status)
    assert house.booking(booking.id).status is BookingStatus.PENDING


async def test_given_a_cancelled_booking_when_confirmed_then_it_is_incomplete() -> None:
    house = await a_house()
    booking, intent = await house.book_unpaid()
    await house.cancel(booking)

    with pytest.raises(PaymentIncompleteError) as refused:
        await confirm_payment(booking.id, intent.id, house.ports, house.terms)

    assert refused.value.status is IntentStatus.CANCELED


async def test_given_the_intent_of_another_booking_when_confirmed_then_it_is_not_found() -> None:
    house = await a_house()
    mine, _ = await house.book_unpaid()
    _, others = await house.book_unpaid(allow_duplicate=True)
    house.pay(others)

    with pytest.raises(IntentNotFoundError):
        await confirm_payment(mine.id, others.id, house.ports, house.terms)
    with pytest.raises(IntentNotFoundError):
        await confirm_payment(an_id(), others.id, house.ports, house.terms)
    with pytest.raises(IntentNotFoundError):
        await confirm_payment(mine.id, "pi_unknown", house.ports, house.terms)

    assert house.booking(mine.id).status is BookingStatus.PENDING


async def test_given_stripe_does_not_answer_when_confirmed_then_it_can_be_asked_again() -> None:
    house = await a_house()
    booking, intent = await house.book_unpaid()
    house.pay(intent)
    house.stripe.outages.plan(Outage.AFTER_ACTING)

    with pytest.raises(PaymentUnavailableError):
        await confirm_payment(booking.id, intent.id, house.ports, house.terms)
    confirmed = await confirm_payment(booking.id, intent.id, house.ports, house.terms)

    assert confirmed.status is BookingStatus.CONFIRMED
