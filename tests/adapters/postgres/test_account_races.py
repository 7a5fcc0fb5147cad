"""One customer on several connections: their bookings, addresses and cards meet in PostgreSQL."""

import asyncio
from dataclasses import replace

import pytest

from tests.adapters.postgres.raced_world import a_house_on
from tests.builders import DEFAULT_BOOK, a_customer
from tests.conftest import PostgresUowFactory
from tests.core.bookings.account_holder import (
    keep_address,
    keep_card,
    order_of_customer,
)
from tests.core.bookings.memory_house import MemoryHouse, a_key
from totetaxi_adapters.memory.cards import PAYS
from totetaxi_core.bookings.book import Booked, book
from totetaxi_core.bookings.booking import Booking
from totetaxi_core.bookings.find_bookings import BookingFilter, find_bookings
from totetaxi_core.bookings.order import Order
from totetaxi_core.bookings.repositories import IdempotencyInProgressError
from totetaxi_core.customers.customer import Customer
from totetaxi_core.payments.gateway import IntentStatus

RACERS = 2
MANY = 8


async def a_raced_house(uow_factory: PostgresUowFactory) -> tuple[MemoryHouse, Customer]:
    house = a_house_on(uow_factory, crews=MANY)
    await house.publish(DEFAULT_BOOK, based_on=0)
    customer = a_customer()
    async with uow_factory() as uow:
        await uow.customers.add(customer)
        await uow.commit()
    return house, customer


async def book_at_once(house: MemoryHouse, order: Order, *, racers: int) -> list[Booked]:
    return await asyncio.gather(*(book(order, house.ports, house.terms) for _ in range(racers)))


async def bookings_of(house: MemoryHouse, customer: Customer) -> tuple[Booking, ...]:
    wanted = BookingFilter(customer_id=customer.id)
    async with house.ports.unit_of_work() as uow:
        return (await find_bookings(uow.booking_desk, wanted, limit=MANY)).entries


@pytest.mark.parametrize("racers", [RACERS, MANY])
async def test_given_one_cart_when_sent_from_connections_at_once_then_it_is_one_booking(
    uow_factory: PostgresUowFactory, racers: int
) -> None:
    house, customer = await a_raced_house(uow_factory)
    saved = await keep_address(house, customer)
    order = order_of_customer(customer, saved_pickup_address_id=saved.id)

    booked = await book_at_once(house, order, racers=racers)

    [booking] = await bookings_of(house, customer)
    async with uow_factory() as uow:
        used = await uow.saved_addresses.get(customer.id, saved.id)
    assert {one.booking.id for one in booked} == {booking.id}
    assert sorted(one.is_repeat for one in booked) == [False, *[True] * (racers - 1)]
    assert used.times_used == 1
    assert len(house.stripe.intents()) == 1


async def test_given_one_cart_with_a_card_when_sent_at_once_then_it_is_charged_once(
    uow_factory: PostgresUowFactory,
) -> None:
    house, customer = await a_raced_house(uow_factory)
    card = await keep_card(house, customer, PAYS)
    order = order_of_customer(customer, payment_method_id=card.id)

    outcomes = await asyncio.gather(
        *(book(order, house.ports, house.terms) for _ in range(MANY)), return_exceptions=True
    )

    [booking] = await bookings_of(house, customer)
    charged = [one for one in house.stripe.intents() if one.status is IntentStatus.SUCCEEDED]
    told = {one.booking.id for one in outcomes if isinstance(one, Booked)}
    assert told == {booking.id}
    assert sum(intent.amount_received_cents for intent in charged) == booking.total_cents


async def test_given_one_key_when_sent_from_connections_at_once_then_it_is_one_booking(
    uow_factory: PostgresUowFactory,
) -> None:
    house, customer = await a_raced_house(uow_factory)
    order = order_of_customer(customer, idempotency_key=a_key(), allow_duplicate=True)

    outcomes = await asyncio.gather(
        *(book(order, house.ports, house.terms) for _ in range(MANY)), return_exceptions=True
    )

    [booking] = await bookings_of(house, customer)
    booked = [one for one in outcomes if isinstance(one, Booked)]
    refused = [one for one in outcomes if isinstance(one, IdempotencyInProgressError)]
    assert {one.booking.id for one in booked} == {booking.id}
    assert len(booked) + len(refused) == MANY


async def test_given_one_door_when_bookings_save_it_at_once_then_it_is_kept_once(
    uow_factory: PostgresUowFactory,
) -> None:
    house, customer = await a_raced_house(uow_factory)
    order = order_of_customer(customer, saves_pickup_address=True, allow_duplicate=True)
    orders = [replace(order, item_description=f"cello {number}") for number in range(3)]

    await asyncio.gather(*(book(one, house.ports, house.terms) for one in orders))

    async with uow_factory() as uow:
        [kept] = await uow.saved_addresses.of_customer(customer.id)
    assert (kept.nickname, kept.times_used) == ("740 Park Avenue", 3)
