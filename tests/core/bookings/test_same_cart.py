import asyncio
from dataclasses import replace
from datetime import time, timedelta
from typing import Any

import pytest

from tests.builders import HOLD, PELOTON, a_contact, a_quote_request, an_address
from tests.core.bookings.memory_house import MemoryHouse, a_house, a_key, an_order
from tests.core.bookings.sample_books import book_with_petite_at
from totetaxi_adapters.memory.cards import TAKES_TIME
from totetaxi_adapters.memory.outage import Outage
from totetaxi_core.bookings.booking_status import BookingStatus, CancellationReason
from totetaxi_core.bookings.place_booking import DuplicateBookingError
from totetaxi_core.notifications.message import MessageKind
from totetaxi_core.payments.gateway import PaymentUnavailableError
from totetaxi_core.payments.settle_payment import settle_intent
from totetaxi_core.pricing import SpecialtyChoice


def booking_count(house: MemoryHouse) -> int:
    return len(house.database.bookings.rows)


async def test_given_a_pending_cart_when_ordered_again_then_it_is_the_first_and_its_intent() -> (
    None
):
    house = await a_house()
    first = await house.book_order()
    before = house.stored()

    again = await house.book_order(an_order(contact=a_contact(email="ADA.GUEST@example.com")))

    assert again.is_repeat
    assert again.booking == first.booking
    assert again.manage_token is None
    assert again.intent == first.intent
    assert house.stored() == before
    assert len(house.stripe.intents()) == 1


@pytest.mark.parametrize(
    "changes",
    [
        {"contact": a_contact(email="bo@example.com")},
        {"pickup_address": replace(an_address(), address_line_2="Apt 6A")},
        {"request": replace(a_quote_request(), pickup_time=time(10, 0))},
        {"request": replace(a_quote_request(), specialty_items=(SpecialtyChoice(id=PELOTON.id),))},
    ],
)
async def test_given_a_pending_cart_when_something_differs_then_it_is_another_booking(
    changes: dict[str, Any],
) -> None:
    house = await a_house()
    await house.book_order()

    other = await house.book_order(an_order(**changes))

    assert not other.is_repeat
    assert other.manage_token is not None
    assert booking_count(house) == 2


async def test_given_a_confirmed_cart_when_ordered_again_then_it_is_a_duplicate() -> None:
    house = await a_house()
    booking, intent = await house.book_unpaid()
    house.pay(intent)
    await settle_intent(intent.id, house.ports, house.terms)
    before = house.stored()

    with pytest.raises(DuplicateBookingError) as refused:
        await house.book_order(an_order(idempotency_key=a_key()))

    assert refused.value.code == "duplicate_booking"
    assert refused.value.booking_number == booking.booking_number
    assert house.stored() == before


async def test_given_a_free_cart_when_ordered_again_then_it_is_a_duplicate() -> None:
    house = await a_house(book=book_with_petite_at(0))
    await house.book_order()

    with pytest.raises(DuplicateBookingError):
        await house.book_order()

    assert booking_count(house) == 1


@pytest.mark.parametrize("is_paid", [False, True])
async def test_given_a_wish_for_a_duplicate_when_ordered_then_a_second_is_booked(
    is_paid: bool,  # noqa: FBT001  a parameter of pytest
) -> None:
    house = await a_house()
    first, intent = await house.book_unpaid()
    if is_paid:
        house.pay(intent)
        await settle_intent(intent.id, house.ports, house.terms)

    second = await house.book_order(an_order(allow_duplicate=True))

    assert second.booking.id != first.id
    assert not second.is_repeat
    assert second.intent is not None
    assert second.intent.id != intent.id
    assert set(house.crews_taken().values()) == {2}


