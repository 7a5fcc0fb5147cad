"""Wait for a condition, never for a time."""

import time
from collections.abc import Callable
from typing import Final, TypeVar

T = TypeVar("T")
LOOK_S: Final = 0.05


def eventually(look: Callable[[], T | None], *, within_s: float) -> T:
    """Return the first look that is not None, False or empty; fail once the deadline is over."""
    deadline = time.monotonic() + within_s
    while True:
        seen = look()
        if seen:
            return seen
        if time.monotonic() > deadline:
            raise AssertionError(f"not within {within_s} s; last seen: {seen!r}")
        time.sleep(LOOK_S)
