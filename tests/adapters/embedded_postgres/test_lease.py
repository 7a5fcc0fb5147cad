"""The lease as our own processes use it."""

import asyncio
import subprocess
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import make_url

from tests.adapters.embedded_postgres.server_client import processes_of, wait_until
from totetaxi_adapters.embedded_postgres import (
    DataFolderUnreachableError,
    EmbeddedPostgres,
    ServerStartError,
    find_program,
)

pytestmark = pytest.mark.usefixtures("made_cluster")


def test_given_two_leases_of_one_process_when_one_is_released_then_the_other_serves(
    place: Path,
) -> None:
    postgres = EmbeddedPostgres(place / "data")

    with postgres.acquire() as kept:
        postgres.acquire().release()
        with psycopg.connect(kept.database_url) as connection:
            found = connection.execute("SELECT 42").fetchone()

    assert found == (42,)
    assert processes_of(place) == set()


async def test_given_an_event_loop_when_acquired_in_a_thread_then_the_loop_goes_on(
    place: Path,
) -> None:
    acquiring = asyncio.create_task(asyncio.to_thread(EmbeddedPostgres(place / "data").acquire))
    turns = 0
    while not acquiring.done():
        turns += 1
        await asyncio.sleep(0)

    lease = await acquiring
    async with await psycopg.AsyncConnection.connect(lease.database_url) as connection:
        found = await (await connection.execute("SELECT 42")).fetchone()
    await asyncio.to_thread(lease.release)

    assert turns > 1
    assert found == (42,)


def test_given_a_lease_when_released_twice_then_the_second_does_nothing(place: Path) -> None:
    lease = EmbeddedPostgres(place / "data").acquire()

    lease.release()
    lease.release()

    assert processes_of(place) == set()


def test_given_a_url_when_sqlalchemy_and_pg_dump_read_it_then_both_find_the_socket(
    place: Path,
) -> None:
    with EmbeddedPostgres(place / "da ta+100%").acquire() as lease:
        parsed = make_url(lease.database_url)
        dumped = subprocess.run(
            [find_program("pg_dump"), lease.database_url],
            capture_output=True,
            text=True,
            check=True,
        )

    assert parsed.query["host"] == str(place / "da ta+100%" / "run")
    assert "PostgreSQL database dump complete" in dumped.stdout


def test_given_a_file_in_place_of_the_folder_when_acquired_then_it_is_refused(place: Path) -> None:
    (place / "file").touch()

    with pytest.raises(DataFolderUnreachableError) as raised:
        EmbeddedPostgres(place / "file").acquire()

    assert raised.value.code == "data_folder_unreachable"


def test_given_a_broken_cluster_when_acquired_then_the_error_carries_its_log(place: Path) -> None:
    postgres = EmbeddedPostgres(place / "data")
    (place / "data/cluster/PG_VERSION").write_text("7\n")

    with pytest.raises(ServerStartError) as raised:
        postgres.acquire()

    assert "database files are incompatible with server" in str(raised.value)
    assert wait_until(lambda: processes_of(place) == set())
