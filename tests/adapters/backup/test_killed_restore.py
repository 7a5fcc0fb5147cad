"""A restore that is killed leaves a database on which nothing starts, until it is mended."""

from pathlib import Path
from typing import Final

import psycopg
import pytest

from tests.adapters.backup.databases import AT, held, kill_restore, quiet, rows, run
from tests.adapters.backup.killed_restore import STEPS
from totetaxi_adapters.backup.archive import read_manifest
from totetaxi_adapters.backup.back_up import back_up
from totetaxi_adapters.backup.errors import (
    DatabaseInUseError,
    DatabaseNotEmptyError,
    NoUnfinishedRestoreError,
)
from totetaxi_adapters.backup.restore import put_back_standing, restore
from totetaxi_adapters.postgres.migrations import SchemaState, state, upgrade
from totetaxi_adapters.postgres.migrations.migration_lock import MIGRATION_LOCK
from totetaxi_adapters.postgres.unfinished_restore import RestoreUnfinishedError

OURS: Final = "SELECT nspname FROM pg_namespace WHERE nspname !~ '^(pg_|information_)' ORDER BY 1"
HALFWAY: Final = [step for step in STEPS if step != "read"]


@pytest.mark.parametrize("step", HALFWAY)
def test_given_a_restore_killed_at_any_step_when_anything_starts_then_it_is_refused(
    filled: str, backup: Path, tmp_path: Path, step: str
) -> None:
    kill_restore(step, backup, filled)
    left = held(filled)

    for start in (state, upgrade):
        with pytest.raises(RestoreUnfinishedError):
            start(filled)
    with pytest.raises(RestoreUnfinishedError):
        back_up(filled, tmp_path / "half.tar", at=AT, tell=quiet)

    assert held(filled) == left
    assert not (tmp_path / "half.tar").exists()


@pytest.mark.parametrize("step", HALFWAY)
def test_given_a_restore_killed_at_any_step_when_put_back_then_all_is_as_before_it(
    filled: str, backup: Path, step: str
) -> None:
    run(filled, "DELETE FROM sandbox.kept")
    before = held(filled)
    kill_restore(step, backup, filled)

    put_back_standing(filled)

    assert held(filled) == before
    assert state(filled) is SchemaState.CURRENT
    assert rows(filled, OURS) == ["public", "sandbox"]
    with pytest.raises(NoUnfinishedRestoreError):
        put_back_standing(filled)


@pytest.mark.parametrize("step", HALFWAY)
def test_given_a_restore_killed_at_any_step_when_forced_again_then_it_ends_as_if_never_killed(
    filled: str, backup: Path, step: str
) -> None:
    run(filled, "DELETE FROM sandbox.kept")
    kill_restore(step, backup, filled)

    with pytest.raises(DatabaseNotEmptyError):
        restore(backup, filled, force=False, tell=quiet)
    restore(backup, filled, force=True, tell=quiet)

    assert held(filled) == read_manifest(backup).contents
    assert state(filled) is SchemaState.CURRENT
    assert rows(filled, OURS) == ["public", "sandbox"]


@pytest.mark.parametrize("step", HALFWAY)
def test_given_an_empty_database_when_its_restore_is_killed_then_nothing_starts_until_it_ran_again(
    backup: Path, empty_database_url: str, step: str
) -> None:
    kill_restore(step, backup, empty_database_url)

    for start in (state, upgrade):
        with pytest.raises(RestoreUnfinishedError):
            start(empty_database_url)
    restore(backup, empty_database_url, force=False, tell=quiet)

    assert held(empty_database_url) == read_manifest(backup).contents
    assert state(empty_database_url) is SchemaState.CURRENT
    assert rows(empty_database_url, OURS) == ["public", "sandbox"]


def test_given_a_restore_killed_before_it_changed_anything_when_started_then_all_is_as_before(
    filled: str, backup: Path
) -> None:
    before = held(filled)

    kill_restore("read", backup, filled)

    assert state(filled) is SchemaState.CURRENT
    assert held(filled) == before


def test_given_a_migration_under_way_when_restored_then_it_is_refused(
    backup: Path, empty_database_url: str
) -> None:
    with psycopg.connect(empty_database_url) as migrating:
        migrating.execute("SELECT pg_try_advisory_xact_lock(%s)", (MIGRATION_LOCK,))

        with pytest.raises(DatabaseInUseError, match="migration"):
            restore(backup, empty_database_url, force=False, tell=quiet)

    assert held(empty_database_url).tables == {}


def test_given_a_restore_under_way_when_anything_starts_then_it_is_refused_until_the_end(
    backup: Path, empty_database_url: str
) -> None:
    refused: list[str] = []

    def told(step: str) -> None:
        if not step.startswith("reading"):
            with pytest.raises(RestoreUnfinishedError):
                state(empty_database_url)
            refused.append(step)

    restore(backup, empty_database_url, force=False, tell=told)

    assert len(refused) == 2
    assert state(empty_database_url) is SchemaState.CURRENT
