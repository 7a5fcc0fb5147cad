import json
import tarfile
from io import BytesIO
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import make_url

from tests.adapters.backup.databases import AT, held, quiet, run
from totetaxi_adapters.backup.archive import DUMP, MANIFEST, read_manifest
from totetaxi_adapters.backup.back_up import back_up
from totetaxi_adapters.backup.errors import (
    BackupBrokenError,
    BackupExistsError,
    BackupTooNewError,
    DatabaseInUseError,
    DatabaseNotEmptyError,
    PostgresProgramError,
    RestoreDiffersError,
)
from totetaxi_adapters.backup.programs import run as run_program
from totetaxi_adapters.backup.restore import restore
from totetaxi_adapters.backup.verify import verify


def altered(backup: Path, name: str, content: bytes) -> Path:
    """Write the backup once more, with another member of this name."""
    other = backup.with_name("altered.tar")
    with tarfile.open(backup) as source, tarfile.open(other, "w") as target:
        for member in source:
            kept = source.extractfile(member)
            assert kept is not None
            data = content if member.name == name else kept.read()
            member.size = len(data)
            target.addfile(member, BytesIO(data))
    return other


def part_of(backup: Path, name: str) -> bytes:
    with tarfile.open(backup) as tar:
        member = tar.extractfile(name)
        assert member is not None
        return member.read()


def test_given_a_filled_database_when_restored_elsewhere_then_every_row_and_cent_is_there(
    filled: str, backup: Path, empty_database_url: str
) -> None:
    manifest = restore(backup, empty_database_url, force=False, tell=quiet)

    assert held(empty_database_url) == held(filled) == manifest.contents
    assert manifest.contents.tables["public.bookings"].rows == 1
    assert manifest.contents.tables["sandbox.kept"].rows == 1
    assert "public.rate_limits" not in manifest.contents.tables
    assert manifest.contents.ledger_sum_cents == 0
    assert len(manifest.contents.ledger_cents) > 1
    assert manifest.contents.acts_head is not None
    assert manifest.contents.acts_head.startswith("1:")
    assert backup.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("step", ["dumping", "counting"])
def test_given_work_that_goes_on_when_backed_up_then_dump_and_manifest_are_of_its_beginning(
    filled: str,
    empty_database_url: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    step: str,
) -> None:
    def delete() -> None:
        run(filled, "DELETE FROM sandbox.kept")

    def dump_late(path: Path, *arguments: str, database_url: str | None = None) -> str:
        if step == "dumping":
            delete()
        return run_program(path, *arguments, database_url=database_url)

    def told(what: str) -> None:
        if what.startswith("counting") and step == "counting":
            delete()

    monkeypatch.setattr("totetaxi_adapters.backup.back_up.run", dump_late)
    back_up(filled, tmp_path / "b.tar", at=AT, tell=told)
    manifest = restore(tmp_path / "b.tar", empty_database_url, force=False, tell=quiet)

    assert manifest.contents.tables["sandbox.kept"].rows == 1
    assert held(filled).tables["sandbox.kept"].rows == 0


def test_given_a_migration_amid_a_backup_when_it_wants_a_table_then_it_has_to_wait(
    filled: str, tmp_path: Path
) -> None:
    refused: list[str] = []

    def told(what: str) -> None:
        if what.startswith("counting"):
            with pytest.raises(psycopg.errors.LockNotAvailable):
                run(filled, "SET lock_timeout = '50ms'", "ALTER TABLE sandbox.kept ADD n integer")
            refused.append(what)

    back_up(filled, tmp_path / "b.tar", at=AT, tell=told)

    assert len(refused) == 1
    assert read_manifest(tmp_path / "b.tar").contents == held(filled)


def test_given_one_value_that_changed_when_contents_are_compared_then_its_table_is_named(
    filled: str,
) -> None:
    before = held(filled)

    run(filled, "UPDATE bookings SET item_description = 'another'")

    assert before.differences(held(filled)) == ("public.bookings",)


