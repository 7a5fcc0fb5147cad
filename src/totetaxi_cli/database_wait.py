"""Wait for a database that is still starting."""

import time
from typing import Final

import psycopg
import typer

from totetaxi_adapters.postgres.engine import libpq_url
from totetaxi_core.unit_of_work import DatabaseUnavailableError

LOOK_S: Final = 0.5
CONNECT_S: Final = 5


def wait_for_database(database_url: str, *, within_s: float) -> None:
    """Return once it takes connections, and say that it waits; try at least once.

    Raises:
        DatabaseUnavailableError: it does not in time; the text has what it said last.
    """
    deadline = time.monotonic() + within_s
    is_told = False
    while (said := _refused(database_url)) is not None:
        if time.monotonic() >= deadline:
            raise DatabaseUnavailableError(f"no connection within {within_s:g} s: {said}")
        if not is_told:
            typer.echo(f"waiting for the database: {said}", err=True)
        is_told = True
        time.sleep(LOOK_S)


def _refused(database_url: str) -> str | None:
    """Return why there is no connection, without the password; None if there is one."""
    try:
        with psycopg.connect(libpq_url(database_url), connect_timeout=CONNECT_S):
            return None
    except psycopg.OperationalError as error:
        return " ".join(str(error).split()) or type(error).__name__
