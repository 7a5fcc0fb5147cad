"""An account holder: what they keep in their account, and their orders."""

from dataclasses import replace
from typing import Any

from tests.builders import DEFAULT_BOOK, an_address
from tests.core.bookings.memory_house import MemoryHouse, an_order
from tests.core.customers.customer_house import CustomerHouse, a_customer_house
from totetaxi_adapters.memory.cards import NEEDS_APPROVAL
from totetaxi_core.bookings.booking import CUSTOMER
from totetaxi_core.bookings.order import Order
from totetaxi_core.customers.begin_setup import begin_setup
from totetaxi_core.customers.customer import Customer
from totetaxi_core.customers.keep_addresses import add_address
from totetaxi_core.customers.payment_method import PaymentMethod
from totetaxi_core.customers.save_cards import CardToSave, save_card
from totetaxi_core.customers.saved_address import AddressEntry, SavedAddress
from totetaxi_core.geography.address import Address


async def a_house_with_accounts() -> CustomerHouse:
    """Return a house with the company's price book."""
    house = await a_customer_house()
    await house.publish(DEFAULT_BOOK, based_on=0)
    return house


def order_of_customer(customer: Customer, **changes: Any) -> Order:  # noqa: ANN401  any field
    """Return the usual order, into the account."""
    order = an_order(contact=customer.contact, customer_id=customer.id, placed_by=CUSTOMER)
    return replace(order, **changes)


async def keep_address(
    house: MemoryHouse, customer: Customer, address: Address | None = None
) -> SavedAddress:
    entry = AddressEntry(nickname="Home", address=address or an_address())
    return (await add_address(customer.id, entry, house.ports)).saved


async def keep_card(house: MemoryHouse, customer: Customer, number: str) -> PaymentMethod:
    setup = await begin_setup(customer.id, house.ports)
    house.cards.confirm_setup(setup.id, number)
    return await save_card(customer.id, CardToSave(setup_intent_id=setup.id), house.ports)


async def keep_approved_card(house: MemoryHouse, customer: Customer) -> PaymentMethod:
    """Keep a card whose bank wants each payment approved, as it did its saving."""
    setup = await begin_setup(customer.id, house.ports)
    house.cards.confirm_setup(setup.id, NEEDS_APPROVAL)
    house.cards.decide_setup(setup.id, approve=True)
    return await save_card(customer.id, CardToSave(setup_intent_id=setup.id), house.ports)


def saved_addresses(house: MemoryHouse, customer: Customer) -> list[SavedAddress]:
    rows = house.database.saved_addresses.rows.values()
    return [row for row in rows if row.customer_id == customer.id]
