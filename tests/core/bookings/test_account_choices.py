"""What an order names of its customer's account, and what is not there."""

from dataclasses import replace

import pytest

from tests.builders import a_customer, an_address, an_id
from tests.core.bookings.account_holder import a_house_with_accounts, keep_address, keep_card
from tests.core.customers.customer_house import CustomerHouse
from totetaxi_adapters.memory.cards import PAYS, TAKES_TIME
from totetaxi_core.bookings.account_choices import AccountChoices, draw_on_account
from totetaxi_core.customers.customer import Customer
from totetaxi_core.customers.keep_addresses import remove_address
from totetaxi_core.customers.save_cards import remove_card
from totetaxi_core.refusal import InvalidInputError


async def faults(
    house: CustomerHouse, customer: Customer, choices: AccountChoices
) -> list[tuple[str, str]]:
    """Return the field and code of each fault."""
    with pytest.raises(InvalidInputError) as refused:
        await draw_on_account(customer, choices, house.ports)
    return [(fault.field, fault.code) for fault in refused.value.faults]


async def test_given_an_account_when_its_things_are_named_then_they_are_drawn() -> None:
    house = await a_house_with_accounts()
    customer = await house.take_in()
    saved = await keep_address(house, customer)
    await keep_card(house, customer, PAYS)
    other = await keep_card(house, customer, TAKES_TIME)

    drawn = await draw_on_account(
        customer,
        AccountChoices(saved_pickup_address_id=saved.id, payment_method_id=other.id),
        house.ports,
    )

    assert (drawn.pickup_address, drawn.delivery_address) == (an_address(), None)
    assert (drawn.contact, drawn.payment_method_id) == (customer.contact, other.id)


async def test_given_cards_when_none_is_named_then_none_is_drawn() -> None:
    house = await a_house_with_accounts()
    customer = await house.take_in()
    card = await keep_card(house, customer, PAYS)

    unnamed = await draw_on_account(customer, AccountChoices(), house.ports)
    default = await draw_on_account(customer, AccountChoices(uses_default_card=True), house.ports)

    assert unnamed.payment_method_id is None
    assert default.payment_method_id == card.id


async def test_given_no_card_when_the_default_is_wanted_then_that_is_named() -> None:
    house = await a_house_with_accounts()
    customer = await house.take_in()

    found = await faults(house, customer, AccountChoices(uses_default_card=True))

    assert found == [("use_default_card", "not_found")]


async def test_given_things_removed_unknown_or_another_s_when_named_then_all_answer_alike() -> None:
    house = await a_house_with_accounts()
    customer = await house.take_in()
    other = await house.take_in(a_customer(email="bea@example.com"))
    theirs = await keep_address(house, other), await keep_card(house, other, PAYS)
    gone = await keep_address(house, customer), await keep_card(house, customer, PAYS)
    await remove_address(customer.id, gone[0].id, house.ports)
    await remove_card(customer.id, gone[1].id, house.ports)

    found = [
        await faults(
            house,
            customer,
            AccountChoices(saved_delivery_address_id=address_id, payment_method_id=card_id),
        )
        for address_id, card_id in (
            (theirs[0].id, theirs[1].id),
            (gone[0].id, gone[1].id),
            (an_id(), an_id()),
        )
    ]

    fields = ("saved_delivery_address_id", "payment_method_id")
    assert found == [[(field, "not_found") for field in fields]] * 3


async def test_given_a_profile_without_a_phone_when_ordered_then_phone_is_named_with_the_rest() -> (
    None
):
    house = await a_house_with_accounts()
    customer = replace(await house.take_in(), phone="")

    found = await faults(house, customer, AccountChoices(saved_pickup_address_id=an_id()))

    assert found == [("saved_pickup_address_id", "not_found"), ("phone", "missing")]