async def test_given_a_lapsed_cart_when_ordered_again_then_it_ends_and_is_booked_afresh() -> None:
    house = await a_house()
    first, intent = await house.book_unpaid()
    house.clock.advance(HOLD)

    again = await house.book_order(an_order(idempotency_key=a_key()))

    ended = house.booking(first.id)
    assert ended.cancellation_reason is CancellationReason.PAYMENT_TIMEOUT
    assert not again.is_repeat
    assert again.booking.id != first.id
    assert again.manage_token is not None
    assert again.intent is not None
    assert again.intent.id != intent.id
    assert set(house.crews_taken().values()) == {1}
    assert MessageKind.HOLD_EXPIRED in house.owed_messages()


async def test_given_a_lapsed_cart_booked_afresh_when_its_key_returns_then_it_is_the_new_one() -> (
    None
):
    house = await a_house()
    await house.book_unpaid()
    house.clock.advance(HOLD)
    fresh = await house.book_order(an_order(idempotency_key=a_key()))

    replay = await house.book_order(an_order(idempotency_key=a_key()))

    assert replay.is_replay
    assert replay.booking == fresh.booking
    assert replay.manage_token == fresh.manage_token


async def test_given_a_lapsed_cart_that_was_paid_when_ordered_again_then_it_is_a_duplicate() -> (
    None
):
    house = await a_house()
    first, intent = await house.book_unpaid()
    house.pay(intent)
    house.clock.advance(HOLD)

    with pytest.raises(DuplicateBookingError):
        await house.book_order(an_order(idempotency_key=a_key()))

    assert house.booking(first.id).status is BookingStatus.CONFIRMED
    assert house.database.idempotency.rows == {}


async def test_given_a_lapsed_cart_whose_bank_takes_time_when_ordered_then_it_is_a_repeat() -> None:
    house = await a_house()
    first, intent = await house.book_unpaid()
    house.pay(intent, TAKES_TIME)
    house.clock.advance(HOLD)

    again = await house.book_order(an_order(idempotency_key=a_key()))

    assert again.is_repeat
    assert again.booking.id == first.id
    assert again.intent is None
    assert booking_count(house) == 1


async def test_given_a_lapsed_cart_and_no_stripe_when_ordered_then_it_is_refused_and_held() -> None:
    house = await a_house()
    first, _ = await house.book_unpaid()
    house.clock.advance(HOLD)
    house.stripe.outages.last(Outage.BEFORE_ACTING)
    before = house.stored()

    with pytest.raises(PaymentUnavailableError):
        await house.book_order(an_order(idempotency_key=a_key()))
    house.stripe.outages.end()
    again = await house.book_order(an_order(idempotency_key=a_key()))

    assert before["bookings"][first.id].status is BookingStatus.PENDING
    assert again.booking.id != first.id


async def test_given_two_orders_of_a_cart_at_once_when_booked_then_one_booking_stands() -> None:
    house = await a_house()

    answers = await asyncio.gather(*(house.book_order() for _ in range(4)))

    assert booking_count(house) == 1
    assert sorted(answer.is_repeat for answer in answers) == [False, True, True, True]
    assert len({answer.intent.id for answer in answers if answer.intent}) == 1
    assert len(house.stripe.intents()) == 1


async def test_given_a_cart_ended_by_staff_when_ordered_again_then_it_is_booked_afresh() -> None:
    house = await a_house()
    first, _ = await house.book_unpaid()
    house.clock.advance(timedelta(minutes=1))
    await house.cancel(first)

    again = await house.book_order()

    assert not again.is_repeat
    assert again.booking.id != first.id


async def test_given_an_address_that_is_joining_an_account_when_ordered_then_its_cart_is_free() -> (
    None
):
    house = await a_house()
    first = (await house.book_order()).booking
    async with house.ports.unit_of_work() as joining:
        await joining.customers.owner_of(first.contact.email)
        ordering = asyncio.create_task(house.book_order())
        await asyncio.sleep(0.01)

        async with house.ports.unit_of_work() as moving:
            found = await asyncio.wait_for(moving.bookings.with_cart(first.cart_key), 1)

        assert found == first
        assert not ordering.done()
    assert (await ordering).is_repeat
