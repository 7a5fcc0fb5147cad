from datetime import timedelta

import pytest

from tests.core.bookings.memory_house import MemoryHouse, a_house, an_order
from tests.core.payments.interrupted_gateway import Call
from totetaxi_adapters.memory.outage import Outage
from totetaxi_core.bookings.booking_status import BookingStatus
from totetaxi_core.payments.check_payments import check_payments
from totetaxi_core.payments.gateway import (
    IntentNotFoundError,
    PaymentMisconfiguredError,
    PaymentUnavailableError,
)
from totetaxi_core.payments.open_intent import open_intent
from totetaxi_core.payments.payment import AttemptState

PAUSE = timedelta(seconds=15)


async def check(house: MemoryHouse, *, limit: int = 10) -> int:
    return await check_payments(house.ports, house.terms, pause=PAUSE, limit=limit)


async def test_given_a_payment_whose_webhook_was_lost_when_checked_then_it_is_confirmed() -> None:
    house = await a_house()
    booking, intent = await house.book_unpaid()
    house.pay(intent)
    house.clock.advance(PAUSE + timedelta(seconds=1))

    checked = await check(house)
    again = await check(house)

    assert (checked, again) == (1, 0)
    assert house.booking(booking.id).status is BookingStatus.CONFIRMED


async def test_given_an_unpaid_attempt_when_checked_then_it_rests_for_the_pause() -> None:
    house = await a_house()
    booking, _ = await house.book_unpaid()

    counts = [await check(house)]
    for step in (PAUSE, timedelta(microseconds=1), timedelta(0), PAUSE + timedelta(seconds=1)):
        house.clock.advance(step)
        counts.append(await check(house))

    assert counts == [0, 0, 1, 0, 1]
    assert house.attempts(booking)[0].state is AttemptState.LIVE


async def test_given_an_attempt_without_intent_when_checked_then_stripe_is_not_asked() -> None:
    house = await a_house()
    house.stripe.outages.plan(Outage.AFTER_ACTING)
    await house.book_order()
    house.clock.advance(PAUSE * 2)
    house.stripe.calls.clear()

    checked = await check(house)

    assert checked == 1
    assert house.stripe.calls == []
    assert await check(house) == 0


async def test_given_more_attempts_than_the_limit_when_checked_then_each_has_its_turn() -> None:
    house = await a_house()
    intents = []
    for _ in range(3):
        _, intent = await house.book_unpaid(allow_duplicate=True)
        intents.append(intent)
        house.clock.advance(timedelta(seconds=1))
    house.clock.advance(PAUSE)
    house.pay(intents[2])

    counts = [await check(house, limit=2), await check(house, limit=2), await check(house, limit=2)]

    assert counts == [2, 1, 0]
    statuses = [row.status for row in house.database.bookings.rows.values()]
    assert statuses == [BookingStatus.PENDING, BookingStatus.PENDING, BookingStatus.CONFIRMED]


async def test_given_stripe_does_not_answer_when_checked_then_it_is_tried_again_soon() -> None:
    house = await a_house()
    _, intent = await house.book_unpaid()
    house.pay(intent)
    house.clock.advance(PAUSE * 2)
    house.stripe.outages.plan(Outage.BEFORE_ACTING)

    with pytest.raises(PaymentUnavailableError):
        await check(house)

    assert await check(house) == 1


async def test_given_one_that_cannot_be_settled_when_checked_then_the_others_are() -> None:
    house = await a_house()
    await house.book_unpaid()
    house.clock.advance(timedelta(seconds=1))
    other, intent = await house.book_unpaid(allow_duplicate=True)
    house.pay(intent)
    house.clock.advance(PAUSE * 2)

    async def refuse() -> None:
        raise PaymentMisconfiguredError("PermissionError, HTTP 403")

    house.stripe.before(Call.GET_INTENT, refuse)

    with pytest.raises(PaymentMisconfiguredError):
        await check(house)

    assert house.booking(other.id).status is BookingStatus.CONFIRMED


async def test_given_a_forgotten_intent_when_checked_then_its_end_is_left_to_expiry() -> None:
    house = await a_house()
    booking, intent = await house.book_unpaid()
    house.clock.advance(PAUSE * 2)

    async def forget() -> None:
        raise IntentNotFoundError(intent.id)

    house.stripe.before(Call.GET_INTENT, forget)

    checked = await check(house)

    assert checked == 1
    assert house.attempts(booking)[0].state is AttemptState.LIVE
    assert await check(house) == 0


async def test_given_an_attempt_that_moves_on_meanwhile_when_checked_then_it_is_not_undone() -> (
    None
):
    house = await a_house()
    booking, intent = await house.book_unpaid()
    house.clock.advance(PAUSE * 2)

    async def forget_after_all_has_ended() -> None:
        await house.cancel(booking)
        raise IntentNotFoundError(intent.id)

    house.stripe.before(Call.GET_INTENT, forget_after_all_has_ended)

    await check(house)

    [attempt] = house.attempts(booking)
    assert (attempt.state, attempt.checked_at) == (AttemptState.ENDED, None)


async def test_given_an_intent_learned_meanwhile_when_checked_then_it_is_not_forgotten() -> None:
    house = await a_house()
    earlier, first = await house.book_unpaid()
    house.clock.advance(timedelta(seconds=1))
    house.stripe.outages.plan(Outage.AFTER_ACTING)
    booked = await house.book_order(an_order(allow_duplicate=True))
    house.clock.advance(PAUSE * 2)

    async def learn() -> None:
        await open_intent(booked.booking.id, house.ports, house.terms)

    house.stripe.before(Call.GET_INTENT, learn)

    await check(house)

    [attempt] = house.attempts(booked.booking)
    assert attempt.intent_id == house.stripe.intents()[1].id
    assert house.attempts(earlier)[0].intent_id == first.id
