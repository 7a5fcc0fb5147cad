"""One link of a mail used twice at once, with the lock and without."""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import replace

import pytest

from tests.adapters.postgres.server_view import fetch
from tests.conftest import PostgresUowFactory
from tests.core.customers.customer_house import (
    EMAIL,
    CustomerHouse,
    a_customer_with_password,
)
from tests.meeting import Meeting
from totetaxi_adapters.postgres import customers, registrations
from totetaxi_adapters.postgres.customers import PostgresCustomers
from totetaxi_core.customers.account_token import AccountTokenError, TokenPurpose
from totetaxi_core.customers.customer import Customer
from totetaxi_core.customers.reset_password import confirm_password_reset

REFUSED = AccountTokenError.code


@pytest.fixture
def house(uow_factory: PostgresUowFactory) -> CustomerHouse:
    """Return a house whose rows are in PostgreSQL; nobody works its mail off."""
    made = CustomerHouse()
    made.ports = replace(made.ports, unit_of_work=uow_factory)
    return made


async def token_to_reset(house: CustomerHouse, database_url: str) -> str:
    await house.take_in(a_customer_with_password())
    await house.ask_for_reset()
    [(reset_id,)] = fetch(database_url, "SELECT id FROM password_resets")
    return house.terms.account_tokens.token(TokenPurpose.RESET, reset_id)


async def token_to_verify(house: CustomerHouse, database_url: str) -> str:
    await house.register()
    [(registration_id,)] = fetch(database_url, "SELECT id FROM registrations")
    return house.terms.account_tokens.token(TokenPurpose.VERIFY, registration_id)


async def twice(act: Callable[[int], Awaitable[object]]) -> Counter[str]:
    async def once(number: int) -> str:
        try:
            await act(number)
        except AccountTokenError as error:
            return error.code
        return "done"

    return Counter(await asyncio.gather(once(1), once(2)))


async def reset_twice(house: CustomerHouse, token: str) -> Counter[str]:
    return await twice(
        lambda number: confirm_password_reset(
            token, f"Better-horse-{number}", house.ports, house.terms, house.credentials
        )
    )


def meet_before(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    """Let both look before either of them writes with this method of the customers."""
    both_have_looked = Meeting()
    write = getattr(PostgresCustomers, name)

    async def write_together(self: PostgresCustomers, customer: Customer) -> None:
        await both_have_looked.wait()
        await write(self, customer)

    monkeypatch.setattr(PostgresCustomers, name, write_together)


async def test_given_a_link_to_reset_when_used_twice_at_once_then_one_wins(
    house: CustomerHouse, database_url: str
) -> None:
    token = await token_to_reset(house, database_url)

    outcomes = await reset_twice(house, token)

    assert outcomes == {"done": 1, REFUSED: 1}
    assert fetch(database_url, "SELECT token_version FROM customers") == [(2,)]


async def test_given_no_lock_when_a_link_to_reset_is_used_twice_at_once_then_both_win(
    house: CustomerHouse, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    token = await token_to_reset(house, database_url)
    monkeypatch.setattr(customers, "LOCK", customers.GET)
    meet_before(monkeypatch, "save")

    outcomes = await reset_twice(house, token)

    assert outcomes == {"done": 2}


async def test_given_a_link_to_verify_when_used_twice_at_once_then_one_wins(
    house: CustomerHouse, database_url: str
) -> None:
    token = await token_to_verify(house, database_url)

    outcomes = await twice(lambda _: house.verify(token))

    assert outcomes == {"done": 1, REFUSED: 1}
    assert fetch(database_url, "SELECT email FROM customers") == [(EMAIL,)]
    assert fetch(database_url, "SELECT id FROM registrations") == []


async def test_given_no_lock_when_a_link_to_verify_is_used_twice_then_the_table_refuses_one(
    house: CustomerHouse, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    token = await token_to_verify(house, database_url)
    monkeypatch.setattr(registrations, "LOCK", registrations.FIND)
    meet_before(monkeypatch, "add")

    outcomes = await twice(lambda _: house.verify(token))

    assert outcomes == {"done": 1, REFUSED: 1}
    assert fetch(database_url, "SELECT email FROM customers") == [(EMAIL,)]
