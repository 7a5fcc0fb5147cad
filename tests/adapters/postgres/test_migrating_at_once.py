"""Several who migrate, while others use the tables."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import create_engine

from tests.adapters.postgres.server_view import fetch
from tests.forked_process import ForkedProcess
from totetaxi_adapters.postgres import migrations
from totetaxi_adapters.postgres.engine import driver_url
from totetaxi_adapters.postgres.migrations import table_locks
from totetaxi_adapters.postgres.migrations.migration_lock import MIGRATION_LOCK, migration_lock
from totetaxi_adapters.postgres.migrations.table_locks import MigrationBlockedError

PATIENCE_S = 60
AT_ONCE = 2
AT_MOST_5_S = "-c statement_timeout=5s"
UPGRADE = ("-m", "totetaxi_cli.main", "db", "upgrade")
# A session that only asks how the database stands is gone sooner.
WAITING = """
    SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()
    AND application_name = 'totetaxi-migrations' AND clock_timestamp() - backend_start > '0.5 s'
"""
ADVISORY = """
    SELECT count(*) FROM pg_locks JOIN pg_stat_activity USING (pid)
    WHERE datname = current_database() AND locktype = 'advisory'
"""
IS_VALID = "SELECT indisvalid FROM pg_index WHERE indexrelid = 'ix_built'::regclass"
HOLDS_A_SNAPSHOT = """
    SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()
    AND application_name = 'totetaxi-migrations' AND wait_event_type = 'Lock'
"""


@contextmanager
def upgrading(database_url: str, folder: Path) -> Iterator[list[ForkedProcess]]:
    """Run `totetaxi db upgrade` in processes at once."""
    environ = {"DATABASE_URL": database_url, "TOTETAXI_DATA_DIR": str(folder)}
    processes = [ForkedProcess(UPGRADE, env=environ) for _ in range(AT_ONCE)]
    yield processes
    for process in processes:
        process.kill()


def until(database_url: str, query: str, count: int) -> None:
    deadline = time.monotonic() + PATIENCE_S
    while fetch(database_url, query) != [(count,)]:
        assert time.monotonic() < deadline, f"never {count}: {query}"


def test_given_an_empty_database_when_two_processes_upgrade_at_once_then_one_of_them_does(
    empty_database_url: str, tmp_path: Path
) -> None:
    with (
        psycopg.connect(empty_database_url) as starter,
        upgrading(empty_database_url, tmp_path) as processes,
    ):
        starter.execute("SELECT pg_advisory_xact_lock(%s)", (MIGRATION_LOCK,))
        until(empty_database_url, WAITING, AT_ONCE)
        waiting_in_the_server = fetch(empty_database_url, HOLDS_A_SNAPSHOT)
        tables = fetch(empty_database_url, "SELECT to_regclass('alembic_version')::text")
        starter.rollback()
        answers = [process.communicate(timeout=PATIENCE_S) for process in processes]

    said = sorted(out for out, _ in answers)
    assert (waiting_in_the_server, tables) == ([(0,)], [(None,)])
    assert [process.returncode for process in processes] == [0] * AT_ONCE
    assert [err for _, err in answers] == [""] * AT_ONCE
    assert said == [
        f"the database is at migration {migrations.newest()} already\n",
        f"the database was without any table and is at migration {migrations.newest()} now\n",
    ]
    migrations.check(empty_database_url)


def test_given_the_lock_is_held_when_an_index_is_built_concurrently_then_it_waits_for_nobody(
    database_url: str,
) -> None:
    server = create_engine(driver_url(database_url))

    with server.connect() as guard, migration_lock(guard):
        with psycopg.connect(database_url, autocommit=True, options=AT_MOST_5_S) as building:
            building.execute("CREATE INDEX CONCURRENTLY ix_built ON bookings (status)")
        locks = fetch(database_url, ADVISORY)
    server.dispose()

    assert locks == [(1,)]
    assert fetch(database_url, IS_VALID) == [(True,)]


def test_given_a_process_that_dies_migrating_when_another_waits_then_that_one_migrates(
    empty_database_url: str, tmp_path: Path
) -> None:
    with psycopg.connect(empty_database_url) as starter:
        starter.execute("SELECT pg_advisory_xact_lock(%s)", (MIGRATION_LOCK,))
        with upgrading(empty_database_url, tmp_path) as (dying, waiting):
            until(empty_database_url, WAITING, AT_ONCE)
            starter.rollback()
            dying.kill()
            dying.communicate(timeout=PATIENCE_S)
            out, err = waiting.communicate(timeout=PATIENCE_S)

    assert (waiting.returncode, err) == (0, "")
    assert f"is at migration {migrations.newest()}" in out
    migrations.check(empty_database_url)


def test_given_a_reader_in_the_way_when_upgraded_then_it_lets_others_pass_and_asks_again(
    empty_database_url: str,
) -> None:
    migrations.upgrade(empty_database_url, revision="0018")
    with psycopg.connect(empty_database_url) as reader:
        reader.execute("SELECT FROM messages")
        upgrade = threading.Thread(target=migrations.upgrade, args=(empty_database_url,))
        upgrade.start()
        until(empty_database_url, HOLDS_A_SNAPSHOT, 1)
        with psycopg.connect(empty_database_url, autocommit=True, options=AT_MOST_5_S) as passing:
            started = time.monotonic()
            passing.execute("SELECT FROM messages")
            waited_s = time.monotonic() - started
        is_trying = upgrade.is_alive()
    upgrade.join(PATIENCE_S)

    assert is_trying
    assert waited_s < 1
    migrations.check(empty_database_url)


def test_given_a_reader_that_stays_when_upgraded_then_it_is_refused_and_names_it(
    empty_database_url: str,
) -> None:
    migrations.upgrade(empty_database_url, revision="0018")
    with psycopg.connect(empty_database_url, application_name="pg_dump") as reader:
        reader.execute("SELECT FROM messages")

        with pytest.raises(MigrationBlockedError, match=r"pg_dump \(pid \d+\) for \d+ s"):
            migrations.upgrade(empty_database_url, patience_s=2)

    assert migrations.current(empty_database_url) == "0018"
    assert table_locks.LOCK_TIMEOUT_MS < 1_000
