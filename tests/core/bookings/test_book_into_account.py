"""A booking goes into its customer's account, and takes from it no more than was named."""

from dataclasses import replace

import pytest

from tests.builders import a_customer, a_delivery_address, an_address
from tests.core.bookings.account_holder import (
    a_house_with_accounts,
    keep_address,
    keep_approved_card,
    keep_card,
    order_of_customer,
    saved_addresses,
)
from tests.core.bookings.memory_house import a_key, an_order
from totetaxi_adapters.memory.cards import DECLINES_ONCE_SAVED, PAYS
from totetaxi_adapters.memory.outage import Outage
from totetaxi_core.accounts.access_token import InvalidTokenError
from totetaxi_core.bookings.book import book
from totetaxi_core.bookings.booking_status import BookingStatus
from totetaxi_core.bookings.pay_stored import PaymentFailure
from totetaxi_core.customers.keep_addresses import remove_address
from totetaxi_core.customers.save_cards import remove_card
from totetaxi_core.payments.gateway import IntentStatus
from totetaxi_core.refusal import InvalidInputError


async def test_given_a_customer_when_they_book_then_it_is_in_their_account_and_by_them() -> None:
    house = await a_house_with_accounts()
    customer = await house.take_in()

    booked = await book(order_of_customer(customer), house.ports, house.terms)

    stored = house.booking(booked.booking.id)
    assert (stored.customer_id, stored.placed_by) == (customer.id, "customer")
    assert stored.hold_expires_at == house.clock() + house.terms.hold
    assert [act for act in house.acts() if act.booking_id] == []
    assert (booked.is_repeat, booked.is_anothers) == (False, False)


async def test_given_saved_cards_when_booked_without_naming_one_then_none_is_charged() -> None:
    house = await a_house_with_accounts()
    customer = await house.take_in()
    await keep_card(house, customer, PAYS)

    booked = await book(order_of_customer(customer), house.ports, house.terms)

    assert booked.intent is not None
    assert booked.intent.status is IntentStatus.REQUIRES_PAYMENT_METHOD
    assert booked.intent.stripe_customer_id == house.customer(customer).stripe_customer_id
    assert booked.booking.status is BookingStatus.PENDING


async def test_given_a_named_card_when_booked_then_it_pays_and_the_booking_is_confirmed() -> None:
    house = await a_house_with_accounts()
    customer = await house.take_in()
    card = await keep_card(house, customer, PAYS)
    order = order_of_customer(customer, payment_method_id=card.id, idempotency_key=a_key())

    booked = await book(order, house.ports, house.terms)
    replay = await book(order, house.ports, house.terms)

    assert booked.intent is not None
    assert booked.intent.status is IntentStatus.SUCCEEDED
    assert booked.intent.amount_received_cents == booked.booking.total_cents == 99_500
    assert booked.booking.status is BookingStatus.CONFIRMED
    assert (replay.booking, replay.is_replay) == (booked.booking, True)
    assert len(house.stripe.intents()) == 1


async def test_given_a_card_that_is_declined_when_booked_then_the_booking_waits_for_another() -> (
    None
):
    house = await a_house_with_accounts()
    customer = await house.take_in()
    card = await keep_card(house, customer, DECLINES_ONCE_SAVED)

    booked = await book(
        order_of_customer(customer, payment_method_id=card.id), house.ports, house.terms
    )

    assert booked.payment_error is PaymentFailure.DECLINED
    assert booked.decline_message
    assert booked.booking.status is BookingStatus.PENDING
    assert booked.intent is not None
    house.pay(booked.intent)
    settled = await house.settle(booked.intent)
    assert settled is not None
    assert settled.status is BookingStatus.CONFIRMED


async def test_given_a_bank_that_asks_when_booked_then_the_intent_waits_for_the_payer() -> None:
    house = await a_house_with_accounts()
    customer = await house.take_in()
    card = await keep_approved_card(house, customer)

    booked = await book(
        order_of_customer(customer, payment_method_id=card.id), house.ports, house.terms
    )

    assert booked.payment_error is None
    assert booked.intent is not None
    assert booked.intent.status is IntentStatus.REQUIRES_ACTION
    assert booked.booking.status is BookingStatus.PENDING


async def test_given_stripe_is_down_when_a_card_is_named_then_the_booking_stands_unpaid() -> None:
    house = await a_house_with_accounts()
    customer = await house.take_in()
    card = await keep_card(house, customer, PAYS)
    house.stripe.outages.last(Outage.BEFORE_ACTING)

    booked = await book(
        order_of_customer(customer, payment_method_id=card.id), house.ports, house.terms
    )

    assert booked.payment_error is PaymentFailure.UNAVAILABLE
    assert house.booking(booked.booking.id).status is BookingStatus.PENDING


async def test_given_a_card_removed_meanwhile_when_booked_then_the_booking_stands_unpaid() -> None:
    house = await a_house_with_accounts()
    customer = await house.take_in()
    card = await keep_card(house, customer, PAYS)
    await remove_card(customer.id, card.id, house.ports)

    booked = await book(
        order_of_customer(customer, payment_method_id=card.id), house.ports, house.terms
    )

    assert booked.payment_error is PaymentFailure.DECLINED
    assert booked.booking.status is BookingStatus.PENDING
    assert booked.intent is not None


