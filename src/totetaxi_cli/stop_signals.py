"""SIGTERM and SIGINT before the event loop takes them over, and after it has given them back."""

import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import NoReturn

from totetaxi_cli.stop_deadline import leave_in_time

STOPPING = (signal.SIGTERM, signal.SIGINT)


@contextmanager
def leaving_on_signals() -> Iterator[None]:
    """Let both end the process well: a service is asked to stop while it still starts."""
    before = {number: signal.signal(number, _leave) for number in STOPPING}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _leave(_number: int, _frame: FrameType | None) -> NoReturn:
    leave_in_time()  # what has begun is ended, and may wait for a silent database
    sys.exit(0)
