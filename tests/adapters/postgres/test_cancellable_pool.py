"""A task that is cancelled at the very moment it is handed a connection ends all the same."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any, Final

import pytest
from psycopg import AsyncConnection

from totetaxi_adapters.postgres.cancellable_pool import CancellablePool

TURNS: Final = 8  # of the event loop: more than the hand-over takes
PATIENCE_S: Final = 60

Pool = CancellablePool[AsyncConnection[Any]]


@pytest.fixture
async def pool_of_one(database_url: str) -> AsyncIterator[Pool]:
    async with CancellablePool(
        database_url, connection_class=AsyncConnection[Any], min_size=1, max_size=1, open=False
    ) as pool:
        yield pool


@pytest.mark.parametrize("turns", range(TURNS))
async def test_given_a_task_that_waits_for_a_connection_when_cancelled_as_it_comes_then_it_ends(
    pool_of_one: Pool, turns: int
) -> None:
    async with pool_of_one.connection():
        waiting = asyncio.create_task(_work_for_ever(pool_of_one))
        while not pool_of_one.get_stats()["requests_waiting"]:  # noqa: ASYNC110  the pool has no event of it
            await asyncio.sleep(0)

    for _ in range(turns):
        await asyncio.sleep(0)
    waiting.cancel()
    await asyncio.wait({waiting}, timeout=PATIENCE_S)

    assert waiting.cancelled()
    async with pool_of_one.connection(timeout=PATIENCE_S) as connection:
        assert await (await connection.execute("SELECT 1")).fetchone() == (1,)


async def _work_for_ever(pool: Pool) -> None:
    async with pool.connection():
        pass
    await asyncio.Event().wait()
