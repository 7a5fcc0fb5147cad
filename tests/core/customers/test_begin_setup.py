import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from tests.core.bookings.memory_house import MemoryHouse
from tests.core.customers.carding import a_stored_customer, save
from tests.core.customers.interrupted_cards import InterruptedCards
from totetaxi_adapters.memory.outage import Outage
from totetaxi_core.customers.begin_setup import begin_setup
from totetaxi_core.customers.customer import Customer, CustomerNotFoundError
from totetaxi_core.customers.erasure import erased_account
from totetaxi_core.payments.gateway import PaymentUnavailableError

KEY_KEPT = timedelta(hours=24)


async def stripe_customer(house: MemoryHouse, customer: Customer) -> str | None:
    async with house.ports.unit_of_work() as uow:
        return (await uow.customers.get(customer.id)).stripe_customer_id


async def test_given_a_customer_when_setup_begins_then_stripe_knows_no_more_than_it_must() -> None:
    house = MemoryHouse()
    customer = await a_stored_customer(house)

    setup = await begin_setup(customer.id, house.ports)

    [(stripe_id, order)] = house.cards.customers().items()
    assert setup.stripe_customer_id == stripe_id == await stripe_customer(house, customer)
    assert (order.customer_id, order.email, order.full_name) == (
        customer.id,
        "ada@example.com",
        "Ada Customer",
    )


async def test_given_two_who_begin_at_once_when_done_then_stripe_has_one_customer() -> None:
    house = MemoryHouse()
    customer = await a_stored_customer(house)

    first, second = await asyncio.gather(
        begin_setup(customer.id, house.ports), begin_setup(customer.id, house.ports)
    )

    assert first.id != second.id
    assert first.stripe_customer_id == second.stripe_customer_id
    assert len(house.cards.customers()) == 1


async def test_given_no_answer_when_begun_again_then_stripe_has_one_customer() -> None:
    house = MemoryHouse()
    customer = await a_stored_customer(house)
    house.stripe.outages.plan(Outage.AFTER_ACTING)

    with pytest.raises(PaymentUnavailableError):
        await begin_setup(customer.id, house.ports)
    await begin_setup(customer.id, house.ports)

    assert len(house.cards.customers()) == 1


async def test_given_a_changed_name_when_begun_again_after_no_answer_then_the_key_is_good() -> None:
    house = MemoryHouse()
    customer = await a_stored_customer(house)
    house.stripe.outages.plan(Outage.AFTER_ACTING)
    with pytest.raises(PaymentUnavailableError):
        await begin_setup(customer.id, house.ports)
    async with house.ports.unit_of_work() as uow:
        await uow.customers.save(replace(customer, first_name="Augusta"))
        await uow.commit()

    await begin_setup(customer.id, house.ports)

    assert len(house.cards.customers()) == 1


async def test_given_another_stored_meanwhile_when_begun_then_the_spare_one_is_forgotten() -> None:
    house = MemoryHouse()
    customer = await a_stored_customer(house)

    async def begin_a_day_later() -> None:
        house.clock.advance(KEY_KEPT)
        await begin_setup(customer.id, house.ports)

    cards = InterruptedCards(house.stripe, meanwhile=begin_a_day_later)

    setup = await begin_setup(customer.id, replace(house.ports, cards=cards))
    before = house.cards.customers()
    await house.work_off()

    kept = await stripe_customer(house, customer)
    assert setup.stripe_customer_id == kept
    assert len(before) == 2
    assert list(house.cards.customers()) == [kept]


async def test_given_an_account_deleted_meanwhile_when_begun_then_stripe_forgets_it_too() -> None:
    house = MemoryHouse()
    customer = await a_stored_customer(house)
    erased = erased_account(customer, at=house.clock())

    async def delete() -> None:
        async with house.ports.unit_of_work() as uow:
            await uow.customers.save(erased)
            await uow.commit()

    cards = InterruptedCards(house.stripe, meanwhile=delete)

    with pytest.raises(CustomerNotFoundError):
        await begin_setup(customer.id, replace(house.ports, cards=cards))
    await house.work_off()

    assert house.cards.customers() == {}
    assert await stripe_customer(house, customer) is None


async def test_given_a_customer_deleted_at_stripe_when_begun_then_the_next_try_makes_another() -> (
    None
):
    house = MemoryHouse()
    customer = await a_stored_customer(house)
    card = await save(house, customer)
    [gone] = house.cards.customers()
    await house.cards.delete_customer(gone)
    house.clock.advance(KEY_KEPT)

    with pytest.raises(PaymentUnavailableError):
        await begin_setup(customer.id, house.ports)
    setup = await begin_setup(customer.id, house.ports)

    assert setup.stripe_customer_id in house.cards.customers()
    assert not house.database.payment_methods.rows[card.id].is_active
