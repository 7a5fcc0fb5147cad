"""Two who write one customer's addresses at once."""

import asyncio
from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy.exc import IntegrityError

from tests.adapters.postgres.server_view import until_blocked
from tests.builders import NOW, a_customer, an_address, an_id
from tests.conftest import PostgresUowFactory
from tests.core.bookings.memory_house import MemoryHouse
from totetaxi_core.customers.customer import Customer
from totetaxi_core.customers.keep_addresses import add_address, change_address
from totetaxi_core.customers.saved_address import AddressEntry, SavedAddress
from totetaxi_core.ports import Ports

MANY = 6


@pytest.fixture
def ports(postgres_uow_factory: PostgresUowFactory) -> Ports:
    return replace(MemoryHouse().ports, unit_of_work=postgres_uow_factory)


@pytest.fixture
async def customer(postgres_uow_factory: PostgresUowFactory) -> Customer:
    made = a_customer()
    async with postgres_uow_factory() as uow:
        await uow.customers.add(made)
        await uow.commit()
    return made


def door(number: int) -> AddressEntry:
    address = replace(an_address(), address_line_1=f"{number} Broadway")
    return AddressEntry(nickname=f"No. {number}", address=address)


async def stored(ports: Ports, customer: Customer) -> tuple[SavedAddress, ...]:
    async with ports.unit_of_work() as uow:
        return await uow.saved_addresses.of_customer(customer.id)


async def test_given_many_at_once_when_each_becomes_the_default_then_one_is(
    ports: Ports, customer: Customer
) -> None:
    ids = [(await add_address(customer.id, door(n), ports)).saved.id for n in range(MANY)]

    async def choose(address_id: UUID) -> None:
        await change_address(
            customer.id, address_id, lambda entry: replace(entry, is_default=True), ports
        )

    await asyncio.gather(*map(choose, ids))

    found = await stored(ports, customer)
    assert [each.is_default for each in found].count(True) == 1
    assert len(found) == MANY


async def test_given_the_same_door_at_once_when_saved_then_it_is_one_address(
    ports: Ports, customer: Customer
) -> None:
    kept = await asyncio.gather(*(add_address(customer.id, door(0), ports) for _ in range(MANY)))

    assert [each.is_new for each in kept].count(True) == 1
    assert len(await stored(ports, customer)) == 1


@pytest.mark.parametrize(
    ("changes", "index"),
    [
        ({"is_default": True}, "uq_saved_addresses_customer_id_default"),
        ({"address": door(0).address}, "uq_saved_addresses_customer_id_door"),
    ],
)
async def test_given_two_who_take_no_lock_when_both_store_then_the_database_refuses_the_second(
    ports: Ports,
    customer: Customer,
    postgres_uow_factory: PostgresUowFactory,
    database_url: str,
    changes: dict[str, Any],
    index: str,
) -> None:
    first, second = (saved_address(customer, n, **changes) for n in range(2))

    async def add(saved: SavedAddress) -> None:
        async with postgres_uow_factory() as uow:
            await uow.saved_addresses.add(saved)
            await uow.commit()

    async with postgres_uow_factory() as uow:
        await uow.saved_addresses.add(first)
        waiting = asyncio.create_task(add(second))
        await until_blocked(database_url)
        await uow.commit()
    with pytest.raises(IntegrityError, match=index):
        await waiting

    assert await stored(ports, customer) == (first,)


def saved_address(customer: Customer, number: int, **changes: Any) -> SavedAddress:  # noqa: ANN401  any field
    facts: dict[str, Any] = {"address": door(number).address, **changes}
    saved = SavedAddress(
        id=an_id(),
        customer_id=customer.id,
        nickname=f"No. {number}",
        address=an_address(),
        created_at=NOW,
        updated_at=NOW,
    )
    return replace(saved, **facts)
