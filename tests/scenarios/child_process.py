"""A process of ours that a test starts, freezes and kills by its own pid."""

import os
import signal
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final, Self

from tests.forked_process import ForkedProcess
from tests.scenarios.eventually import eventually

START_S: Final = 90
STOP_S: Final = 25


class ChildProcess:
    """Runs until stopped; what it prints goes to `log`. Use it as a context manager."""

    def __init__(self, arguments: Sequence[str], *, environ: Mapping[str, str], log: Path) -> None:
        self.log = log
        kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
        with log.open("ab") as output:
            self._from = output.tell()
            self._process = ForkedProcess(arguments, env={**kept, **environ}, to=output)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.kill()

    def wait_for(self, words: str) -> str:
        """Return the first line that begins so; a process that ends first fails the test."""
        return eventually(lambda: self._line_beginning(words), within_s=START_S)

    def _line_beginning(self, words: str) -> str | None:
        text = self.log.read_bytes()[self._from :].decode()
        assert self._process.poll() is None, f"the process ended:\n{text}"
        return next((line for line in text.splitlines() if line.startswith(words)), None)

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def output(self) -> str:
        return self.log.read_text()

    def stop(self) -> int:
        """Ask it to leave, and return its exit status."""
        self._process.terminate()
        return self._process.wait(STOP_S)

    def kill(self) -> None:
        """End it as a power cut would: SIGKILL."""
        if self._process.poll() is None:
            self._process.kill()
            self._process.wait(STOP_S)

    def freeze(self) -> None:
        self._process.send_signal(signal.SIGSTOP)

    def thaw(self) -> None:
        self._process.send_signal(signal.SIGCONT)
