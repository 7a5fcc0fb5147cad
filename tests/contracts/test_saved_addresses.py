import asyncio
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from tests.builders import NOW, a_customer, a_delivery_address, an_address, an_id
from tests.contracts.conftest import UowFactory
from totetaxi_core.customers.customer import Customer
from totetaxi_core.customers.saved_address import SavedAddress, SavedAddressNotFoundError
from totetaxi_core.page import Place

HOUR = timedelta(hours=1)


def a_saved_address(customer: Customer, **changes: Any) -> SavedAddress:  # noqa: ANN401  any field
    saved = SavedAddress(
        id=an_id(),
        customer_id=customer.id,
        nickname="Home",
        address=an_address(),
        created_at=NOW,
        updated_at=NOW,
    )
    return replace(saved, **changes)


async def store(uow_factory: UowFactory, customer: Customer, *saved: SavedAddress) -> None:
    async with uow_factory() as uow:
        await uow.customers.add(customer)
        for each in saved:
            await uow.saved_addresses.add(each)
        await uow.commit()


async def test_given_stored_addresses_when_read_then_they_are_equal(
    uow_factory: UowFactory,
) -> None:
    customer = a_customer()
    plain = a_saved_address(customer, address=a_delivery_address(), nickname="Beach")
    full = a_saved_address(
        customer,
        is_default=True,
        times_used=3,
        last_used_at=NOW + HOUR,
        updated_at=NOW + 2 * HOUR,
        created_at=NOW + HOUR,
    )
    await store(uow_factory, customer, plain, full)

    async with uow_factory() as uow:
        assert await uow.saved_addresses.of_customer(customer.id) == (full, plain)
        assert await uow.saved_addresses.get(customer.id, plain.id) == plain
        assert await uow.saved_addresses.get(customer.id, full.id, lock=True) == full
        assert await uow.saved_addresses.of_customer(an_id()) == ()


async def test_given_a_removed_or_foreign_address_when_read_then_there_is_none(
    uow_factory: UowFactory,
) -> None:
    customer, other = a_customer(), a_customer(email="bea@example.com")
    removed = a_saved_address(customer, is_active=False)
    await store(uow_factory, customer, removed)
    await store(uow_factory, other, foreign := a_saved_address(other))

    async with uow_factory() as uow:
        for address_id in (removed.id, foreign.id, an_id()):
            with pytest.raises(SavedAddressNotFoundError):
                await uow.saved_addresses.get(customer.id, address_id)
        assert await uow.saved_addresses.of_customer(customer.id) == ()
        every = await uow.saved_addresses.of_customer(customer.id, with_removed=True)
    assert every == (removed,)


async def test_given_an_address_when_saved_then_it_stands_as_saved(
    uow_factory: UowFactory,
) -> None:
    customer = a_customer()
    saved = a_saved_address(customer)
    await store(uow_factory, customer, saved)
    changed = replace(saved, address=a_delivery_address(), nickname="Beach").used(at=NOW)

    async with uow_factory() as uow:
        await uow.saved_addresses.save(changed)
        await uow.commit()

    async with uow_factory() as uow:
        assert await uow.saved_addresses.get(customer.id, saved.id) == changed


async def test_given_many_addresses_when_paged_then_each_is_met_once_newest_first(
    uow_factory: UowFactory,
) -> None:
    customer, other = a_customer(), a_customer(email="bea@example.com")
    saved = [
        a_saved_address(
            customer,
            address=replace(an_address(), address_line_1=f"{number} Broadway"),
            created_at=NOW + HOUR * (number // 2),  # two of each instant: the id decides
        )
        for number in range(5)
    ]
    removed = a_saved_address(customer, is_active=False, created_at=NOW + HOUR)
    await store(uow_factory, customer, removed, *saved)
    await store(uow_factory, other, a_saved_address(other))
    order = tuple(sorted(saved, key=Place.of, reverse=True))

    async with uow_factory() as uow:
        page = uow.saved_addresses.page
        assert await page(customer.id, limit=2) == order[:2]
        assert await page(customer.id, before=Place.of(order[1]), limit=2) == order[2:4]
        assert await page(customer.id, after=Place.of(order[3]), limit=2) == order[1:3]
        assert await page(customer.id, before=Place.of(order[4]), limit=2) == ()


async def test_given_two_who_count_a_use_when_both_lock_then_both_are_counted(
    uow_factory: UowFactory,
) -> None:
    customer = a_customer()
    saved = a_saved_address(customer)
    await store(uow_factory, customer, saved)

    async def use() -> None:
        async with uow_factory() as uow:
            found = await uow.saved_addresses.get(customer.id, saved.id, lock=True)
            await uow.saved_addresses.save(found.used(at=NOW))
            await uow.commit()

    await asyncio.gather(*(use() for _ in range(4)))

    async with uow_factory() as uow:
        assert (await uow.saved_addresses.get(customer.id, saved.id)).times_used == 4