def test_given_a_damaged_dump_when_verified_or_restored_then_it_is_refused_and_nothing_changes(
    backup: Path, empty_database_url: str
) -> None:
    dump = bytearray(part_of(backup, DUMP))
    dump[len(dump) // 2] ^= 1
    damaged = altered(backup, DUMP, bytes(dump))

    with pytest.raises(BackupBrokenError, match="digest"):
        verify(damaged, tell=quiet)
    with pytest.raises(BackupBrokenError, match="digest"):
        restore(damaged, empty_database_url, force=True, tell=quiet)

    assert held(empty_database_url).tables == {}


@pytest.mark.parametrize("kept_bytes", [0, 100, 20_000])
def test_given_a_file_cut_short_when_verified_then_it_is_refused(
    backup: Path, kept_bytes: int
) -> None:
    backup.write_bytes(backup.read_bytes()[:kept_bytes])

    with pytest.raises(BackupBrokenError):
        verify(backup, tell=quiet)


def test_given_a_manifest_that_says_more_when_verified_then_the_missing_table_is_named(
    backup: Path,
) -> None:
    told = json.loads(part_of(backup, MANIFEST))
    told["contents"]["tables"]["public.gone"] = {"rows": 1, "digest": "1"}

    with pytest.raises(BackupBrokenError, match=r"public\.gone"):
        verify(altered(backup, MANIFEST, json.dumps(told).encode()), tell=quiet)


def test_given_a_result_unlike_the_manifest_when_forced_then_what_was_there_is_back(
    filled: str, backup: Path
) -> None:
    told = json.loads(part_of(backup, MANIFEST))
    told["contents"]["tables"]["public.bookings"]["digest"] = "1"
    unlike = altered(backup, MANIFEST, json.dumps(told).encode())
    run(filled, "DELETE FROM sandbox.kept")
    before = held(filled)

    with pytest.raises(RestoreDiffersError) as refused:
        restore(unlike, filled, force=True, tell=quiet)

    assert refused.value.what == ("public.bookings",)
    assert held(filled) == before
    assert before.tables["sandbox.kept"].rows == 0


async def test_given_a_database_with_tables_when_restored_then_force_alone_replaces_all_of_it(
    filled: str, backup: Path
) -> None:
    run(filled, "DELETE FROM sandbox.kept", "CREATE TABLE newer (id integer)")

    with pytest.raises(DatabaseNotEmptyError):
        restore(backup, filled, force=False, tell=quiet)
    refused = held(filled)
    restore(backup, filled, force=True, tell=quiet)

    assert "public.newer" in refused.tables
    assert held(filled) == read_manifest(backup).contents


def test_given_somebody_connected_when_the_database_is_to_be_replaced_then_they_are_named(
    filled: str, backup: Path
) -> None:
    with (
        psycopg.connect(filled, application_name="totetaxi-jobs"),
        pytest.raises(DatabaseInUseError, match="totetaxi-jobs"),
    ):
        restore(backup, filled, force=True, tell=quiet)


def test_given_a_file_of_that_name_when_backed_up_then_it_stays_as_it_is(
    filled: str, tmp_path: Path
) -> None:
    path = tmp_path / "taken.tar"
    path.write_text("mine")

    with pytest.raises(BackupExistsError):
        back_up(filled, path, at=AT, tell=quiet)

    assert path.read_text() == "mine"
    assert list(tmp_path.iterdir()) == [path]


def test_given_a_disk_that_is_full_when_backed_up_then_no_file_is_left(
    filled: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("totetaxi_adapters.backup.archive.os.fsync", full)

    with pytest.raises(OSError, match="No space left"):
        back_up(filled, tmp_path / "b.tar", at=AT, tell=quiet)

    assert list(tmp_path.iterdir()) == []


async def test_given_a_server_with_short_limits_when_backed_up_then_it_has_its_time(
    filled: str, tmp_path: Path
) -> None:
    name = make_url(filled).database
    run(
        filled,
        f"ALTER DATABASE {name} SET idle_in_transaction_session_timeout = 1",
        f"ALTER DATABASE {name} SET statement_timeout = '2s'",
    )

    manifest = back_up(filled, tmp_path / "b.tar", at=AT, tell=quiet)

    assert manifest.contents.tables["sandbox.kept"].rows == 1


def test_given_a_backup_of_a_newer_postgresql_when_restored_then_it_is_refused(
    backup: Path, empty_database_url: str
) -> None:
    told = json.loads(part_of(backup, MANIFEST))
    told["postgres_major"] = 99

    newer = altered(backup, MANIFEST, json.dumps(told).encode())
    with pytest.raises(BackupTooNewError, match="99"):
        restore(newer, empty_database_url, force=False, tell=quiet)


def test_given_a_dump_that_fails_when_backed_up_then_no_file_is_left(
    filled: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def failing(name: str, *, major: int) -> Path:
        assert (name, major) == ("pg_dump", 18)
        return Path("/bin/false")

    monkeypatch.setattr("totetaxi_adapters.backup.back_up.program", failing)

    with pytest.raises(PostgresProgramError):
        back_up(filled, tmp_path / "b.tar", at=AT, tell=quiet)

    assert list(tmp_path.iterdir()) == []
