"""A value that is dear to find out: kept for a while, and found out anew while others go on."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Final, Generic, TypeVar

import structlog

from totetaxi_core.refusal import code_of

PATIENCE_S: Final = 2.0
Value = TypeVar("Value")
_LOG = structlog.get_logger(__name__)


class Remembered(Generic[Value]):
    """Finds out again `for_s` seconds after the latest start, and `retry_s` after one that failed.

    A failure, whatever it is, is logged and leaves the value as it was known before.
    """

    def __init__(
        self,
        name: str,
        find_out: Callable[[], Awaitable[Value]],
        *,
        for_s: float,
        retry_s: float,
        clock: Callable[[], float],
        patience_s: float = PATIENCE_S,
    ) -> None:
        self._name, self._find_out, self._clock = name, find_out, clock
        self._for_s, self._retry_s, self._patience_s = for_s, retry_s, patience_s
        self._due_at: float | None = None
        self._finding: asyncio.Task[None] | None = None
        self._value: Value | None = None
        self.is_read = False
        """Whether the latest try that ended has found it out."""

    async def value(self) -> Value | None:
        """Return what is known, None before the first success; waits a little if it is due."""
        now = self._clock()
        if self._finding is None and (self._due_at is None or now >= self._due_at):
            self._finding = asyncio.create_task(self._find(now))
        if self._finding is not None:
            await asyncio.wait({self._finding}, timeout=self._patience_s)
        return self._value

    async def _find(self, now: float) -> None:
        pause_s = self._retry_s
        try:
            self._value = await self._find_out()
            self.is_read, pause_s = True, self._for_s
        except Exception as error:  # noqa: BLE001  it is told as not read, and tried again
            self.is_read = False
            _LOG.warning("figures_not_read", figures=self._name, code=code_of(error))
        finally:
            self._due_at, self._finding = now + pause_s, None
