"""A move that meets another: one paid late, one whose request is repeated."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from tests.core.bookings.memory_house import MemoryHouse, a_key, an_order
from tests.core.bookings.rescheduling import (
    MORE_CENTS,
    SATURDAY,
    TEN,
    TUESDAY,
    WEDNESDAY,
    WEEKDAY_CENTS,
    WEEKEND_CENTS,
    a_moving_house,
    check_books,
    held_on_saturday,
    move,
    reschedules,
    sent_back_cents,
    slot_of,
)
from tests.core.customers.carding import a_stored_customer, save
from totetaxi_adapters.memory.cards import DECLINES_ONCE_SAVED
from totetaxi_core.bookings.book import book
from totetaxi_core.bookings.booking import Booking
from totetaxi_core.bookings.booking_status import BookingStatus
from totetaxi_core.bookings.expire_holds import expire_holds
from totetaxi_core.bookings.reschedule import Reschedule
from totetaxi_core.payments.gateway import IntentOrder, IntentStatus
from totetaxi_core.payments.pay_with_card import pay_with_card
from totetaxi_core.payments.payable import NotPayableError


async def paid_late(house: MemoryHouse, booking: Booking, ended: Reschedule) -> None:
    """Have the difference of a reschedule paid, by an intent that none of our attempts had."""
    order = IntentOrder(
        booking_id=booking.id,
        booking_number=booking.booking_number,
        payment_id=ended.payment_id,
        attempt=9,
        amount_cents=ended.difference_cents,
        receipt_email="ada@example.com",
    )
    await house.settle(house.pay(await house.stripe.create_intent(order)))


async def test_given_another_waits_when_an_ended_one_is_paid_late_then_that_goes_back() -> None:
    house = await a_moving_house()
    booking, _ = await held_on_saturday(house)
    await move(house, booking, SATURDAY, TEN, expecting=WEEKEND_CENTS)
    [first, _] = sorted(reschedules(house), key=lambda each: each.state)

    await paid_late(house, booking, first)
    await house.work_off()
    waits = house.crews_taken()
    house.clock.advance(timedelta(minutes=30))
    await expire_holds(house.ports, house.terms, limit=10)

    assert waits == slot_of(TUESDAY) | slot_of(SATURDAY, 20, 24)
    assert house.crews_taken() == slot_of(TUESDAY)
    assert sent_back_cents(house) == MORE_CENTS
    assert house.booking(booking.id) == booking
    check_books(house, booking)


async def test_given_another_move_waits_when_an_older_one_is_repeated_then_nobody_is_charged() -> (
    None
):
    house = await a_moving_house()
    customer = await a_stored_customer(house)
    card = await save(house, customer)
    booked = await house.book_order(an_order(customer_id=customer.id, placed_by="customer"))
    assert booked.intent is not None
    booking = await house.settle(house.pay(booked.intent))
    assert booking is not None
    older: dict[str, Any] = {
        "customer_id": customer.id,
        "payment_method_id": card.id,
        "idempotency_key": replace(a_key(), scope="reschedule"),
    }
    await move(house, booking, WEDNESDAY, expecting=WEEKDAY_CENTS, **older)
    waits = await move(house, booking, SATURDAY, expecting=WEEKEND_CENTS, customer_id=customer.id)

    again = await move(house, booking, WEDNESDAY, expecting=WEEKDAY_CENTS, **older)

    assert waits.intent is not None
    assert again.is_replay
    assert again.pending == waits.pending
    assert house.booking(booking.id).quote.request.pickup_date == WEDNESDAY
    assert (await house.stripe.get_intent(waits.intent.id)).status is (
        IntentStatus.REQUIRES_PAYMENT_METHOD
    )


async def test_given_a_difference_that_lapsed_when_paid_by_card_then_it_is_refused() -> None:
    house = await a_moving_house()
    customer = await a_stored_customer(house)
    card = await save(house, customer)
    order = an_order(customer_id=customer.id, placed_by="customer", payment_method_id=card.id)
    booking = (await book(order, house.ports, house.terms)).booking
    house.clock.advance(timedelta(minutes=1))
    await move(house, booking, SATURDAY, expecting=WEEKEND_CENTS)
    house.clock.advance(timedelta(minutes=30))

    for _ in range(2):
        with pytest.raises(NotPayableError):
            await pay_with_card(
                booking.id, card.id, house.ports, house.terms, customer_id=customer.id
            )
        await expire_holds(house.ports, house.terms, limit=10)

    assert house.booking(booking.id) == booking


async def test_given_an_unpaid_booking_has_moved_when_its_order_is_repeated_then_no_card_pays() -> (
    None
):
    house = await a_moving_house()
    customer = await a_stored_customer(house)
    declines, pays = await save(house, customer, DECLINES_ONCE_SAVED), await save(house, customer)
    order = an_order(
        customer_id=customer.id,
        placed_by="customer",
        payment_method_id=declines.id,
        idempotency_key=a_key(),
    )
    booking = (await book(order, house.ports, house.terms)).booking
    moved = await move(house, booking, SATURDAY, expecting=WEEKEND_CENTS, customer_id=customer.id)

    again = await book(replace(order, payment_method_id=pays.id), house.ports, house.terms)

    assert moved.intent is not None
    assert again.intent is not None
    assert (again.intent.id, again.is_replay) == (moved.intent.id, True)
    assert house.booking(booking.id).status is BookingStatus.PENDING
