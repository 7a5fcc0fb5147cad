from dataclasses import replace

import pytest

from tests.core.bookings.memory_house import MemoryHouse
from tests.core.customers.carding import a_stored_customer, cards_of, defaults_of, save, set_up
from tests.core.customers.interrupted_cards import InterruptedCards
from totetaxi_core.customers.begin_setup import begin_setup
from totetaxi_core.customers.customer import Customer
from totetaxi_core.customers.follow_cards import follow_cards
from totetaxi_core.customers.save_cards import remove_card
from totetaxi_core.payments.take_event import take_event


async def owner_of(house: MemoryHouse, customer: Customer) -> str:
    async with house.ports.unit_of_work() as uow:
        owner = (await uow.customers.get(customer.id)).stripe_customer_id
    assert owner is not None
    return owner


async def hear(house: MemoryHouse) -> None:
    """Take in whatever Stripe has to tell, and do what it calls for."""
    for event in house.stripe.take_events():
        await take_event(event, house.ports)
    await house.work_off()


async def test_given_a_browser_that_dies_after_setup_when_stripe_tells_then_the_card_is_saved() -> (
    None
):
    house = MemoryHouse()
    customer = await a_stored_customer(house)
    await set_up(house, customer)

    await hear(house)

    [card] = await cards_of(house, customer)
    assert (card.display_name, card.is_default) == ("Visa ending in 4242", True)


async def test_given_a_card_detached_at_stripe_when_told_then_another_is_the_default() -> None:
    house = MemoryHouse()
    customer = await a_stored_customer(house)
    first = await save(house, customer)
    second = await save(house, customer)
    await house.cards.detach(first.stripe_payment_method_id)

    await hear(house)

    assert [card.id for card in await cards_of(house, customer)] == [second.id]
    assert [card.id for card in await defaults_of(house, customer)] == [second.id]


async def test_given_a_customer_deleted_at_stripe_when_told_then_no_card_is_left() -> None:
    house = MemoryHouse()
    customer = await a_stored_customer(house)
    await save(house, customer)
    await house.cards.delete_customer(await owner_of(house, customer))

    await hear(house)

    assert await cards_of(house, customer) == ()
    async with house.ports.unit_of_work() as uow:
        assert (await uow.customers.get(customer.id)).stripe_customer_id is None


async def test_given_a_card_removed_here_when_stripe_has_it_still_then_it_stays_removed() -> None:
    house = MemoryHouse()
    customer = await a_stored_customer(house)
    card = await save(house, customer)
    await remove_card(customer.id, card.id, house.ports)

    is_ours = await follow_cards(await owner_of(house, customer), house.ports)

    assert is_ours
    assert await cards_of(house, customer) == ()


async def test_given_a_card_saved_while_stripe_answers_when_followed_then_it_stays() -> None:
    house = MemoryHouse()
    customer = await a_stored_customer(house)
    await begin_setup(customer.id, house.ports)
    cards = InterruptedCards(house.stripe, meanwhile=lambda: save(house, customer))

    await follow_cards(await owner_of(house, customer), replace(house.ports, cards=cards))

    assert len(await cards_of(house, customer)) == 1


@pytest.mark.parametrize("name", ["cus_of_somebody_else", ""])
async def test_given_a_stranger_when_followed_then_nothing_of_ours_changes(name: str) -> None:
    house = MemoryHouse()
    customer = await a_stored_customer(house)
    card = await save(house, customer)

    is_ours = await follow_cards(name, house.ports)

    assert not is_ours
    assert await cards_of(house, customer) == (card,)
