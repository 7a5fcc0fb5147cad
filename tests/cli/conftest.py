"""The command line on a database of its own: in this process, or as processes."""

import json
import logging
import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from errno import ECONNREFUSED
from pathlib import Path
from socket import socket
from typing import Any

import attrs
import pytest
import structlog

from tests.cli.shelf import Shelf
from tests.forked_process import ForkedProcess
from totetaxi_adapters.settings import Settings
from totetaxi_cli.main import main

COMMAND = ("-m", "totetaxi_cli.main")
ENDS_WITHIN_S = 120.0

Process = subprocess.Popen[str] | ForkedProcess

Environ = Mapping[str, str]


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """How a command ended."""

    code: int
    out: str
    err: str

    @property
    def errors(self) -> list[str]:
        return self.err.splitlines()

    @property
    def json(self) -> Any:  # noqa: ANN401  whatever JSON holds
        return json.loads(self.out)


@dataclass(kw_only=True)
class Runner:
    """Runs commands in this process: as the script would, and quicker than a process."""

    environ: Environ
    capture: pytest.CaptureFixture[str]
    patch: pytest.MonkeyPatch
    given: dict[str, str] = field(default_factory=dict)

    def __call__(self, *arguments: str, **environ: str) -> Outcome:
        for name in [one.name.upper() for one in attrs.fields(Settings)]:
            self.patch.delenv(name, raising=False)
        for name, value in {**self.environ, **environ}.items():
            self.patch.setenv(name, value)
        self.capture.readouterr()
        with _loggers_restored(), pytest.raises(SystemExit) as left:
            main(arguments)
        said = self.capture.readouterr()
        code = left.value.code
        return Outcome(code=code if isinstance(code, int) else 0, out=said.out, err=said.err)


@contextmanager
def _loggers_restored() -> Iterator[None]:
    root = logging.getLogger()
    before = root.handlers[:], root.level
    try:
        yield
    finally:
        root.handlers[:], root.level = before
        structlog.reset_defaults()


@dataclass(kw_only=True)
class Processes:
    """Starts commands as processes, and sees that none is left.

    `anew` starts a new interpreter, as a user does; the others are forked, which is quicker.
    """

    environ: Environ
    started: list[Process] = field(default_factory=list)

    def start(self, *arguments: str, **environ: str) -> ForkedProcess:
        process = ForkedProcess((*COMMAND, *arguments), env=self._environ(environ))
        self.started.append(process)
        return process

    def anew(self, *arguments: str, **environ: str) -> subprocess.Popen[str]:
        process = subprocess.Popen(
            (sys.executable, *COMMAND, *arguments),
            env=self._environ(environ),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            stdin=subprocess.DEVNULL,
            text=True,
        )
        self.started.append(process)
        return process

    def _environ(self, environ: Environ) -> Environ:
        kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
        return {**kept, **self.environ, **environ}

    def run(self, *arguments: str, **environ: str) -> Outcome:
        return self.end_of(self.start(*arguments, **environ))

    def end_of(self, process: Process) -> Outcome:
        out, err = process.communicate(timeout=ENDS_WITHIN_S)
        return Outcome(code=process.wait(), out=out, err=err)

    def stop_all(self) -> None:
        for process in self.started:
            if process.poll() is None:
                process.kill()
            process.communicate(timeout=ENDS_WITHIN_S)


@pytest.fixture
def environ(database_url: str, tmp_path: Path) -> Environ:
    return {"DATABASE_URL": database_url, "TOTETAXI_DATA_DIR": str(tmp_path), "PORT": "0"}


@pytest.fixture
def totetaxi(
    environ: Environ, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Runner:
    return Runner(environ=environ, capture=capsys, patch=monkeypatch)


@pytest.fixture
def shelf(database_url: str, tmp_path: Path) -> Shelf:
    return Shelf(database_url, tmp_path)


@pytest.fixture
def processes(environ: Environ) -> Iterator[Processes]:
    made = Processes(environ=environ)
    yield made
    made.stop_all()


def ready_line(process: Process) -> str:
    """Return the line a process says it is ready with; empty when it ended before."""
    assert process.stdout is not None
    return process.stdout.readline()


def address_in(line: str) -> str:
    """Return the service's address from its ready line."""
    return line.split("API docs ")[1].split("/schema", maxsplit=1)[0]


def refuses(place: tuple[str, int]) -> bool:
    """Tell whether a new caller is turned away there."""
    with socket() as caller:
        # Whoever comes as the listener closes is reset: not turned away yet.
        return caller.connect_ex(place) == ECONNREFUSED


Command = Callable[..., Outcome]


def open_starts(command: Command) -> Sequence[tuple[str, str]]:
    """Return dates and times that a customer may book, from the day after tomorrow on."""
    answer = command("availability", "--service", "mini_move", "--json").json
    return [
        (day["date"], slot["time"])
        for day in answer["days"][2:]
        for slot in day["slots"]
        if slot["crews_left"]
    ]


def order_of(day: str, start: str, *, email: str = "ada@example.com") -> list[str]:
    """Return the options of a sound order."""
    facts = {
        "--service": "mini_move",
        "--package": "petite",
        "--date": day,
        "--time": start,
        "--from": "10001",
        "--from-line-1": "350 5th Ave",
        "--from-city": "New York",
        "--from-state": "NY",
        "--to": "11937",
        "--to-line-1": "12 Main St",
        "--to-city": "East Hampton",
        "--to-state": "NY",
        "--first-name": "Ada",
        "--last-name": "Lovelace",
        "--email": email,
        "--phone": "+12127365000",
    }
    return [part for pair in facts.items() for part in pair]
