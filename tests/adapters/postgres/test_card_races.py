"""Two calls of one customer at once, with every guard and without."""

import asyncio
from collections import Counter

import psycopg
import pytest
from sqlalchemy.exc import IntegrityError

from tests.adapters.postgres.raced_world import a_house_on
from tests.adapters.postgres.server_view import fetch
from tests.builders import a_customer, a_payment_method
from tests.conftest import PostgresUowFactory
from tests.core.bookings.memory_house import MemoryHouse
from tests.meeting import Meeting
from totetaxi_adapters.memory.card_gateway import MemoryCardGateway
from totetaxi_adapters.memory.provider_keys import ProviderKeys
from totetaxi_adapters.postgres import customers
from totetaxi_adapters.postgres.customers import PostgresCustomers
from totetaxi_adapters.postgres.payment_methods import PostgresPaymentMethods
from totetaxi_core.customers.begin_setup import begin_setup
from totetaxi_core.customers.card_gateway import CustomerOrder
from totetaxi_core.customers.customer import Customer
from totetaxi_core.customers.payment_method import PaymentMethod
from totetaxi_core.customers.save_cards import choose_default

DEFAULTS = "SELECT count(*)::int FROM payment_methods WHERE is_default"
ONE_DEFAULT = "uq_payment_methods_customer_id_default"
STORED = "SELECT stripe_customer_id FROM customers"
OWED = "SELECT payload->>'stripe_customer_id' FROM owed_effects WHERE kind = 'forget_customer'"

Cards = tuple[PaymentMethod, PaymentMethod]


async def a_stored_customer(uow_factory: PostgresUowFactory) -> tuple[Customer, Cards]:
    """Return a customer with a default card, and the two others."""
    customer = a_customer()
    others = a_payment_method(customer), a_payment_method(customer)
    async with uow_factory() as uow:
        await uow.customers.add(customer)
        for card in (a_payment_method(customer, is_default=True), *others):
            await uow.payment_methods.add(card)
        await uow.commit()
    return customer, others


async def choose_both(house: MemoryHouse, customer: Customer, cards: Cards) -> Counter[str]:
    async def choose(card: PaymentMethod) -> str:
        try:
            await choose_default(customer.id, card.id, house.ports)
        except IntegrityError:
            return "refused by the table"
        return "chosen"

    return Counter(await asyncio.gather(*(choose(card) for card in cards)))


def remove_lock(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let both read before either has written."""
    monkeypatch.setattr(customers, "LOCK", customers.GET)
    both_have_read = Meeting()
    active = PostgresPaymentMethods.active

    async def read_together(self: PostgresPaymentMethods, customer_id: object) -> object:
        found = await active(self, customer_id)  # type: ignore[arg-type]  # passed on as it came
        await both_have_read.wait()
        return found

    monkeypatch.setattr(PostgresPaymentMethods, "active", read_together)


def store_together(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let both read the account, without a lock, before either has stored Stripe's customer."""
    monkeypatch.setattr(customers, "LOCK", customers.GET)
    both_have_read = Meeting()
    save = PostgresCustomers.save

    async def save_together(self: PostgresCustomers, customer: Customer) -> None:
        await both_have_read.wait()
        await save(self, customer)

    monkeypatch.setattr(PostgresCustomers, "save", save_together)


def forget_keys(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let Stripe make something new at every call, as it does a day later, for both at once."""
    monkeypatch.setattr(ProviderKeys, "once", lambda _self, _key, _order, act: act())
    both_ask = Meeting()
    create = MemoryCardGateway.create_customer

    async def create_together(self: MemoryCardGateway, order: CustomerOrder) -> str:
        await both_ask.wait()
        return await create(self, order)

    monkeypatch.setattr(MemoryCardGateway, "create_customer", create_together)


async def begin_twice(house: MemoryHouse, customer: Customer) -> list[str | None]:
    setups = await asyncio.gather(
        begin_setup(customer.id, house.ports), begin_setup(customer.id, house.ports)
    )
    return [setup.stripe_customer_id for setup in setups]


async def test_given_two_cards_when_both_are_made_the_default_at_once_then_one_is(
    uow_factory: PostgresUowFactory, database_url: str
) -> None:
    house = a_house_on(uow_factory, crews=1)
    customer, cards = await a_stored_customer(uow_factory)

    outcomes = await choose_both(house, customer, cards)

    assert outcomes == {"chosen": 2}
    assert fetch(database_url, DEFAULTS) == [(1,)]


async def test_given_no_lock_when_both_are_made_the_default_at_once_then_the_table_refuses(
    uow_factory: PostgresUowFactory, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    house = a_house_on(uow_factory, crews=1)
    customer, cards = await a_stored_customer(uow_factory)
    remove_lock(monkeypatch)

    outcomes = await choose_both(house, customer, cards)

    assert outcomes == {"chosen": 1, "refused by the table": 1}
    assert fetch(database_url, DEFAULTS) == [(1,)]


async def test_given_neither_guard_when_both_are_made_the_default_at_once_then_both_are(
    uow_factory: PostgresUowFactory, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    house = a_house_on(uow_factory, crews=1)
    customer, cards = await a_stored_customer(uow_factory)
    remove_lock(monkeypatch)
    with psycopg.connect(database_url) as connection:
        connection.execute(f"DROP INDEX {ONE_DEFAULT}")

    await choose_both(house, customer, cards)

    assert fetch(database_url, DEFAULTS) == [(2,)]


async def test_given_two_setups_at_once_when_begun_then_stripe_has_one_customer(
    uow_factory: PostgresUowFactory, database_url: str
) -> None:
    house = a_house_on(uow_factory, crews=1)
    customer, _ = await a_stored_customer(uow_factory)

    owners = await begin_twice(house, customer)

    [made] = house.cards.customers()
    assert owners == [made, made]
    assert fetch(database_url, STORED) == [(made,)]
    assert fetch(database_url, OWED) == []


async def test_given_no_key_when_two_setups_begin_at_once_then_the_spare_customer_is_owed_its_end(
    uow_factory: PostgresUowFactory, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    house = a_house_on(uow_factory, crews=1)
    customer, _ = await a_stored_customer(uow_factory)
    forget_keys(monkeypatch)

    owners = await begin_twice(house, customer)

    [(kept,)] = fetch(database_url, STORED)
    [(spare,)] = fetch(database_url, OWED)
    assert owners == [kept, kept]
    assert {kept, spare} == set(house.cards.customers())


async def test_given_neither_key_nor_lock_when_two_setups_begin_at_once_then_one_is_lost(
    uow_factory: PostgresUowFactory, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    house = a_house_on(uow_factory, crews=1)
    customer, _ = await a_stored_customer(uow_factory)
    forget_keys(monkeypatch)
    store_together(monkeypatch)

    owners = await begin_twice(house, customer)

    assert len(set(owners)) == len(house.cards.customers()) == 2
    assert fetch(database_url, OWED) == []
