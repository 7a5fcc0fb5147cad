"""A pool in which waiting for a connection can be cancelled, whatever else comes at that moment."""

import asyncio
from typing import Any, TypeVar

from psycopg import AsyncConnection
from psycopg_pool import AsyncConnectionPool

Connection = TypeVar("Connection", bound=AsyncConnection[Any])


class CancellablePool(AsyncConnectionPool[Connection]):
    """Makes good a cancellation that came together with the connection.

    The pool waits by `asyncio.wait_for`, which before Python 3.12 loses it: a task that is told
    once to end, and works on, would hold up the end of the process for ever.
    """

    async def getconn(self, timeout: float | None = None) -> Connection:  # noqa: ASYNC109  the pool's signature
        """Return a connection as the pool does.

        Raises:
            asyncio.CancelledError: this task was cancelled meanwhile.
        """
        before = _times_cancelled()
        connection = await super().getconn(timeout)
        if _times_cancelled() > before:
            await self.putconn(connection)
            raise asyncio.CancelledError
        return connection


def _times_cancelled() -> int:
    task = asyncio.current_task()
    return task.cancelling() if task else 0
