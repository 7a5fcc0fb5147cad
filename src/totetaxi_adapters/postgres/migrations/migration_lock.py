"""One process migrates at a time."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

import structlog
from sqlalchemy import Connection, text

MIGRATION_LOCK: Final = 7_205_311_845  # any number, the same for all who migrate
PAUSE_S: Final = 0.1
TRY: Final = text("SELECT pg_try_advisory_xact_lock(:lock)")
STAY: Final = text("SET LOCAL idle_in_transaction_session_timeout = 0")

_LOG = structlog.get_logger(__name__)


@contextmanager
def migration_lock(guard: Connection) -> Iterator[None]:
    """Keep others from migrating meanwhile, after whoever does now.

    `guard` is a connection for this alone, kept in a transaction: the lock goes with it, also
    where a pooler gives the server's sessions out by the transaction.
    """
    is_waiting = False
    while not _take(guard):
        if not is_waiting:
            _LOG.info("another process migrates the database: waiting for it")
            is_waiting = True
        time.sleep(PAUSE_S)
    try:
        yield
    finally:
        guard.rollback()


def _take(guard: Connection) -> bool:
    """Ask, and do not wait in the server.

    A statement that waits there holds a snapshot, and an index that is built concurrently waits
    for every snapshot: two who upgrade would wait for each other.
    """
    if not guard.scalar(TRY, {"lock": MIGRATION_LOCK}):
        guard.rollback()
        return False
    # It also ends the query before, whose snapshot would stay: an idle session keeps the last one.
    guard.execute(STAY)
    return True
