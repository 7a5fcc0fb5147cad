"""Fill a database from a file, and see that it is what was written."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import psycopg

from totetaxi_adapters.backup.archive import Manifest, opened_dump, read_manifest
from totetaxi_adapters.backup.back_up import Tell, server_major
from totetaxi_adapters.backup.contents import Connection, read_contents
from totetaxi_adapters.backup.errors import BackupTooNewError, RestoreDiffersError
from totetaxi_adapters.backup.programs import RESTORE, program, run
from totetaxi_adapters.backup.standing_schemas import put_back, replaced
from totetaxi_adapters.postgres.engine import libpq_url

APPLICATION: Final = "totetaxi-restore"
# The server's own, or made here: what else the dump names is restored.
NOT_OURS: Final = ("EXTENSION", "COMMENT - EXTENSION", "SCHEMA - public", "COMMENT - SCHEMA public")


def restore(path: Path, database_url: str, *, force: bool, tell: Tell) -> Manifest:
    """Fill the database with what is in the file; `force` replaces what it holds.

    What was there stays beside it until the new is verified, and is put back if anything fails.
    Where a restore was killed nothing of ours starts: run it again, or `put_back_standing`.

    Raises:
        BackupBrokenError: the file is not whole; nothing was changed.
        BackupTooNewError: the server is older than the backup's.
        DatabaseNotEmptyError: there are tables, and `force` is not set.
        DatabaseInUseError: others are connected, and what they use was to be replaced.
        ExtensionInTheWayError: one lives among the tables to be replaced.
        PostgresProgramMissingError: there is no `pg_restore` of the server's version.
        PostgresProgramError: it failed.
        RestoreDiffersError: the result is not what the manifest says.
    """
    manifest = read_manifest(path)
    with (
        _connection(database_url) as connection,
        tempfile.TemporaryDirectory(prefix="totetaxi-restore-") as folder,
    ):
        pg_restore = _fitting_program(connection, manifest)
        tell("reading the file ...")
        with (
            opened_dump(path, manifest, folder=Path(folder)) as dump,
            replaced(connection, force=force),
        ):
            tell("restoring ...")
            _fill(pg_restore, dump, database_url)
            tell("comparing with the manifest ...")
            _compare(connection, manifest)
        connection.execute(b"ANALYZE")
    return manifest


def put_back_standing(database_url: str) -> None:
    """Have the database as it was before a restore that was killed.

    Raises:
        DatabaseInUseError: others are connected, perhaps what the restore has left running.
        ExtensionInTheWayError: one lives among the tables that would go.
        NoUnfinishedRestoreError: none was; nothing is changed.
    """
    with _connection(database_url) as connection:
        put_back(connection)


@contextmanager
def _connection(database_url: str) -> Iterator[Connection]:
    connection = psycopg.connect(
        libpq_url(database_url), application_name=APPLICATION, autocommit=True
    )
    with connection:
        connection.execute(b"SET statement_timeout = 0")
        yield connection


def _fitting_program(connection: Connection, manifest: Manifest) -> Path:
    server = server_major(connection)
    if server < manifest.postgres_major:
        raise BackupTooNewError(made_by=manifest.postgres_major, server=server)
    return program(RESTORE, major=server)


def _fill(pg_restore: Path, dump: Path, database_url: str) -> None:
    """Restore all of the dump but what belongs to the server, on every core."""
    listed = run(pg_restore, "--list", str(dump)).splitlines()
    wanted = dump.with_suffix(".list")
    wanted.write_text("\n".join(line for line in listed if not _is_the_servers(line)))
    options = ("--no-owner", "--no-privileges", "--exit-on-error")
    jobs = f"--jobs={os.cpu_count() or 1}"
    run(pg_restore, *options, jobs, f"--use-list={wanted}", str(dump), database_url=database_url)


def _is_the_servers(line: str) -> bool:
    """Tell from a line such as `3; 3079 16387 EXTENSION - pg_trgm`, or a comment."""
    return line.startswith(";") or " ".join(line.split()[3:]).startswith(NOT_OURS)


def _compare(connection: Connection, manifest: Manifest) -> None:
    with connection.transaction():
        differ = manifest.contents.differences(read_contents(connection))
    if differ:
        raise RestoreDiffersError(differ)
