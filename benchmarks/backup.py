"""A database of some size into a file, and from it into another database."""

import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import psycopg
from psycopg.sql import SQL, Identifier

from benchmarks.effort import Effort
from benchmarks.figure import Figure
from benchmarks.progress import Progress
from benchmarks.stored_bookings import store_bookings
from benchmarks.temporary_postgres import TemporaryPostgres, temporary_postgres
from totetaxi_adapters.backup.back_up import back_up
from totetaxi_adapters.backup.restore import restore

NAME: Final = "backup"
MOST_S_PER_100_000: Final = 60.0
LARGE: Final = 100_000


def measure(effort: Effort, progress: Progress) -> Iterator[Figure]:
    """Time it there and back, with every row and the ledger compared."""
    count = effort.bookings[-1]
    with temporary_postgres() as postgres:
        url = postgres.database("filled")
        progress.tell(f"a database with {count:,} bookings ...")
        store_bookings(url, count)
        path = Path(postgres.folder.parent, "backup.tar")
        there_s = _seconds(lambda: back_up(url, path, at=datetime.now(UTC), tell=progress.tell))
        empty = _empty(postgres, "restored")
        back_s = _seconds(lambda: restore(path, empty, force=False, tell=progress.tell))
        size = path.stat().st_size / 1_000_000
    yield Figure(
        name=f"Backup of {count:,} bookings", value=there_s, unit="s", note=f"{size:.0f} MB"
    )
    yield Figure(name=f"Restore of {count:,} bookings", value=back_s, unit="s")
    yield Figure(
        name=f"There and back, {count:,} bookings",
        value=there_s + back_s,
        unit="s",
        limit=MOST_S_PER_100_000 * max(1, count // LARGE),
        at_most=True,
    )


def _empty(postgres: TemporaryPostgres, name: str) -> str:
    with psycopg.connect(postgres.url, autocommit=True) as connection:
        connection.execute(SQL("CREATE DATABASE {}").format(Identifier(name)))
    return postgres.url_of(name)


def _seconds(act: Callable[[], object]) -> float:
    started = time.perf_counter()
    act()
    return time.perf_counter() - started
