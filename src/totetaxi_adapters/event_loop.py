"""The event loop of the processes that stay up: uvloop's, which serves more with less."""

import asyncio
import sys
from collections.abc import Coroutine
from typing import Any, TypeVar

T = TypeVar("T")

if sys.platform == "win32":
    new_event_loop = asyncio.new_event_loop  # uvloop is not made for Windows
else:
    from uvloop import new_event_loop


def run(main: Coroutine[Any, Any, T]) -> T:
    """Run to the end and return what it returns, as `asyncio.run` would."""
    with asyncio.Runner(loop_factory=new_event_loop) as runner:
        return runner.run(main)
