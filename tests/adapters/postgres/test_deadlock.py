"""Should two wait for each other after all, against the order of locks: one of them gives way.

It is refused as by a database that does not answer, which the outbox tries again and HTTP answers
with 503 and Retry-After.
"""

import asyncio
from dataclasses import replace
from uuid import UUID

import psycopg
import pytest
from psycopg.sql import SQL, Identifier

from tests.adapters.postgres.server_view import until_blocked
from tests.builders import a_booking
from tests.conftest import PostgresUowFactory
from tests.meeting import happened
from totetaxi_adapters.postgres import PostgresUnitOfWork
from totetaxi_core.unit_of_work import DatabaseUnavailableError


@pytest.fixture
async def bookings(database_url: str, uow_factory: PostgresUowFactory) -> tuple[UUID, UUID]:
    """Return two stored bookings, in a database that looks for deadlocks at once."""
    with psycopg.connect(database_url, autocommit=True) as connection:
        name = Identifier(connection.info.dbname)
        connection.execute(SQL("ALTER DATABASE {} SET deadlock_timeout = '10ms'").format(name))
    made = a_booking(), a_booking()
    async with uow_factory() as uow:
        for booking in made:
            await uow.bookings.add(booking)
        await uow.commit()
    return made[0].id, made[1].id


async def note(uow: PostgresUnitOfWork, booking_id: UUID, text: str) -> None:
    booking = await uow.bookings.get(booking_id, lock=True)
    await uow.bookings.save(replace(booking, special_instructions=text))


async def test_given_opposite_orders_when_two_lock_then_one_is_refused_and_stored_nothing(
    bookings: tuple[UUID, UUID], uow_factory: PostgresUowFactory, database_url: str
) -> None:
    first, second = bookings

    async def note_back() -> str:
        try:
            async with uow_factory() as uow:
                await note(uow, second, "back")
                both_hold.set()
                await note(uow, first, "back")
                await uow.commit()
        except DatabaseUnavailableError as refusal:
            return refusal.code
        return "back"

    both_hold = asyncio.Event()
    async with uow_factory() as uow:
        await note(uow, first, "forth")
        other = asyncio.create_task(note_back())
        await happened(both_hold)
        await until_blocked(database_url)
        try:
            await note(uow, second, "forth")
            await uow.commit()
            mine = "forth"
        except DatabaseUnavailableError as refusal:
            mine = refusal.code
    outcomes = {mine, await other}

    assert DatabaseUnavailableError.code in outcomes
    (winner,) = outcomes - {DatabaseUnavailableError.code}
    async with uow_factory() as uow:
        stored = {(await uow.bookings.get(each)).special_instructions for each in bookings}
    assert stored == {winner}
