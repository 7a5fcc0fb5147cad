import asyncio
from dataclasses import replace

import pytest

from tests.builders import a_booking
from totetaxi_adapters.memory.database import MemoryDatabase
from totetaxi_adapters.memory.row_locks import DeadlockError, RowLocks
from totetaxi_adapters.memory.unit_of_work import MemoryUnitOfWork
from totetaxi_core.bookings.booking import Booking
from totetaxi_core.unit_of_work import DatabaseUnavailableError

DEADLINE_S = 5


async def settle() -> None:
    """Let every other task run until it waits."""
    for _ in range(10):
        await asyncio.sleep(0)


async def test_given_a_held_lock_when_others_queue_then_they_get_it_first_come_first() -> None:
    locks, order = RowLocks(), list[str]()

    async def use(holder: str) -> None:
        await locks.acquire(holder, "row")
        order.append(holder)
        locks.release_all(holder)

    await locks.acquire("first", "row")
    tasks = [asyncio.create_task(use(holder)) for holder in ("b", "a", "c")]
    await settle()
    assert order == []
    locks.release_all("first")
    await asyncio.gather(*tasks)

    assert order == ["b", "a", "c"]


async def test_given_a_waiter_that_is_cancelled_when_released_then_the_next_gets_the_lock() -> None:
    locks = RowLocks()
    await locks.acquire("first", "row")
    cancelled = asyncio.create_task(locks.acquire("second", "row"))
    waiting = asyncio.create_task(locks.acquire("third", "row"))
    await settle()

    cancelled.cancel()
    locks.release_all("first")
    await asyncio.wait_for(waiting, DEADLINE_S)

    assert cancelled.cancelled()
    assert locks.try_acquire("third", "row")
    assert not locks.try_acquire("second", "row")


async def test_given_a_lock_granted_and_its_task_cancelled_when_ended_then_it_is_free() -> None:
    locks = RowLocks()
    await locks.acquire("first", "row")
    waiting = asyncio.create_task(locks.acquire("second", "row"))
    await settle()

    locks.release_all("first")
    waiting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting
    locks.release_all("second")

    assert locks.try_acquire("third", "row")


async def test_given_waiters_in_a_row_when_the_circle_closes_then_the_last_is_refused() -> None:
    locks = RowLocks()
    await locks.acquire("first", "a")
    await locks.acquire("second", "b")
    await locks.acquire("third", "c")
    waiting = [
        asyncio.create_task(locks.acquire("first", "b")),
        asyncio.create_task(locks.acquire("second", "c")),
    ]
    await settle()

    with pytest.raises(DeadlockError) as refusal:
        await asyncio.wait_for(locks.acquire("third", "a"), DEADLINE_S)
    locks.release_all("third")
    await asyncio.wait_for(waiting[1], DEADLINE_S)
    locks.release_all("second")
    await asyncio.wait_for(waiting[0], DEADLINE_S)

    assert isinstance(refusal.value, DatabaseUnavailableError)


async def test_given_opposite_orders_when_both_transactions_wait_then_one_is_ended() -> None:
    database = MemoryDatabase()
    one, two = a_booking(), a_booking()
    async with MemoryUnitOfWork(database) as uow:
        await uow.bookings.add(one)
        await uow.bookings.add(two)
        await uow.commit()

    async def touch(*bookings: Booking) -> None:
        async with MemoryUnitOfWork(database) as uow:
            for booking in bookings:
                await uow.bookings.save(replace(booking, placed_by="maria"))
            await uow.commit()

    both = asyncio.gather(touch(one, two), touch(two, one), return_exceptions=True)
    outcomes = await asyncio.wait_for(both, DEADLINE_S)

    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["DeadlockError", "NoneType"]
