"""What Stripe tells is looked at once: as long as it is not paid here, and never after."""

from dataclasses import replace

import pytest

from tests.core.bookings.memory_house import MemoryHouse, a_house
from tests.core.payments.interrupted_gateway import Call
from totetaxi_adapters.memory.cards import DECLINES, PAYS
from totetaxi_core.bookings.booking_status import BookingStatus
from totetaxi_core.payments.confirm_payment import confirm_payment
from totetaxi_core.payments.gateway import PaymentEvent
from totetaxi_core.payments.open_payment_link import open_payment_link
from totetaxi_core.payments.take_event import take_event


async def hear(house: MemoryHouse, *events: PaymentEvent) -> None:
    for event in (*house.stripe.take_events(), *events):
        await take_event(event, house.ports)
    await house.work_off()


async def test_given_a_checkout_when_confirmed_and_all_is_told_then_stripe_is_asked_once() -> None:
    house = await a_house()
    booking, intent = await house.book_unpaid()
    await hear(house)
    paid = house.pay(intent)

    confirmed = await confirm_payment(booking.id, paid.id, house.ports, house.terms)
    await hear(house)

    assert confirmed.status is BookingStatus.CONFIRMED
    assert house.stripe.calls == [Call.CREATE_INTENT, Call.GET_INTENT]


async def test_given_a_browser_that_dies_when_stripe_tells_then_it_is_asked_and_confirmed() -> None:
    house = await a_house()
    booking, intent = await house.book_unpaid()
    house.pay(intent)

    [*_, told] = house.stripe.take_events()
    await hear(house, told, replace(told, id="evt_again"))

    assert house.booking(booking.id).status is BookingStatus.CONFIRMED
    assert house.stripe.calls.count(Call.GET_INTENT) == 1


async def test_given_a_declined_card_when_another_pays_then_each_is_looked_at() -> None:
    house = await a_house()
    booking, intent = await house.book_unpaid()
    house.pay(intent, DECLINES)
    await hear(house)
    house.pay(intent)

    await hear(house)

    assert house.booking(booking.id).status is BookingStatus.CONFIRMED
    assert house.stripe.calls.count(Call.GET_INTENT) == 2


async def test_given_an_event_that_says_paid_when_stripe_says_otherwise_then_it_is_not() -> None:
    house = await a_house()
    booking, intent = await house.book_unpaid()
    said = PaymentEvent(
        id="evt_said",
        kind="payment_intent.succeeded",
        intent_id=intent.id,
        provider_refund_id=None,
    )

    await hear(house, said)

    assert house.booking(booking.id).status is BookingStatus.PENDING


@pytest.mark.parametrize("order", [1, -1])
async def test_given_a_page_that_was_paid_when_told_in_any_order_then_its_intent_settles_once(
    order: int,
) -> None:
    house = await a_house()
    booking, _ = await house.book_unpaid()
    page = await open_payment_link(booking.id, house.ports, house.terms)
    await hear(house)
    house.stripe.calls.clear()
    house.checkout.pay_session(page.id, PAYS)

    await hear(house, *house.stripe.take_events()[::order])

    once_to_settle, once_whether_it_failed = 1, 1
    assert house.booking(booking.id).status is BookingStatus.CONFIRMED
    asked = house.stripe.calls.count(Call.GET_INTENT)
    assert asked == once_to_settle + once_whether_it_failed
