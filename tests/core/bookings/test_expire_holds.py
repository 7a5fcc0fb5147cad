from datetime import timedelta

import pytest

from tests.builders import HOLD
from tests.core.bookings.memory_house import MemoryHouse, a_house, an_order
from tests.core.payments.interrupted_gateway import Call
from totetaxi_adapters.memory.cards import TAKES_TIME
from totetaxi_adapters.memory.outage import Outage
from totetaxi_core.bookings.booking_status import BookingStatus, CancellationReason
from totetaxi_core.bookings.expire_holds import expire_holds
from totetaxi_core.notifications.message import MessageKind
from totetaxi_core.payments.gateway import (
    IntentStatus,
    PaymentMisconfiguredError,
    PaymentUnavailableError,
)


async def expire(house: MemoryHouse, *, limit: int = 10) -> int:
    return await expire_holds(house.ports, house.terms, limit=limit)


async def test_given_a_hold_when_its_last_instant_comes_then_it_ends_and_not_before() -> None:
    house = await a_house()
    booking, _ = await house.book_unpaid()

    house.clock.advance(HOLD - timedelta(microseconds=1))
    early = await expire(house)
    house.clock.advance(timedelta(microseconds=1))
    due = await expire(house)

    ended = house.booking(booking.id)
    assert (early, due) == (0, 1)
    assert ended.cancellation_reason is CancellationReason.PAYMENT_TIMEOUT
    assert house.crews_taken() == {}
    assert house.stripe.intents()[0].status is IntentStatus.CANCELED
    assert house.owed_messages() == [MessageKind.BOOKING_RECEIVED, MessageKind.HOLD_EXPIRED]


async def test_given_more_lapsed_than_the_limit_when_expired_then_the_earliest_go_first() -> None:
    house = await a_house()
    bookings = []
    for _ in range(3):
        bookings.append(await house.book_order(an_order(allow_duplicate=True)))
        house.clock.advance(timedelta(seconds=1))
    house.clock.advance(HOLD)

    looked_at = [await expire(house, limit=2), await expire(house, limit=2), await expire(house)]

    assert looked_at == [2, 1, 0]
    statuses = {house.booking(each.booking.id).status for each in bookings}
    assert statuses == {BookingStatus.CANCELLED}


async def test_given_a_payment_whose_webhook_was_lost_when_expired_then_it_is_confirmed() -> None:
    house = await a_house()
    booking, intent = await house.book_unpaid()
    house.pay(intent)
    house.clock.advance(HOLD)

    await expire(house)

    assert house.booking(booking.id).status is BookingStatus.CONFIRMED
    assert len(house.crews_taken()) == 4
    assert MessageKind.HOLD_EXPIRED not in house.owed_messages()


async def test_given_a_payment_in_processing_when_expired_then_it_is_held_until_the_bank_says() -> (
    None
):
    house = await a_house()
    paid, paying = await house.book_unpaid()
    refused, waiting = await house.book_unpaid(allow_duplicate=True)
    house.pay(paying, TAKES_TIME)
    house.pay(waiting, TAKES_TIME)
    house.clock.advance(HOLD)
    await expire(house)
    held = [house.booking(each.id).status for each in (paid, refused)]

    house.stripe.decide(paying.id, approve=True)
    house.stripe.decide(waiting.id, approve=False)
    await expire(house)

    assert held == [BookingStatus.PENDING, BookingStatus.PENDING]
    assert house.booking(paid.id).status is BookingStatus.CONFIRMED
    assert house.booking(refused.id).status is BookingStatus.CANCELLED
    assert set(house.crews_taken().values()) == {1}


async def test_given_stripe_does_not_answer_when_expired_then_every_hold_stays() -> None:
    house = await a_house()
    await house.book_unpaid()
    await house.book_unpaid(allow_duplicate=True)
    house.clock.advance(HOLD)
    house.stripe.outages.last(Outage.BEFORE_ACTING)

    with pytest.raises(PaymentUnavailableError):
        await expire(house)
    held = set(house.crews_taken().values())
    house.stripe.outages.end()
    await expire(house)

    assert held == {2}
    assert house.crews_taken() == {}


async def test_given_one_that_cannot_be_ended_when_expired_then_the_others_are() -> None:
    house = await a_house()
    stuck, _ = await house.book_unpaid()
    house.clock.advance(timedelta(seconds=1))
    other, _ = await house.book_unpaid(allow_duplicate=True)
    house.clock.advance(HOLD)

    async def refuse() -> None:
        raise PaymentMisconfiguredError("InvalidRequestError, HTTP 400")

    house.stripe.before(Call.CANCEL_INTENT, refuse)

    with pytest.raises(PaymentMisconfiguredError):
        await expire(house)

    assert house.booking(stuck.id).status is BookingStatus.PENDING
    assert house.booking(other.id).status is BookingStatus.CANCELLED


async def test_given_two_sweeps_when_they_meet_then_each_hold_ends_once() -> None:
    house = await a_house()
    booking, _ = await house.book_unpaid()
    house.clock.advance(HOLD)

    async def other_sweep() -> None:
        await expire(house)

    house.stripe.after(Call.CANCEL_INTENT, other_sweep)
    await expire(house)

    assert house.booking(booking.id).version == booking.version + 1
    assert house.crews_taken() == {}
    assert house.owed_messages().count(MessageKind.HOLD_EXPIRED) == 1
