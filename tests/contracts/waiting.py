"""Shows that one transaction waits for another, without sleeping."""

import asyncio
from collections.abc import Coroutine
from typing import TypeVar

from totetaxi_core.unit_of_work import UnitOfWork

T = TypeVar("T")

ROUND_TRIPS = 20
DEADLINE_S = 10


async def start_blocked(act: Coroutine[object, object, T], *, by: UnitOfWork) -> asyncio.Task[T]:
    """Start `act` and see it wait while the open transaction of `by` asks again and again."""
    task = asyncio.create_task(act)
    for _ in range(ROUND_TRIPS):
        await asyncio.sleep(0)
        await by.bookings.page(status=None, after=None, limit=1)
    assert not task.done()
    return task


async def outcome(task: asyncio.Task[T]) -> T:
    """Return what the task answers, which it must do soon."""
    async with asyncio.timeout(DEADLINE_S):
        return await task
