import asyncio
from datetime import timedelta

import pytest

from tests.builders import an_id
from tests.core.bookings.memory_house import MemoryHouse
from tests.core.customers.carding import a_stored_customer, cards_of, defaults_of, save, set_up
from totetaxi_adapters.memory.cards import (
    DECLINES,
    DECLINES_ONCE_SAVED,
    NEEDS_APPROVAL_ONCE,
    PAYS,
)
from totetaxi_adapters.memory.outage import Outage
from totetaxi_core.customers.begin_setup import begin_setup
from totetaxi_core.customers.card_gateway import SetupStatus
from totetaxi_core.customers.customer import Customer
from totetaxi_core.customers.list_cards import list_cards, look_up_card
from totetaxi_core.customers.payment_method import PaymentMethodNotFoundError
from totetaxi_core.customers.save_cards import (
    CardSetupIncompleteError,
    CardToSave,
    choose_default,
    remove_card,
    save_card,
)
from totetaxi_core.outbox.owed_effect import EffectKind, EffectState


async def attached(house: MemoryHouse, customer: Customer) -> list[str]:
    """Return the ids of the cards that Stripe has attached to the customer, newest first."""
    async with house.ports.unit_of_work() as uow:
        owner = (await uow.customers.get(customer.id)).stripe_customer_id
    return [card.id for card in await house.cards.list_payment_methods(owner or "")]


@pytest.mark.parametrize("card", [PAYS, DECLINES_ONCE_SAVED, NEEDS_APPROVAL_ONCE])
async def test_given_a_first_card_when_saved_then_it_is_shown_and_is_the_default(card: str) -> None:
    house = MemoryHouse()
    customer = await a_stored_customer(house)

    saved = await save(house, customer, card)

    assert saved.display_name == f"Visa ending in {card[-4:]}"
    assert (saved.card_exp_month, saved.card_exp_year) == (12, 2034)
    assert (saved.is_default, saved.is_active) == (True, True)
    assert await look_up_card(customer.id, saved.id, house.ports) == saved


async def test_given_a_card_when_saved_again_by_its_own_id_then_it_is_the_same_one() -> None:
    house = MemoryHouse()
    customer = await a_stored_customer(house)
    saved = await save(house, customer)

    again = CardToSave(stripe_payment_method_id=saved.stripe_payment_method_id)

    assert await save_card(customer.id, again, house.ports) == saved
    assert await cards_of(house, customer) == (saved,)


@pytest.mark.parametrize("wants", [True, False])
async def test_given_a_second_card_when_saved_then_it_is_the_default_if_it_is_to_be(
    *, wants: bool
) -> None:
    house = MemoryHouse()
    customer = await a_stored_customer(house)
    first = await save(house, customer)

    second = await save(house, customer, is_default=wants)

    [default] = await defaults_of(house, customer)
    assert default.id == (second.id if wants else first.id)


async def test_given_another_s_card_or_setup_when_saved_then_it_is_not_there() -> None:
    house = MemoryHouse()
    ada = await a_stored_customer(house)
    eve = await a_stored_customer(house, email="eve@example.com")
    theirs = await save(house, ada)
    await save(house, eve)
    setup_id = await set_up(house, ada)
    card = CardToSave(stripe_payment_method_id=theirs.stripe_payment_method_id)

    for wanted in (card, CardToSave(setup_intent_id=setup_id)):
        with pytest.raises(PaymentMethodNotFoundError):
            await save_card(eve.id, wanted, house.ports)

    assert len(await cards_of(house, eve)) == 1


@pytest.mark.parametrize(
    "wanted",
    [
        CardToSave(stripe_payment_method_id="pm_none"),
        CardToSave(setup_intent_id="seti_none"),
        CardToSave(),
    ],
)
@pytest.mark.parametrize("has_begun", [True, False])
async def test_given_no_such_card_when_saved_then_it_is_not_there(
    wanted: CardToSave, *, has_begun: bool
) -> None:
    house = MemoryHouse()
    customer = await a_stored_customer(house)
    if has_begun:
        await begin_setup(customer.id, house.ports)

    with pytest.raises(PaymentMethodNotFoundError):
        await save_card(customer.id, wanted, house.ports)

    assert await cards_of(house, customer) == ()


@pytest.mark.parametrize("card", [None, DECLINES, NEEDS_APPROVAL_ONCE])
async def test_given_a_setup_that_has_not_succeeded_when_saved_then_it_is_refused(
    card: str | None,
) -> None:
    house = MemoryHouse()
    customer = await a_stored_customer(house)
    setup = await begin_setup(customer.id, house.ports)
    if card is not None:
        house.cards.confirm_setup(setup.id, card)

    with pytest.raises(CardSetupIncompleteError) as refused:
        await save_card(customer.id, CardToSave(setup_intent_id=setup.id), house.ports)

    waits = card == NEEDS_APPROVAL_ONCE
    expected = SetupStatus.REQUIRES_ACTION if waits else SetupStatus.REQUIRES_PAYMENT_METHOD
    assert refused.value.status is expected
    assert await cards_of(house, customer) == ()


