"""What a customer sees and does with a booking of their account, and nobody else."""

from dataclasses import replace
from datetime import date, time, timedelta

import pytest

from tests.builders import PICKUP_AT, a_customer, an_id
from tests.core.bookings.account_holder import a_house_with_accounts, keep_card, order_of_customer
from tests.core.bookings.memory_house import an_order
from tests.core.bookings.sample_books import book_with_petite_at
from totetaxi_adapters.memory.cards import PAYS
from totetaxi_core.bookings.book import book
from totetaxi_core.bookings.booking import BookingNotFoundError, InvalidTransitionError
from totetaxi_core.bookings.booking_status import BookingStatus
from totetaxi_core.bookings.cancel_booking import (
    Cancelling,
    cancel_booking,
    preview_cancellation,
)
from totetaxi_core.bookings.owner import booking_of_customer
from totetaxi_core.bookings.rebook import Rebooking, order_again
from totetaxi_core.bookings.show_own_booking import show_own_booking
from totetaxi_core.payments.decide_refund import RefundRequest, request_refund
from totetaxi_core.payments.refund import RefundStatus
from totetaxi_core.pricing import LineKind, PriceAdjustment

NEXT_WEEK = date(2026, 12, 8)


async def test_given_bookings_of_others_when_looked_for_then_they_are_not_there() -> None:
    house = await a_house_with_accounts()
    customer = await house.take_in()
    other = await house.take_in(a_customer(email="bea@example.com"))
    theirs = (await book(order_of_customer(other), house.ports, house.terms)).booking
    guests = (await house.book_order()).booking

    for booking_id in (theirs.id, guests.id, an_id()):
        cancelling = Cancelling(booking_id=booking_id, customer_id=customer.id)
        async with house.ports.unit_of_work() as uow:
            with pytest.raises(BookingNotFoundError):
                await booking_of_customer(booking_id, customer.id, uow, lock=True)
        with pytest.raises(BookingNotFoundError):
            await show_own_booking(booking_id, customer.id, house.ports)
        with pytest.raises(BookingNotFoundError):
            await preview_cancellation(cancelling, house.ports)
        with pytest.raises(BookingNotFoundError):
            await cancel_booking(cancelling, house.ports, house.terms, expected_refund_cents=0)

    assert house.booking(theirs.id) == theirs


async def test_given_a_paid_booking_when_shown_then_its_money_and_terms_are_told() -> None:
    house = await a_house_with_accounts()
    customer = await house.take_in()
    card = await keep_card(house, customer, PAYS)
    order = order_of_customer(customer, payment_method_id=card.id)
    booking = (await book(order, house.ports, house.terms)).booking
    asked = RefundRequest(reason="a box was wet", amount_cents=5_000)
    await request_refund(booking.id, asked, house.ports, staff_name="maria")

    own = await show_own_booking(booking.id, customer.id, house.ports)

    [payment] = own.payments
    assert (payment.amount_cents, payment.card_last_four) == (99_500, "4242")
    assert own.refunds == ()  # not granted yet
    assert own.cancellation is not None
    assert (own.cancellation.refund_cents, own.cancellation.refund_bp) == (99_500, 10_000)


async def test_given_their_paid_booking_when_cancelled_then_the_refund_is_shown_as_it_goes() -> (
    None
):
    house = await a_house_with_accounts()
    customer = await house.take_in()
    card = await keep_card(house, customer, PAYS)
    order = order_of_customer(customer, payment_method_id=card.id)
    booking = (await book(order, house.ports, house.terms)).booking
    cancelling = Cancelling(booking_id=booking.id, customer_id=customer.id)

    await cancel_booking(cancelling, house.ports, house.terms, expected_refund_cents=99_500)
    await house.work_off()
    own = await show_own_booking(booking.id, customer.id, house.ports)

    assert (own.booking.status, own.cancellation) == (BookingStatus.CANCELLED, None)
    assert [(one.amount_cents, one.status) for one in own.refunds] == [
        (99_500, RefundStatus.SUCCEEDED)
    ]
    assert own.refunded_cents(own.payments[0]) == 99_500


async def test_given_the_pickup_has_come_when_cancelled_then_the_customer_is_too_late() -> None:
    house = await a_house_with_accounts()
    customer = await house.take_in()
    card = await keep_card(house, customer, PAYS)
    order = order_of_customer(customer, payment_method_id=card.id)
    booking = (await book(order, house.ports, house.terms)).booking
    house.clock.set(PICKUP_AT)

    own = await show_own_booking(booking.id, customer.id, house.ports)
    with pytest.raises(InvalidTransitionError):
        await preview_cancellation(
            Cancelling(booking_id=booking.id, customer_id=customer.id), house.ports
        )

    assert own.cancellation is None


async def test_given_an_old_booking_when_ordered_again_then_it_costs_what_it_costs_today() -> None:
    house = await a_house_with_accounts()
    customer = await house.take_in()
    adjusted = replace(
        an_order().request,
        adjustment=PriceAdjustment(amount_cents=-10_000, reason="Late last time"),
    )
    order = replace(order_of_customer(customer), request=adjusted, special_instructions="Ring")
    old = (await book(order, house.ports, house.terms)).booking
    await house.publish(book_with_petite_at(120_000), based_on=1)
    rebooking = Rebooking(contact=customer.contact, pickup_date=NEXT_WEEK, pickup_time=None)

    again = (await book(order_again(old, rebooking), house.ports, house.terms)).booking

    request = again.quote.request
    assert (request.pickup_date, request.pickup_time) == (NEXT_WEEK, time(9))
    assert (again.total_cents, again.quote.price_book_version) == (120_000, 2)
    assert [line.kind for line in again.quote.lines] == [LineKind.BASE]
    assert (again.pickup_address, again.delivery_address, again.special_instructions) == (
        old.pickup_address,
        old.delivery_address,
        "Ring",
    )
    assert (again.customer_id, again.placed_by) == (customer.id, "customer")
    assert again.hold_expires_at == house.clock() + timedelta(minutes=30)
