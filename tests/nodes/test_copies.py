"""Backups of the oldest PostgreSQL we support: back to it, and on to the embedded one."""

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import pytest

from tests.adapters.backup.databases import held, kill_restore
from tests.conftest import create_database, fresh_database, named
from tests.forked_process import run_forked
from tests.nodes.debian_postgres import debian_postgres
from totetaxi_adapters.postgres.migrations import SchemaState, state, upgrade

HOUSE: Final = "house"
ENDS_WITHIN_S: Final = 180


@pytest.fixture(scope="module")
def house_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Give a house on PostgreSQL 15 with a booking that was paid and delivered."""
    with debian_postgres("15") as server_url:
        create_database(server_url, HOUSE)
        url = named(server_url, HOUSE)
        upgrade(url)
        totetaxi("demo", on=url, folder=tmp_path_factory.mktemp("demo"))
        yield url


@pytest.fixture
def copy_url(postgres_url: str) -> Iterator[str]:
    """Give an empty database on another server, of either version."""
    with fresh_database(postgres_url) as name:
        yield named(postgres_url, name)


def totetaxi(*arguments: str, on: str, folder: Path, code: int = 0) -> str:
    """Run a command to its end, and return what it printed, its errors after that."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    ended = run_forked(
        ("-m", "totetaxi_cli.main", *arguments),
        env={**kept, "DATABASE_URL": on, "TOTETAXI_DATA_DIR": str(folder), "PORT": "0"},
        timeout=ENDS_WITHIN_S,
    )
    assert ended.returncode == code, ended.stderr
    return ended.stdout + (ended.stderr if code else "")


def facts_of(answer: str) -> dict[str, Any]:
    return {name: value for name, value in json.loads(answer).items() if name != "took_s"}


def test_given_postgresql_15_when_backed_up_then_it_is_restored_there_and_to_a_newer_one(
    house_url: str, copy_url: str, tmp_path: Path
) -> None:
    path = str(tmp_path / "kept.tar")

    written = totetaxi("db", "backup", "--out", path, "--json", on=house_url, folder=tmp_path)
    rehearsed = totetaxi(
        "db", "verify", path, "--rehearse", "--json", on=house_url, folder=tmp_path
    )
    restored = totetaxi("db", "restore", path, "--json", on=copy_url, folder=tmp_path)
    totetaxi("db", "check", on=copy_url, folder=tmp_path)

    facts = facts_of(written)
    assert (facts["postgres"], facts["bookings"], facts["ledger_sum_cents"]) == (15, 1, 0)
    assert facts_of(restored) == facts_of(rehearsed) == facts
    assert held(copy_url) == held(house_url)


def test_given_a_copy_when_a_forced_restore_is_killed_then_nothing_starts_until_it_is_put_back(
    house_url: str, copy_url: str, tmp_path: Path
) -> None:
    path = tmp_path / "kept.tar"
    totetaxi("db", "backup", "--out", str(path), on=house_url, folder=tmp_path)
    upgrade(copy_url)
    before = held(copy_url)

    kill_restore("half_filled", path, copy_url)
    refused = totetaxi("serve", on=copy_url, folder=tmp_path, code=1)
    totetaxi("db", "put-back", on=copy_url, folder=tmp_path)
    put_back = held(copy_url)
    totetaxi("db", "restore", str(path), "--force", on=copy_url, folder=tmp_path)

    assert "restore_unfinished: " in refused
    assert put_back == before
    assert held(copy_url) == held(house_url)
    assert state(copy_url) is SchemaState.CURRENT
