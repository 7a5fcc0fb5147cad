"""How long to wait before the next attempt."""

from datetime import timedelta
from typing import Final
from zlib import crc32

SHORTEST: Final = timedelta(seconds=5)
JITTER: Final = 0.25


def retry_pause(waited: timedelta, *, longest: timedelta, seed: str) -> timedelta:
    """Return as long again as it has been tried, give or take a quarter that the seed draws.

    So the pauses double: 5 s, 5 s, 10 s, 20 s … up to `longest`. Whoever fails at the same moment
    does not come back at the same moment.
    """
    nominal = max(SHORTEST, min(waited, longest))
    drawn = crc32(seed.encode()) / 2**32
    return nominal * (1 - JITTER + 2 * JITTER * drawn)
