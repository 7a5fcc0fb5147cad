"""Fill a database from a file, and see that it is what was written."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import psycopg
from psycopg.sql import SQL, Identifier

from totetaxi_adapters.backup.archive import Manifest, opened_dump, read_manifest
from totetaxi_adapters.backup.back_up import Tell, server_major
from totetaxi_adapters.backup.contents import ASIDE, SCHEMAS, Connection, read_contents, tables_of
from totetaxi_adapters.backup.errors import (
    BackupTooNewError,
    DatabaseInUseError,
    DatabaseNotEmptyError,
    ExtensionInTheWayError,
    RestoreDiffersError,
)
from totetaxi_adapters.backup.programs import RESTORE, program, run
from totetaxi_adapters.postgres.engine import libpq_url

APPLICATION: Final = "totetaxi-restore"
# The server's own, or made here: what else the dump names is restored.
NOT_OURS: Final = ("EXTENSION", "COMMENT - EXTENSION", "SCHEMA - public", "COMMENT - SCHEMA public")
OTHERS: Final = """
SELECT DISTINCT coalesce(nullif(application_name, ''), 'process ' || pid) FROM pg_stat_activity
WHERE datname = current_database() AND backend_type = 'client backend' AND pid <> pg_backend_pid()
"""
EXTENSIONS: Final = """
SELECT extname FROM pg_extension WHERE extnamespace IN
    (SELECT oid FROM pg_namespace WHERE nspname = ANY(%s))
"""
SCHEMA_THERE: Final = "SELECT EXISTS (SELECT FROM pg_namespace WHERE nspname = %s)"


def restore(path: Path, database_url: str, *, force: bool, tell: Tell) -> Manifest:
    """Fill the database with what is in the file; `force` replaces what it holds.

    What was there stays beside it until the new is verified, and is put back if anything fails.

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
    connection = psycopg.connect(
        libpq_url(database_url), application_name=APPLICATION, autocommit=True
    )
    with connection, tempfile.TemporaryDirectory(prefix="totetaxi-restore-") as folder:
        connection.execute(b"SET statement_timeout = 0")
        pg_restore = _fitting_program(connection, manifest)
        tell("reading the file ...")
        with (
            opened_dump(path, manifest, folder=Path(folder)) as dump,
            _replaced(connection, force=force),
        ):
            tell("restoring ...")
            _fill(pg_restore, dump, database_url)
            tell("comparing with the manifest ...")
            _compare(connection, manifest)
        connection.execute(b"ANALYZE")
    return manifest


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


@contextmanager
def _replaced(connection: Connection, *, force: bool) -> Iterator[None]:
    """Have our schemas empty inside; at the end what they held goes, or is back after a failure."""
    if not tables_of(connection) and not _is_there(connection, ASIDE + "public"):
        yield
        return
    if not force:
        raise DatabaseNotEmptyError
    _refuse_company(connection)
    _put_aside(connection)
    try:
        yield
    except BaseException:
        _put_back(connection)
        raise
    with connection.transaction():
        for schema in SCHEMAS:
            _drop(connection, ASIDE + schema)


def _refuse_company(connection: Connection) -> None:
    others = [str(name) for (name,) in connection.execute(OTHERS.encode())]
    if others:
        raise DatabaseInUseError(others)
    extensions = [
        str(name) for (name,) in connection.execute(EXTENSIONS.encode(), (list(SCHEMAS),))
    ]
    if extensions:
        raise ExtensionInTheWayError(extensions)


def _put_aside(connection: Connection) -> None:
    """Rename our schemas; where a killed restore did so already, its half-made ones go."""
    with connection.transaction():
        was_killed = _is_there(connection, ASIDE + "public")
        for schema in SCHEMAS:
            if was_killed:
                _drop(connection, schema)
            elif _is_there(connection, schema):
                _rename(connection, schema, ASIDE + schema)
        connection.execute(b"CREATE SCHEMA public")


def _put_back(connection: Connection) -> None:
    with connection.transaction():
        for schema in SCHEMAS:
            _drop(connection, schema)
            if _is_there(connection, ASIDE + schema):
                _rename(connection, ASIDE + schema, schema)


def _is_there(connection: Connection, schema: str) -> bool:
    row = connection.execute(SCHEMA_THERE.encode(), (schema,)).fetchone()
    return row is not None and bool(row[0])


def _drop(connection: Connection, schema: str) -> None:
    connection.execute(SQL("DROP SCHEMA IF EXISTS {} CASCADE").format(Identifier(schema)))


def _rename(connection: Connection, schema: str, name: str) -> None:
    connection.execute(
        SQL("ALTER SCHEMA {} RENAME TO {}").format(Identifier(schema), Identifier(name))
    )
