"""Hold in memory what others may change, never stale by more than a second."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress

import structlog

from totetaxi_core.refusal import DomainError

POLL_S = 0.5
LAST_LOOK_S = 2
_LOG = structlog.get_logger(__name__)


@asynccontextmanager
async def following(refresh: Callable[[], Awaitable[None]], *, what: str) -> AsyncIterator[None]:
    """Refresh twice a second for as long as it is open; `what` names it in the log.

    While the database is away the last look stands: nobody can change it then either.
    """
    stop = asyncio.Event()
    task = asyncio.create_task(_follow(refresh, stop, what=what))
    try:
        yield
    finally:
        stop.set()
        # A look at hand may end: cancelled, it could leave its connection behind.
        await asyncio.wait([task], timeout=LAST_LOOK_S)
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


async def _follow(
    refresh: Callable[[], Awaitable[None]], stop: asyncio.Event, *, what: str
) -> None:
    while not await _is_set_within(stop, POLL_S):
        try:
            await refresh()
        except DomainError as error:
            _LOG.warning(f"{what}_not_read", code=error.code)
        except Exception as error:  # noqa: BLE001  to stop looking would sell at old prices
            _LOG.exception(f"{what}_not_read", error=type(error).__name__)


async def _is_set_within(stop: asyncio.Event, seconds: float) -> bool:
    with suppress(TimeoutError):
        await asyncio.wait_for(stop.wait(), seconds)
    return stop.is_set()
