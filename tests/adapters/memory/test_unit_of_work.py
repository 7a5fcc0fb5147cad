import asyncio
from datetime import timedelta

import pytest

from tests.builders import NOW, PICKUP_DATE, a_booking, a_payment, an_attempt, an_effect
from totetaxi_adapters.memory.database import MemoryDatabase
from totetaxi_adapters.memory.table import BrokenConstraintError
from totetaxi_adapters.memory.unit_of_work import MemoryUnitOfWork
from totetaxi_core.bookings.booking import Booking
from totetaxi_core.bookings.repositories import CartTakenError
from totetaxi_core.payments.repositories import LiveAttemptExistsError


@pytest.fixture
def database() -> MemoryDatabase:
    return MemoryDatabase()


async def test_given_no_transaction_when_a_repository_is_used_then_it_is_an_error(
    database: MemoryDatabase,
) -> None:
    uow = MemoryUnitOfWork(database)

    with pytest.raises(RuntimeError, match="not in a transaction"):
        await uow.bookings.lapsed(at=NOW, limit=1)

    async with uow:
        await uow.commit()
        with pytest.raises(RuntimeError, match="not in a transaction"):
            await uow.bookings.lapsed(at=NOW, limit=1)


async def test_given_an_open_transaction_when_entered_again_then_it_is_an_error(
    database: MemoryDatabase,
) -> None:
    async with MemoryUnitOfWork(database) as uow:
        with pytest.raises(RuntimeError, match="already"):
            await uow.__aenter__()


async def test_given_a_broken_constraint_when_work_goes_on_then_the_transaction_is_dead(
    database: MemoryDatabase,
) -> None:
    booking = a_booking()
    payment = a_payment(booking)

    async with MemoryUnitOfWork(database) as uow:
        await uow.bookings.add(booking)
        with pytest.raises(CartTakenError):
            await uow.bookings.add(a_booking(cart_key=booking.cart_key))
        with pytest.raises(RuntimeError, match="leave it"):
            await uow.commit()
    async with uow:
        await uow.bookings.add(booking)
        await uow.payments.add(payment)
        await uow.payments.add_attempt(an_attempt(payment))
        with pytest.raises(LiveAttemptExistsError):
            await uow.payments.add_attempt(an_attempt(payment, number=2))
        with pytest.raises(RuntimeError, match="leave it"):
            await uow.payments.attempts(booking.id)

    async with uow:
        assert await uow.bookings.page(status=None, after=None, limit=5) == ()


async def test_given_a_crew_nobody_took_when_released_then_it_is_an_error(
    database: MemoryDatabase,
) -> None:
    async with MemoryUnitOfWork(database) as uow:
        with pytest.raises(BrokenConstraintError):
            await uow.crews.release(PICKUP_DATE, range(18, 20))


async def test_given_due_and_resting_effects_when_committed_then_due_ones_have_jobs_in_order(
    database: MemoryDatabase,
) -> None:
    first, second, undone = an_effect(), an_effect(), an_effect()
    later = an_effect(at=NOW)

    async with MemoryUnitOfWork(database) as uow:
        await uow.outbox.owe(first)
        await uow.outbox.owe(second)
        assert len(database.jobs) == 0
        await uow.commit()
    async with uow:
        await uow.outbox.owe(undone)
    async with uow:
        await uow.outbox.owe(later)
        await uow.outbox.defer_due(now=NOW + timedelta(hours=1), limit=1)
        await uow.commit()

    taken = [database.jobs.take() for _ in range(5)]
    assert taken[:3] == [first.id, second.id, later.id]
    assert taken[3] in {first.id, second.id, later.id}
    assert taken[4] is None


async def test_given_the_same_steps_when_run_twice_then_they_interleave_alike() -> None:
    bookings = [a_booking() for _ in range(8)]

    async def run() -> list[tuple[int, str]]:
        database, trace = MemoryDatabase(), list[tuple[int, str]]()

        async def book(number: int, booking: Booking) -> None:
            async with MemoryUnitOfWork(database) as uow:
                await uow.bookings.add(booking)
                trace.append((number, "added"))
                await uow.crews.take(PICKUP_DATE, range(18, 20), crews=8)
                trace.append((number, "taken"))
                await uow.commit()

        await asyncio.gather(*(book(*each) for each in enumerate(bookings)))
        return trace

    first, second = await run(), await run()

    assert first == second
    assert [number for number, step in first if step == "taken"] == list(range(8))
    assert first[:2] == [(0, "added"), (1, "added")]
