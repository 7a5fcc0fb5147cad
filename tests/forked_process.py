"""Programs of ours as processes, forked from one that has imported our code already.

They are what `subprocess` would start with this interpreter, less the second that imports take.
"""

import atexit
import json
import os
import select
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from functools import cache
from pathlib import Path
from typing import IO, Final

from tests import nursery
from tests.nursery import NUMBER

PATIENCE_S: Final = 60
ONE_AT_A_TIME: Final = threading.Lock()


class NurseryEndedError(Exception):
    """The process that forks is gone, or says nothing."""


class ForkedProcess:
    """Like `subprocess.Popen` of a text: `arguments` are those after the interpreter's name.

    Its output and errors are pipes, unless both go to a file; its input is `text`, or nothing.
    """

    stdout: IO[str] | None = None
    stderr: IO[str] | None = None

    def __init__(
        self,
        arguments: Sequence[str],
        *,
        env: Mapping[str, str],
        to: IO[bytes] | None = None,
        text: str = "",
    ) -> None:
        self.returncode: int | None = None
        self._end, told = os.pipe()
        if to is None:
            (read_out, out), (read_err, err) = os.pipe(), os.pipe()
            self.stdout, self.stderr = os.fdopen(read_out), os.fdopen(read_err)
        else:
            out, err = os.dup(to.fileno()), os.dup(to.fileno())
        files = [_input_of(text), out, err, told]
        try:
            order = json.dumps([[*arguments], {**env}, str(Path.cwd())])
            with ONE_AT_A_TIME:
                socket.send_fds(_orders(), [f"{order}\n".encode()], files)
                self.pid = self._number(PATIENCE_S)
        finally:
            for file in files:
                os.close(file)

    def poll(self) -> int | None:
        """Return the exit status, as a negative number that of the signal; None while it runs."""
        if self.returncode is None and self._is_told(0):
            self.returncode = self._number(0)
            os.close(self._end)
        return self.returncode

    def wait(self, timeout: float | None = None) -> int:
        """Wait for its end, and return the exit status.

        Raises:
            subprocess.TimeoutExpired: it goes on.
        """
        if self.returncode is None and not self._is_told(timeout):
            raise subprocess.TimeoutExpired(f"process {self.pid}", timeout or 0)
        status = self.poll()
        assert status is not None
        return status

    def send_signal(self, number: int) -> None:
        if self.poll() is None:
            os.kill(self.pid, number)

    def terminate(self) -> None:
        self.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        self.send_signal(signal.SIGKILL)

    def communicate(self, *, timeout: float) -> tuple[str, str]:
        """Wait for its end, and return what is left of its output and its errors.

        Raises:
            subprocess.TimeoutExpired: it went on, and was killed.
        """
        with ExitStack() as closing, ThreadPoolExecutor(2) as reading:
            said = [
                reading.submit(closing.enter_context(pipe).read)
                for pipe in (self.stdout, self.stderr)
                if pipe is not None and not pipe.closed
            ]
            try:
                self.wait(timeout)
            except subprocess.TimeoutExpired:
                self.kill()  # so that reading ends
                raise
            out, err = [one.result() for one in said] or ("", "")
        return out, err

    def _is_told(self, timeout: float | None) -> bool:
        ready, _, _ = select.select([self._end], [], [], timeout)
        return bool(ready)

    def _number(self, timeout: float) -> int:
        told = os.read(self._end, NUMBER.size) if self._is_told(timeout) else b""
        if not told:
            raise NurseryEndedError
        number: int = NUMBER.unpack(told)[0]
        return number


def run_forked(
    arguments: Sequence[str], *, env: Mapping[str, str], text: str = "", timeout: float = 60
) -> subprocess.CompletedProcess[str]:
    """Run to the end, like `subprocess.run` of a text with its output captured."""
    process = ForkedProcess(arguments, env=env, text=text)
    out, err = process.communicate(timeout=timeout)
    return subprocess.CompletedProcess([*arguments], process.wait(), out, err)


def _input_of(text: str) -> int:
    """Return a file to read the text from: it fits into a pipe, which nobody has to feed then."""
    if not text:
        return os.open(os.devnull, os.O_RDONLY)
    read, write = os.pipe()
    with os.fdopen(write, "w") as writer:
        os.set_blocking(write, False)
        writer.write(text)
    return read


@cache
def _orders() -> socket.socket:
    """Start the nursery of this process; it ends when nobody can order any more."""
    ours, theirs = socket.socketpair()
    kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    with theirs:
        process = subprocess.Popen(
            [sys.executable, str(nursery.__file__), str(theirs.fileno())],
            env=kept,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            pass_fds=[theirs.fileno()],
        )

    def end() -> None:
        ours.close()
        process.wait(PATIENCE_S)

    atexit.register(end)
    return ours
