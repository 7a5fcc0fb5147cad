"""Watches for the worker's signs of life, from a process that lives on without one."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime, timedelta
from typing import Final

import structlog

from totetaxi_adapters.health import SILENT_AFTER, is_silent
from totetaxi_adapters.wiring import Wiring
from totetaxi_adapters.worker import WORKER
from totetaxi_core.notifications.alert_standstill import alert_standstill
from totetaxi_core.refusal import DomainError

LOOK_EVERY: Final = timedelta(seconds=15)
_LOG = structlog.get_logger(__name__)


def _now() -> datetime:
    return datetime.now(UTC)


class WorkerWatch:
    """Tells staff of each standstill of the worker, or of its scheduler: that has it beat.

    Says nothing before it has been awake for `patience`: after a start of the whole house, or once
    a suspended machine or the database is back, a worker that is well has yet to beat.
    """

    def __init__(
        self,
        wiring: Wiring,
        *,
        patience: timedelta = SILENT_AFTER,
        now: Callable[[], datetime] = _now,
    ) -> None:
        self._wiring, self._patience, self._now = wiring, patience, now
        self._awake_since = self._looked_at = now()

    async def look(self) -> None:
        """Look once, and tell staff if the worker stands still.

        Raises:
            DatabaseUnavailableError: it cannot be known.
        """
        now = self._now()
        if now - self._looked_at > SILENT_AFTER:
            self._awake_since = now
        self._looked_at = now
        try:
            beat = await self._wiring.heartbeats.last(WORKER)
        except DomainError:
            self._awake_since = now
            raise
        if not is_silent(beat, now) or now - self._awake_since < self._patience:
            return
        if await alert_standstill(beat, self._wiring.ports, self._wiring.terms) is not None:
            _LOG.error("worker_stopped", last_seen_at=beat.isoformat() if beat else None)


@asynccontextmanager
async def watching(
    wiring: Wiring, *, every: timedelta = LOOK_EVERY, patience: timedelta = SILENT_AFTER
) -> AsyncIterator[None]:
    """Watch in the background for as long as it is open; on leaving, finish the look at hand."""
    stop = asyncio.Event()
    watch = WorkerWatch(wiring, patience=patience)
    task = asyncio.create_task(_keep_looking(watch, stop, every=every))
    try:
        yield
    finally:
        stop.set()
        await task


async def _keep_looking(watch: WorkerWatch, stop: asyncio.Event, *, every: timedelta) -> None:
    while not stop.is_set():
        with suppress(TimeoutError):
            await asyncio.wait_for(stop.wait(), every.total_seconds())
            return
        try:
            await watch.look()
        except DomainError as error:
            _LOG.warning("worker_not_watched", code=error.code)
        except Exception as error:  # noqa: BLE001  whatever it was, the watch goes on
            _LOG.exception("worker_watch_interrupted", error=type(error).__name__)
