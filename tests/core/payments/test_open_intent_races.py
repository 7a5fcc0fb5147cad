"""What may happen to a booking while its intent is being opened."""

import asyncio
from dataclasses import replace

import pytest

from tests.builders import HOLD
from tests.core.bookings.memory_house import a_house
from tests.core.payments.interrupted_gateway import Call
from totetaxi_core.bookings.booking import InvalidTransitionError
from totetaxi_core.payments.gateway import (
    IntentStatus,
)
from totetaxi_core.payments.open_intent import open_intent
from totetaxi_core.payments.payment import AttemptState


async def test_given_many_callers_at_once_when_opened_then_all_get_one_intent() -> None:
    house = await a_house()
    booking = await house.book_without_intent()

    intents = await asyncio.gather(
        *(open_intent(booking.id, house.ports, house.terms) for _ in range(5))
    )

    assert len({intent.id for intent in intents}) == 1
    assert len(house.stripe.intents()) == 1
    assert house.attempt_states(booking) == [(1, AttemptState.LIVE)]


async def test_given_a_stored_failure_and_two_callers_when_opened_then_both_get_one_intent() -> (
    None
):
    house = await a_house()
    booking = await house.book_without_intent()
    [payment] = house.payments(booking)
    house.stripe.failed_keys.add(f"payment:{payment.id}:1")
    others = []

    async def other_caller() -> None:
        others.append(await open_intent(booking.id, house.ports, house.terms))

    # The other has the second attempt's intent while we still look for the first one's.
    house.stripe.before(Call.FIND_INTENTS, other_caller)

    intent = await open_intent(booking.id, house.ports, house.terms)

    assert [other.id for other in others] == [intent.id]
    assert house.attempts(booking)[1].intent_id == intent.id
    assert house.attempt_states(booking) == [(1, AttemptState.ENDED), (2, AttemptState.LIVE)]


async def test_given_an_intent_canceled_and_replaced_meanwhile_when_opened_then_the_new_one() -> (
    None
):
    house = await a_house()
    booking = await house.book_without_intent()
    replaced = []

    async def cancel_and_replace() -> None:
        [made] = house.stripe.intents()
        await house.stripe.cancel_intent(made.id)
        replaced.append(await open_intent(booking.id, house.ports, house.terms))

    house.stripe.after(Call.CREATE_INTENT, cancel_and_replace)

    intent = await open_intent(booking.id, house.ports, house.terms)

    assert [each.id for each in replaced] == [intent.id]
    assert house.attempt_states(booking) == [(1, AttemptState.ENDED), (2, AttemptState.LIVE)]


async def test_given_a_booking_cancelled_meanwhile_when_opened_then_nobody_gets_the_secret() -> (
    None
):
    house = await a_house()
    booking = await house.book_without_intent()

    async def cancel() -> None:
        await house.cancel(booking)

    house.stripe.before(Call.CREATE_INTENT, cancel)

    with pytest.raises(InvalidTransitionError):
        await open_intent(booking.id, house.ports, house.terms)

    assert {each.status for each in house.stripe.intents()} == {IntentStatus.CANCELED}
    assert house.attempt_states(booking) == [(1, AttemptState.ENDED)]
    assert house.crews_taken() == {}


async def test_given_a_hold_that_lapses_meanwhile_when_opened_then_the_intent_is_canceled() -> None:
    house = await a_house()
    booking = await house.book_without_intent()

    async def linger() -> None:
        house.clock.advance(HOLD)

    house.stripe.after(Call.CREATE_INTENT, linger)

    with pytest.raises(InvalidTransitionError):
        await open_intent(booking.id, house.ports, house.terms)

    assert [each.status for each in house.stripe.intents()] == [IntentStatus.CANCELED]


async def test_given_the_attempt_learned_another_intent_meanwhile_when_opened_then_that_one() -> (
    None
):
    house = await a_house()
    booking = await house.book_without_intent()
    told = []

    async def hear_of_another() -> None:
        told.append(await house.stray_intent(booking))
        await house.settle_by_look(replace(told[0], attempt=None))

    house.stripe.after(Call.CREATE_INTENT, hear_of_another)

    intent = await open_intent(booking.id, house.ports, house.terms)

    assert intent.id == told[0].id
    assert [each.intent_id for each in house.attempts(booking)] == [intent.id]
