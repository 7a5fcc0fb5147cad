"""What the tests of backups do with a database, and read from it."""

import signal
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import psycopg

from tests.adapters.backup import killed_restore
from tests.forked_process import run_forked
from tests.scenarios.eventually import eventually
from totetaxi_adapters.backup.contents import Contents, read_contents
from totetaxi_adapters.backup.standing_schemas import OTHERS

ENDS_WITHIN_S: Final = 60
AT: Final = datetime(2026, 11, 22, 7, tzinfo=UTC)


def quiet(_: str) -> None:
    """Hear of the steps, and say nothing."""


def held(database_url: str) -> Contents:
    with psycopg.connect(database_url) as connection:
        return read_contents(connection)


def run(database_url: str, *statements: str) -> None:
    with psycopg.connect(database_url, autocommit=True) as connection:
        for statement in statements:
            connection.execute(statement.encode())


def rows(database_url: str, query: str) -> list[str]:
    with psycopg.connect(database_url) as connection:
        return [str(value) for (value,) in connection.execute(query.encode())]


def kill_restore(step: str, backup: Path, database_url: str) -> None:
    """Run a restore that dies at the step, and wait until the server has seen that."""
    command = (str(killed_restore.__file__), step, str(backup), database_url)
    # What it was unpacking stays behind: not in everybody's folder.
    assert run_forked(command, env={"TMPDIR": str(backup.parent)}).returncode == -signal.SIGKILL
    eventually(lambda: not rows(database_url, OTHERS), within_s=ENDS_WITHIN_S)
