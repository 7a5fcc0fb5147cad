"""PostgreSQL's own programs of one major version, and how they are run."""

import os
import re
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Final

from psycopg import pq
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from totetaxi_adapters.backup.errors import (
    PostgresProgramError,
    PostgresProgramMissingError,
    UnpassableSettingError,
)
from totetaxi_adapters.embedded_postgres import BinariesMissingError, find_program
from totetaxi_adapters.postgres.engine import libpq_url

DUMP: Final = "pg_dump"
RESTORE: Final = "pg_restore"
# Where packages put them, several versions side by side: Debian's and Red Hat's.
FOLDERS: Final = ("/usr/lib/postgresql/{major}/bin", "/usr/pgsql-{major}/bin")
LAST_WORDS: Final = 5  # lines
# They have no variable of their own, and may not be arguments.
SECRETS: Final = frozenset(
    {"sslpassword", "scram_client_key", "scram_server_key", "oauth_client_secret"}
)


def program(name: str, *, major: int, or_newer: bool = False) -> Path:
    """Return the program of the major version; `or_newer` for one that only reads a file.

    Raises:
        PostgresProgramMissingError: none is here.
    """
    for path in _candidates(name, major):
        found = _major_of(path)
        if found == major or (or_newer and found is not None and found > major):
            return path
    raise PostgresProgramMissingError.of(name, major=major)


def run(path: Path, *arguments: str, database_url: str | None = None) -> str:
    """Run a program to its end and return what it printed.

    How it connects is in its environment, the password among it: arguments are for all to see.

    Raises:
        PostgresProgramError: it failed.
        UnpassableSettingError: a secret would have to be an argument.
    """
    environ, rest = ({}, ()) if database_url is None else _connection(database_url)
    ended = subprocess.run(  # noqa: S603  PostgreSQL's own program, no shell
        (str(path), *rest, *arguments),
        env={**os.environ, "LC_ALL": "C", **environ},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    if ended.returncode != 0:
        said = [line for line in ended.stderr.splitlines() if line.strip()][-LAST_WORDS:]
        raise PostgresProgramError(f"{path.name} failed: " + " | ".join(said))
    return ended.stdout


def _candidates(name: str, major: int) -> Iterator[Path]:
    with suppress(BinariesMissingError):  # a server of its own needs no extra
        yield find_program(name)
    for folder in FOLDERS:
        yield Path(folder.format(major=major), name)
    on_path = shutil.which(name)
    if on_path is not None:
        yield Path(on_path)


def _major_of(path: Path) -> int | None:
    """Return the major version a program says it has, None if it cannot be run."""
    if not os.access(path, os.X_OK):
        return None
    said = re.search(r"(\d+)", run(path, "--version"))
    return None if said is None else int(said[1])


def _connection(database_url: str) -> tuple[Mapping[str, str], tuple[str, ...]]:
    """Return the variables that say how to connect, and what has no variable as arguments."""
    variables = {
        option.keyword.decode(): option.envvar.decode()
        for option in pq.Conninfo.get_defaults()
        if option.envvar is not None
    }
    told = {name: str(value) for name, value in conninfo_to_dict(libpq_url(database_url)).items()}
    rest = {name: value for name, value in told.items() if name not in variables}
    if not SECRETS.isdisjoint(rest):
        raise UnpassableSettingError(SECRETS & rest.keys())
    if "dbname" in told:
        rest["dbname"] = told["dbname"]  # pg_restore wants to be told
    environ = {variables[name]: value for name, value in told.items() if name in variables}
    return environ, ("--dbname", make_conninfo("", **rest), "--no-password")