async def test_given_a_saved_address_when_booked_with_then_its_use_is_counted_once() -> None:
    house = await a_house_with_accounts()
    customer = await house.take_in()
    saved = await keep_address(house, customer)
    order = order_of_customer(customer, saved_pickup_address_id=saved.id)

    await book(order, house.ports, house.terms)
    await book(order, house.ports, house.terms)

    [after] = saved_addresses(house, customer)
    assert (after.times_used, after.last_used_at) == (1, house.clock())


async def test_given_a_booking_that_is_refused_when_stored_then_no_use_is_counted() -> None:
    house = await a_house_with_accounts()
    customer = await house.take_in()
    pickup = await keep_address(house, customer)
    delivery = await keep_address(house, customer, a_delivery_address())
    await remove_address(customer.id, delivery.id, house.ports)
    before = house.stored()

    with pytest.raises(InvalidInputError) as refused:
        await book(
            order_of_customer(
                customer,
                saved_pickup_address_id=pickup.id,
                saved_delivery_address_id=delivery.id,
            ),
            house.ports,
            house.terms,
        )

    assert [fault.field for fault in refused.value.faults] == ["saved_delivery_address_id"]
    assert house.stored() == before


async def test_given_new_addresses_to_save_when_booked_then_they_are_kept_as_used() -> None:
    house = await a_house_with_accounts()
    customer = await house.take_in()
    order = order_of_customer(customer, saves_pickup_address=True, saves_delivery_address=True)

    await book(order, house.ports, house.terms)

    kept = {saved.nickname: saved for saved in saved_addresses(house, customer)}
    assert set(kept) == {"740 Park Avenue", "12 Egypt Lane"}
    assert kept["740 Park Avenue"].address == an_address()
    assert [saved.times_used for saved in kept.values()] == [1, 1]


async def test_given_an_account_deleted_meanwhile_when_booked_then_nothing_is_stored() -> None:
    house = await a_house_with_accounts()
    customer = await house.take_in()
    async with house.ports.unit_of_work() as uow:
        await uow.customers.save(replace(customer, deleted_at=house.clock()))
        await uow.commit()
    before = house.stored()

    with pytest.raises(InvalidTokenError):
        await book(order_of_customer(customer), house.ports, house.terms)

    assert house.stored() == before


async def test_given_their_own_pending_cart_when_ordered_again_then_it_is_told_in_full() -> None:
    house = await a_house_with_accounts()
    customer = await house.take_in()
    first = await book(order_of_customer(customer), house.ports, house.terms)

    again = await book(order_of_customer(customer), house.ports, house.terms)

    assert (again.is_repeat, again.is_anothers) == (True, False)
    assert (again.booking, again.intent) == (first.booking, first.intent)


async def test_given_a_guest_s_cart_outside_the_account_when_ordered_then_nothing_is_told() -> None:
    house = await a_house_with_accounts()
    guest = await house.book_order(an_order(contact=a_customer().contact))
    customer = await house.take_in()
    card = await keep_card(house, customer, PAYS)

    met = await book(
        order_of_customer(customer, payment_method_id=card.id), house.ports, house.terms
    )

    assert (met.booking.id, met.is_repeat, met.is_anothers) == (guest.booking.id, True, True)
    assert (met.intent, met.payment_error) == (None, None)
    assert house.booking(guest.booking.id).customer_id is None
    assert house.booking(guest.booking.id).status is BookingStatus.PENDING


async def test_given_a_guest_s_cart_in_the_account_when_ordered_then_it_is_paid_as_theirs() -> None:
    house = await a_house_with_accounts()
    customer = await house.take_in()
    card = await keep_card(house, customer, PAYS)
    guest = await house.book_order(an_order(contact=customer.contact))

    met = await book(
        order_of_customer(customer, payment_method_id=card.id), house.ports, house.terms
    )

    assert (met.booking.id, met.is_repeat, met.is_anothers) == (guest.booking.id, True, False)
    assert met.booking.status is BookingStatus.CONFIRMED


async def test_given_a_guest_s_cart_in_an_account_when_the_guest_retries_then_they_can_pay() -> (
    None
):
    house = await a_house_with_accounts()
    customer = await house.take_in()
    await keep_card(house, customer, PAYS)
    first = await house.book_order(an_order(contact=customer.contact))

    again = await house.book_order(an_order(contact=customer.contact))

    assert (again.is_repeat, again.is_anothers) == (True, False)
    assert again.intent == first.intent
    assert first.intent is not None
    assert first.intent.stripe_customer_id is None


async def test_given_a_customer_s_pending_cart_when_a_guest_orders_it_then_no_secret_is_given() -> (
    None
):
    house = await a_house_with_accounts()
    customer = await house.take_in()
    first = await book(order_of_customer(customer), house.ports, house.terms)

    met = await house.book_order(an_order(contact=customer.contact))

    assert (met.booking.id, met.is_anothers) == (first.booking.id, True)
    assert (met.intent, met.manage_token) == (None, None)
