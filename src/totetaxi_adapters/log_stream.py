"""Where log lines go: no request, and no job, may fail because its line cannot be written."""

from contextlib import suppress
from io import TextIOBase
from typing import TextIO


class LogStream(TextIOBase):
    """Passes lines on; those that find no room, or nobody who reads them, are lost."""

    def __init__(self, target: TextIO) -> None:
        self._target = target

    def writable(self) -> bool:
        return True

    def write(self, text: str) -> int:
        with suppress(OSError):
            self._target.write(text)
        return len(text)

    def flush(self) -> None:
        with suppress(OSError):
            self._target.flush()