async def test_given_another_s_setup_that_waits_when_saved_then_not_even_that_is_told() -> None:
    house = MemoryHouse()
    ada = await a_stored_customer(house)
    eve = await a_stored_customer(house, email="eve@example.com")
    theirs = await begin_setup(ada.id, house.ports)
    await save(house, eve)

    with pytest.raises(PaymentMethodNotFoundError):
        await save_card(eve.id, CardToSave(setup_intent_id=theirs.id), house.ports)

    assert len(await cards_of(house, eve)) == 1


async def test_given_two_cards_when_the_other_is_chosen_then_there_is_one_default() -> None:
    house = MemoryHouse()
    customer = await a_stored_customer(house)
    await save(house, customer)
    second = await save(house, customer)

    chosen = await choose_default(customer.id, second.id, house.ports)

    assert chosen.is_default
    assert [card.id for card in await defaults_of(house, customer)] == [second.id]


async def test_given_two_cards_when_both_are_chosen_at_once_then_one_is_the_default() -> None:
    house = MemoryHouse()
    customer = await a_stored_customer(house)
    cards = [await save(house, customer) for _ in range(3)]

    await asyncio.gather(*(choose_default(customer.id, card.id, house.ports) for card in cards[1:]))

    assert len(await defaults_of(house, customer)) == 1


async def test_given_the_default_when_removed_then_the_newest_other_one_is_it() -> None:
    house = MemoryHouse()
    customer = await a_stored_customer(house)
    cards = []
    for _ in range(3):
        cards.append(await save(house, customer))
        house.clock.advance(timedelta(minutes=1))

    await remove_card(customer.id, cards[0].id, house.ports)

    assert [card.id for card in await defaults_of(house, customer)] == [cards[2].id]
    with pytest.raises(PaymentMethodNotFoundError):
        await look_up_card(customer.id, cards[0].id, house.ports)


async def test_given_another_than_the_default_when_removed_then_the_default_stays() -> None:
    house = MemoryHouse()
    customer = await a_stored_customer(house)
    first = await save(house, customer)
    second = await save(house, customer)

    await remove_card(customer.id, second.id, house.ports)

    assert await cards_of(house, customer) == (first,)
    assert first.is_default


async def test_given_a_silent_stripe_when_a_card_is_removed_then_it_is_detached_later() -> None:
    house = MemoryHouse()
    customer = await a_stored_customer(house)
    card = await save(house, customer)
    house.stripe.outages.last(Outage.BEFORE_ACTING)

    await remove_card(customer.id, card.id, house.ports)
    await house.work_off()
    [owed] = house.effects(EffectKind.DETACH_CARD)
    house.stripe.outages.end()
    still = await attached(house, customer)
    house.clock.advance(timedelta(minutes=1))
    async with house.ports.unit_of_work() as uow:
        await uow.outbox.defer_due(now=house.clock(), limit=10)
        await uow.commit()
    await house.work_off()

    assert owed.state is EffectState.DUE
    assert still == [card.stripe_payment_method_id]
    assert await attached(house, customer) == []
    assert await cards_of(house, customer) == ()


async def test_given_a_removed_card_when_saved_removed_or_chosen_then_it_is_not_there() -> None:
    house = MemoryHouse()
    customer = await a_stored_customer(house)
    card = await save(house, customer)
    await remove_card(customer.id, card.id, house.ports)
    wanted = CardToSave(stripe_payment_method_id=card.stripe_payment_method_id)

    for act in (
        save_card(customer.id, wanted, house.ports),
        remove_card(customer.id, card.id, house.ports),
        choose_default(customer.id, card.id, house.ports),
    ):
        with pytest.raises(PaymentMethodNotFoundError):
            await act

    assert len(house.effects(EffectKind.DETACH_CARD)) == 1


async def test_given_another_s_card_when_looked_up_chosen_or_removed_then_it_is_not_there() -> None:
    house = MemoryHouse()
    ada = await a_stored_customer(house)
    eve = await a_stored_customer(house, email="eve@example.com")
    card = await save(house, ada)

    for act in (
        look_up_card(eve.id, card.id, house.ports),
        choose_default(eve.id, card.id, house.ports),
        remove_card(eve.id, card.id, house.ports),
        choose_default(eve.id, an_id(), house.ports),
    ):
        with pytest.raises(PaymentMethodNotFoundError):
            await act

    assert await cards_of(house, ada) == (card,)


async def test_given_many_cards_when_listed_by_the_page_then_each_comes_once() -> None:
    house = MemoryHouse()
    customer = await a_stored_customer(house)
    for _ in range(3):
        await save(house, customer)
        house.clock.advance(timedelta(minutes=1))
    newest_first = await cards_of(house, customer)

    page = await list_cards(customer.id, house.ports, limit=2)

    assert page.entries == newest_first[:2]
    assert page.oldest == newest_first[1]
    assert page.newest is None
