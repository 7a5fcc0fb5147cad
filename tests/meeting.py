"""Where two tasks meet, so that each has done what comes before and neither what comes after."""

import asyncio
from typing import Final

PATIENCE_S: Final = 30


class Meeting:
    """Lets two go on together.

    One that is left alone fails: the other may have been refused before, and would never come.
    """

    def __init__(self) -> None:
        self._barrier = asyncio.Barrier(2)

    async def wait(self) -> None:
        """Wait for the other.

        Raises:
            TimeoutError: nobody came.
        """
        async with asyncio.timeout(PATIENCE_S):
            await self._barrier.wait()


async def happened(event: asyncio.Event) -> None:
    """Wait for what a task of the test tells; it may have failed before.

    Raises:
        TimeoutError: it was not told.
    """
    async with asyncio.timeout(PATIENCE_S):
        await event.wait()
