"""An event loop of our own: it owns every await, and draws who goes on at each of them."""

import asyncio
from asyncio import events
from collections.abc import Callable, Coroutine
from contextvars import Context
from heapq import heappop, heappush
from itertools import count
from random import Random
from typing import Any, TypeVar, TypeVarTuple

from totetaxi_core.clock import Clock

T = TypeVar("T")
Ts = TypeVarTuple("Ts")


class Scheduler(asyncio.BaseEventLoop):
    """Runs tasks on a simulated clock, one callback a turn, drawn from all that are ready.

    No thread, no socket and no real second: the same draws give the same run. Timers are due by
    the clock, which others move.
    """

    def __init__(self, clock: Clock) -> None:
        super().__init__()
        self.chance = Random(0)  # noqa: S311  to be drawn again the same; nothing is a secret
        self._clock = clock
        self._waiting: list[asyncio.Handle] = []
        self._timers: list[tuple[float, int, asyncio.TimerHandle]] = []
        self._numbers = count()

    def time(self) -> float:
        """Return the simulated instant in seconds, as `call_at` takes it."""
        return self._clock().timestamp()

    def call_soon(
        self,
        callback: Callable[[*Ts], object],
        *args: *Ts,
        context: Context | None = None,
    ) -> asyncio.Handle:
        handle = asyncio.Handle(callback, args, self, context)
        self._waiting.append(handle)
        return handle

    def call_at(
        self,
        when: float,
        callback: Callable[[*Ts], object],
        *args: *Ts,
        context: Context | None = None,
    ) -> asyncio.TimerHandle:
        timer = asyncio.TimerHandle(when, callback, args, self, context)
        heappush(self._timers, (when, next(self._numbers), timer))
        return timer

    def call_later(
        self,
        delay: float,
        callback: Callable[[*Ts], object],
        *args: *Ts,
        context: Context | None = None,
    ) -> asyncio.TimerHandle:
        return self.call_at(self.time() + delay, callback, *args, context=context)

    def run_in_executor(
        self, _executor: object, func: Callable[[*Ts], T], *args: *Ts
    ) -> "asyncio.Future[T]":
        """Do it at once: there is no thread."""
        done: asyncio.Future[T] = self.create_future()
        try:
            done.set_result(func(*args))
        except Exception as error:  # noqa: BLE001  it is whoever waits for it who knows it
            done.set_exception(error)
        return done

    def start(self, work: Coroutine[Any, Any, Any]) -> "asyncio.Task[Any]":
        """Make a task of it; its first step is one of those that are ready."""
        return self.create_task(work)

    def run_turns(self, most: int) -> int:
        """Let at most so many callbacks run, and return how many there were to run."""
        outer = events._get_running_loop()  # noqa: SLF001  what an event loop does to run
        events._set_running_loop(self)  # noqa: SLF001
        try:
            return self._run_turns(most)
        finally:
            events._set_running_loop(outer)  # noqa: SLF001

    def settle(self) -> None:
        """Run until nobody can go on before the clock moves."""
        while self.run_turns(1_000):
            pass

    def next_timer_s(self) -> float | None:
        """Return in how many seconds the next timer is due; None if none is set."""
        return max(self._timers[0][0] - self.time(), 0.0) if self._timers else None

    def _run_turns(self, most: int) -> int:
        waiting, draw = self._waiting, self.chance.random
        self._wake()
        for turn in range(most):
            if not waiting:
                return turn
            drawn = int(draw() * len(waiting))
            waiting[drawn], waiting[-1] = waiting[-1], waiting[drawn]
            handle = waiting.pop()
            if not handle.cancelled():
                handle._run()  # noqa: SLF001  what an event loop does with its handles
        return most

    def _wake(self) -> None:
        """Make ready whatever was to wait until now."""
        now = self.time() if self._timers else 0.0
        while self._timers and self._timers[0][0] <= now:
            self._waiting.append(heappop(self._timers)[2])
