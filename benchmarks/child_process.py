"""A program of ours that runs beside, and is ended by its own id."""

import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

PATIENCE_S: Final = 30.0
ROOT: Final = Path(__file__).parents[1]


class ChildFailedError(Exception):
    """The program ended, or hung up, before it said its line."""


@dataclass(frozen=True, slots=True)
class Child:
    """`line` is the first it wrote to standard output."""

    pid: int
    line: str


@contextmanager
def child(command: Sequence[str], *, environment: Mapping[str, str]) -> Iterator[Child]:
    """Run a program from its first line of output on; at the end it is asked to stop, and does.

    What it logs is thrown away.

    Raises:
        ChildFailedError: it ended without a line.
    """
    process = subprocess.Popen(
        command,
        env=dict(environment),
        cwd=ROOT,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    with process:
        try:
            line = process.stdout.readline() if process.stdout else ""
            if not line:
                failed = f"{' '.join(command)} ended with {process.wait()}"
                raise ChildFailedError(f"{failed}: run it to see why")
            yield Child(process.pid, line.strip())
        finally:
            process.terminate()
            try:
                process.wait(PATIENCE_S)
            except subprocess.TimeoutExpired:
                process.kill()


def module_command(module: str, *arguments: str) -> tuple[str, ...]:
    """Return the command that runs a module of this project by this interpreter."""
    return (sys.executable, "-m", module, *arguments)
