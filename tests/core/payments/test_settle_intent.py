"""The table of docs/payments.md, row by row; late payments are in test_late_payment."""

from dataclasses import replace
from datetime import timedelta
from itertools import permutations

import pytest

from tests.builders import HOLD
from tests.core.bookings.memory_house import a_house, an_order
from tests.core.payments.interrupted_gateway import Call
from totetaxi_adapters.memory.cards import DECLINES, NEEDS_APPROVAL, PAYS, TAKES_TIME
from totetaxi_adapters.memory.outage import Outage
from totetaxi_core.bookings.booking_status import BookingStatus
from totetaxi_core.notifications.message import MessageKind
from totetaxi_core.outbox.owed_effect import EffectKind, EffectState
from totetaxi_core.payments.gateway import (
    IntentNotFoundError,
    IntentStatus,
    PaymentUnavailableError,
)
from totetaxi_core.payments.open_intent import open_intent
from totetaxi_core.payments.payment import AttemptState, PaymentStatus
from totetaxi_core.payments.settle_payment import settle_intent

CONFIRMED_OWES = [
    MessageKind.BOOKING_RECEIVED,
    MessageKind.BOOKING_CONFIRMED,
    MessageKind.RECEIPT,
    MessageKind.REMINDER,
]


async def test_given_a_paid_intent_when_settled_then_the_booking_is_confirmed_and_owes_all() -> (
    None
):
    house = await a_house()
    booking, intent = await house.book_unpaid()
    paid = house.pay(intent)

    settlement = await settle_intent(intent.id, house.ports, house.terms)

    assert settlement is not None
    [payment], [attempt] = house.payments(booking), house.attempts(booking)
    [tasks] = house.effects(EffectKind.CREATE_COURIER_TASKS)
    assert settlement.booking == house.booking(booking.id)
    assert settlement.booking.status is BookingStatus.CONFIRMED
    assert settlement.intent == paid
    assert (payment.status, payment.completed_at) == (PaymentStatus.SUCCEEDED, house.clock())
    assert (payment.stripe_charge_id, payment.card_brand) == (paid.charge_id, "visa")
    assert payment.card_last_four == PAYS[-4:]
    assert attempt.state is AttemptState.SUCCEEDED
    assert tasks.state is EffectState.DUE
    assert house.owed_messages() == CONFIRMED_OWES
    assert len(house.crews_taken()) == 4


async def test_given_a_settled_payment_when_settled_again_then_nothing_changes() -> None:
    house = await a_house()
    booking, intent = await house.book_unpaid()
    house.pay(intent)
    await house.settle(intent)
    before = house.stored()
    house.clock.advance(timedelta(hours=1))

    again = await house.settle(intent)

    assert again == house.booking(booking.id)
    assert house.stored() == before


@pytest.mark.parametrize(
    ("card", "status"),
    [
        (DECLINES, PaymentStatus.PENDING),
        (NEEDS_APPROVAL, PaymentStatus.PENDING),
        (TAKES_TIME, PaymentStatus.PROCESSING),
    ],
)
async def test_given_an_unpaid_intent_when_settled_then_the_booking_waits_on(
    card: str, status: PaymentStatus
) -> None:
    house = await a_house()
    booking, intent = await house.book_unpaid()
    house.pay(intent, card)

    await house.settle(intent)

    [payment], [attempt] = house.payments(booking), house.attempts(booking)
    assert house.booking(booking.id) == booking
    assert payment.status is status
    assert (attempt.state, attempt.checked_at) == (AttemptState.LIVE, house.clock())
    assert house.owed_messages() == [MessageKind.BOOKING_RECEIVED]


async def test_given_a_decline_when_another_card_pays_then_the_booking_is_confirmed() -> None:
    house = await a_house()
    booking, intent = await house.book_unpaid()
    house.pay(intent, DECLINES)
    await house.settle(intent)
    house.pay(intent, PAYS)

    await house.settle(intent)

    assert house.booking(booking.id).status is BookingStatus.CONFIRMED


