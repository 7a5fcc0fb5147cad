"""Locks of tables in use, asked for briefly and often.

Who waits for a table to change it keeps everybody who comes after waiting too. So a migration
gives up soon, lets them pass, and asks again.
"""

import time
from collections.abc import Callable
from typing import Final

import psycopg
import structlog
from sqlalchemy import Connection, text
from sqlalchemy.exc import OperationalError

from totetaxi_core.refusal import DomainError

LOCK_TIMEOUT_MS: Final = 300
PATIENCE_S: Final = 600.0
FIRST_PAUSE_S: Final = 0.2
LONGEST_PAUSE_S: Final = 5.0
IN_THE_WAY: Final = (psycopg.errors.LockNotAvailable, psycopg.errors.DeadlockDetected)
# Without effect outside a transaction, where indexes are built: that keeps nobody waiting.
BRIEFLY: Final = f"SET LOCAL lock_timeout = '{LOCK_TIMEOUT_MS}ms'"
OLDEST: Final = text(
    "SELECT pid, application_name, extract(epoch FROM clock_timestamp() - xact_start)::int"
    " FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
    " AND xact_start < clock_timestamp() - interval '1 s'"
    " AND application_name <> :ours ORDER BY xact_start LIMIT 3"
)

_LOG = structlog.get_logger(__name__)


class MigrationBlockedError(DomainError):
    """Others used a table for so long that a migration never had it; what came before it stands."""

    code = "migration_blocked"


def ask_again(
    migrate: Callable[[], None], connection: Connection, *, ours: str, patience_s: float
) -> None:
    """Migrate; where a table is in use, again after a pause, for so long at most.

    `ours` is the application name of those who migrate, who are in nobody's way.

    Raises:
        MigrationBlockedError: somebody was in the way to the end.
    """
    until, pause_s = time.monotonic() + patience_s, FIRST_PAUSE_S
    while True:
        try:
            return migrate()
        except OperationalError as error:
            if not isinstance(error.orig, IN_THE_WAY):
                raise
            connection.rollback()
            in_the_way = _in_the_way(connection, ours)
            if time.monotonic() + pause_s > until:
                raise MigrationBlockedError(_blocked(in_the_way)) from error
        _LOG.warning("a table is in use: the migration is tried again", in_the_way=in_the_way)
        time.sleep(pause_s)
        pause_s = min(2 * pause_s, LONGEST_PAUSE_S)


def _in_the_way(connection: Connection, ours: str) -> str:
    """Name the oldest transactions; they are in the way most likely."""
    rows = connection.execute(OLDEST, {"ours": ours}).all()
    connection.rollback()
    return "; ".join(f"{name or 'a session'} (pid {pid}) for {age} s" for pid, name, age in rows)


def _blocked(in_the_way: str) -> str:
    found = in_the_way or "nobody now"
    return f"a table was in use all the time; transactions open: {found}. Try again later"
