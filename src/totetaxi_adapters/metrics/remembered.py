"""A value that is dear to find out, kept for a while."""

from collections.abc import Awaitable, Callable
from typing import Generic, TypeVar

Value = TypeVar("Value")


class Remembered(Generic[Value]):
    """Finds out again once `for_s` seconds have passed; a failure is not kept."""

    def __init__(
        self,
        find_out: Callable[[], Awaitable[Value]],
        *,
        for_s: float,
        clock: Callable[[], float],
    ) -> None:
        self._find_out, self._for_s, self._clock = find_out, for_s, clock
        self._kept: tuple[float, Value] | None = None

    async def value(self) -> Value:
        now = self._clock()
        if self._kept is None or now - self._kept[0] >= self._for_s:
            self._kept = (now, await self._find_out())
        return self._kept[1]