async def test_given_a_bank_that_takes_time_when_it_decides_then_the_payment_follows() -> None:
    house = await a_house()
    booking, intent = await house.book_unpaid()
    house.pay(intent, TAKES_TIME)
    await house.settle(intent)
    processing = house.payments(booking)[0].status
    house.stripe.decide(intent.id, approve=False)
    await house.settle(intent)
    declined = house.payments(booking)[0].status

    house.pay(intent, PAYS)
    await house.settle(intent)

    assert (processing, declined) == (PaymentStatus.PROCESSING, PaymentStatus.PENDING)
    assert house.payments(booking)[0].status is PaymentStatus.SUCCEEDED


@pytest.mark.parametrize(
    "stale",
    [
        IntentStatus.REQUIRES_PAYMENT_METHOD,
        IntentStatus.PROCESSING,
        IntentStatus.CANCELED,
        IntentStatus.UNKNOWN,
    ],
)
async def test_given_a_success_when_an_older_look_arrives_after_it_then_the_success_stands(
    stale: IntentStatus,
) -> None:
    house = await a_house()
    booking, intent = await house.book_unpaid()
    house.pay(intent)
    await house.settle(intent)
    before = house.stored()
    slow = replace(house.stripe.intents()[0], status=stale)

    await house.settle_by_look(slow)

    assert house.stored() == before
    assert house.booking(booking.id).status is BookingStatus.CONFIRMED


async def test_given_three_looks_when_they_are_applied_in_any_order_then_the_end_is_the_same() -> (
    None
):
    ends = []
    for order in permutations([0, 1, 2]):
        house = await a_house()
        booking, intent = await house.book_unpaid()
        looks = [intent, house.pay(intent, DECLINES), house.pay(intent, PAYS)]
        for index in order:
            await house.settle_by_look(looks[index])
        [payment] = house.payments(booking)
        ends.append((house.booking(booking.id).status, payment.status, house.owed_messages()))

    assert all(
        end == (BookingStatus.CONFIRMED, PaymentStatus.SUCCEEDED, CONFIRMED_OWES) for end in ends
    )
    assert len(ends) == 6


async def test_given_a_canceled_intent_when_settled_then_its_attempt_is_over() -> None:
    house = await a_house()
    booking, intent = await house.book_unpaid()
    await house.stripe.cancel_intent(intent.id)

    await house.settle(intent)

    assert house.attempts(booking)[0].state is AttemptState.ENDED
    assert house.booking(booking.id).status is BookingStatus.PENDING
    assert house.payments(booking)[0].status is PaymentStatus.PENDING


async def test_given_an_old_attempt_canceled_when_the_new_one_is_processing_then_that_counts() -> (
    None
):
    house = await a_house()
    booking, first = await house.book_unpaid()
    await house.stripe.cancel_intent(first.id)
    second = await open_intent(booking.id, house.ports, house.terms)
    house.pay(second, TAKES_TIME)
    await house.settle(second)

    await house.settle(first)

    assert house.payments(booking)[0].status is PaymentStatus.PROCESSING


async def test_given_an_intent_stripe_does_not_know_when_settled_then_it_is_not_found() -> None:
    house = await a_house()

    with pytest.raises(IntentNotFoundError):
        await settle_intent("pi_unknown", house.ports, house.terms)


async def test_given_stripe_does_not_answer_when_settled_then_nothing_changes() -> None:
    house = await a_house()
    _, intent = await house.book_unpaid()
    house.pay(intent)
    before = house.stored()
    house.stripe.outages.plan(Outage.BEFORE_ACTING)

    with pytest.raises(PaymentUnavailableError):
        await house.settle(intent)

    assert house.stored() == before


async def test_given_two_who_settle_at_once_when_paid_then_it_is_confirmed_once() -> None:
    house = await a_house()
    booking, intent = await house.book_unpaid()
    house.pay(intent)

    async def other_settles() -> None:
        await house.settle(intent)

    house.stripe.after(Call.GET_INTENT, other_settles)
    await house.settle(intent)

    assert house.booking(booking.id).version == booking.version + 1
    assert house.owed_messages() == CONFIRMED_OWES


async def test_given_a_hold_that_lapsed_but_was_not_ended_when_paid_then_it_is_confirmed() -> None:
    house = await a_house()
    booked = await house.book_order(an_order())
    assert booked.intent is not None
    house.pay(booked.intent)
    house.clock.advance(HOLD * 2)

    await house.settle(booked.intent)

    assert house.booking(booked.booking.id).status is BookingStatus.CONFIRMED
    assert house.refunds(booked.booking) == []
