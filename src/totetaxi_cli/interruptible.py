"""Runs what a command does for as long as somebody waits for it."""

import asyncio
import signal
import threading
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any, TypeVar

from totetaxi_cli.stop_deadline import leave_in_time

T = TypeVar("T")


def run(main: Coroutine[Any, Any, T]) -> T:
    """Run to the end and return what it returns, as `asyncio.run` does; Ctrl-C has a deadline.

    Raises:
        KeyboardInterrupt: it was interrupted, and has ended.
    """
    return asyncio.run(_in_time(main))


@contextmanager
def asking() -> Iterator[None]:
    """Let Ctrl-C end a question: it holds up the loop, which could not cancel it."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    former = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, former)


async def _in_time(main: Coroutine[Any, Any, T]) -> T:
    with _deadline_on_interrupt():
        return await main


@contextmanager
def _deadline_on_interrupt() -> Iterator[None]:
    cancel = signal.getsignal(signal.SIGINT)  # asyncio's by now
    if threading.current_thread() is not threading.main_thread() or not callable(cancel):
        yield
        return

    def interrupt(number: int, frame: FrameType | None) -> None:
        leave_in_time()
        cancel(number, frame)

    signal.signal(signal.SIGINT, interrupt)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, cancel)
