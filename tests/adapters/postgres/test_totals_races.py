"""Two bookings of one customer settled at once, with the account's lock and without."""

import asyncio
from uuid import UUID

import psycopg
import pytest

from tests.adapters.postgres.house_rows import ALL_BREACHES
from tests.adapters.postgres.raced_world import a_house_on, order_of
from tests.adapters.postgres.server_view import fetch, until_blocked
from tests.builders import NOW, a_customer
from tests.conftest import PostgresUowFactory
from tests.core.bookings.memory_house import MemoryHouse
from tests.core.bookings.sample_books import book_with_petite_at
from tests.meeting import Meeting
from totetaxi_adapters.postgres import customer_totals
from totetaxi_adapters.postgres.customer_totals import PostgresCustomerSpending
from totetaxi_core.customers.join_bookings import join_guest_bookings
from totetaxi_core.customers.totals import BookingSpend
from totetaxi_core.payments.gateway import PaymentIntent

EMAIL = "ada@example.com"
TOTALS = "SELECT total_bookings, total_spent_cents, is_vip FROM customers"


@pytest.fixture
async def house(uow_factory: PostgresUowFactory) -> MemoryHouse:
    made = a_house_on(uow_factory, crews=3)
    await made.publish(book_with_petite_at(100_000), based_on=0)
    return made


async def open_account(house: MemoryHouse) -> None:
    customer = a_customer(email=EMAIL)
    async with house.ports.unit_of_work() as uow:
        await uow.customers.add(customer)
        await join_guest_bookings(customer, uow, at=NOW)
        await uow.commit()


async def two_paid(house: MemoryHouse) -> list[PaymentIntent]:
    """Book twice with the address, and pay both at Stripe; here they wait still."""
    order = order_of("ada")
    booked = [await house.book_unpaid(contact=order.contact, allow_duplicate=True) for _ in "12"]
    return [house.pay(intent) for _, intent in booked]


def count_together(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let both count before either has stored what it counted."""
    both_have_counted = Meeting()
    of_customer = PostgresCustomerSpending.of_customer

    async def count(self: PostgresCustomerSpending, customer_id: UUID) -> tuple[BookingSpend, ...]:
        counted = await of_customer(self, customer_id)
        await both_have_counted.wait()
        return counted

    monkeypatch.setattr(PostgresCustomerSpending, "of_customer", count)


async def test_given_two_bookings_of_an_account_when_both_settle_at_once_then_both_count(
    house: MemoryHouse, database_url: str
) -> None:
    await open_account(house)
    intents = await two_paid(house)
    async with await psycopg.AsyncConnection.connect(database_url) as holder:
        await holder.execute("SELECT FROM customers FOR NO KEY UPDATE")

        settling = [asyncio.create_task(house.settle(intent)) for intent in intents]
        await until_blocked(database_url, sessions=2)
        await holder.rollback()
        await asyncio.gather(*settling)

    assert fetch(database_url, TOTALS) == [(2, 200_000, True)]
    assert fetch(database_url, ALL_BREACHES) == []


async def test_given_no_lock_when_two_bookings_of_an_account_settle_at_once_then_one_is_lost(
    house: MemoryHouse, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    await open_account(house)
    intents = await two_paid(house)
    unlocked = customer_totals.LOCK.with_for_update(read=True, key_share=True)
    monkeypatch.setattr(customer_totals, "LOCK", unlocked)
    count_together(monkeypatch)

    await asyncio.gather(*(house.settle(intent) for intent in intents))

    assert fetch(database_url, TOTALS) == [(1, 100_000, False)]
    assert [name for name, _ in fetch(database_url, ALL_BREACHES)] == [
        "a customer whose totals are not the ledger's"
    ]


async def test_given_guest_bookings_when_they_join_while_one_settles_then_both_count(
    house: MemoryHouse, database_url: str
) -> None:
    first, second = await two_paid(house)
    async with await psycopg.AsyncConnection.connect(database_url) as holder:
        await holder.execute("SELECT FROM bookings FOR UPDATE")

        acts = (house.settle(first), open_account(house), house.settle(second))
        tasks = [asyncio.create_task(act) for act in acts]
        await until_blocked(database_url, sessions=3)
        await holder.rollback()
        await asyncio.gather(*tasks)

    assert fetch(database_url, TOTALS) == [(2, 200_000, True)]
    assert fetch(database_url, ALL_BREACHES) == []
