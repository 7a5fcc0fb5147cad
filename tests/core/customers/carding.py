"""Customers who save cards, as their browsers do."""

from tests.builders import a_customer
from tests.core.bookings.memory_house import MemoryHouse
from totetaxi_adapters.memory.cards import PAYS
from totetaxi_core.customers.begin_setup import begin_setup
from totetaxi_core.customers.card_gateway import SetupStatus
from totetaxi_core.customers.customer import Customer
from totetaxi_core.customers.payment_method import PaymentMethod
from totetaxi_core.customers.save_cards import CardToSave, save_card


async def a_stored_customer(house: MemoryHouse, *, email: str = "ada@example.com") -> Customer:
    customer = a_customer(email=email)
    async with house.ports.unit_of_work() as uow:
        await uow.customers.add(customer)
        await uow.commit()
    return customer


async def set_up(house: MemoryHouse, customer: Customer, card: str = PAYS) -> str:
    """Save a card at Stripe, approving whatever its bank asks; return the setup intent's id."""
    setup = await begin_setup(customer.id, house.ports)
    if house.cards.confirm_setup(setup.id, card).status is SetupStatus.REQUIRES_ACTION:
        house.cards.decide_setup(setup.id, approve=True)
    return setup.id


async def save(
    house: MemoryHouse, customer: Customer, card: str = PAYS, *, is_default: bool = False
) -> PaymentMethod:
    """Save a card at Stripe and record it."""
    setup_id = await set_up(house, customer, card)
    wanted = CardToSave(setup_intent_id=setup_id, is_default=is_default)
    return await save_card(customer.id, wanted, house.ports)


async def cards_of(house: MemoryHouse, customer: Customer) -> tuple[PaymentMethod, ...]:
    """Return the customer's active cards, newest first."""
    async with house.ports.unit_of_work() as uow:
        return await uow.payment_methods.active(customer.id)


async def defaults_of(house: MemoryHouse, customer: Customer) -> list[PaymentMethod]:
    return [method for method in await cards_of(house, customer) if method.is_default]
