"""Telling who waits what is being done."""

import sys
import time


class Progress:
    """Writes to standard error: standard output belongs to the figures."""

    def __init__(self, *, quiet: bool = False) -> None:
        self._quiet = quiet
        self._started = time.monotonic()

    def tell(self, what: str) -> None:
        if not self._quiet:
            seconds = time.monotonic() - self._started
            sys.stderr.write(f"[{seconds:6.1f} s] {what}\n")
            sys.stderr.flush()
