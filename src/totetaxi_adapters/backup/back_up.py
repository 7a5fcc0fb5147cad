"""Write all that a database holds into one file."""

import tempfile
from collections.abc import Callable
from datetime import datetime
from importlib.metadata import version
from pathlib import Path
from typing import Final

import psycopg
from psycopg.sql import SQL, Identifier

from totetaxi_adapters.backup.archive import FORMAT, Manifest, digest_of, write_archive
from totetaxi_adapters.backup.contents import SCHEMAS, Connection, read_contents, tables_of
from totetaxi_adapters.backup.errors import BackupExistsError
from totetaxi_adapters.backup.programs import DUMP, program, run
from totetaxi_adapters.backup.standing_schemas import is_half
from totetaxi_adapters.postgres.engine import libpq_url
from totetaxi_adapters.postgres.unfinished_restore import RestoreUnfinishedError

APPLICATION: Final = "totetaxi-backup"
VERSION_STEP: Final = 10_000  # PostgreSQL 18.6 says 180006
DUMP_OPTIONS: Final = (
    *("--format=custom", "--compress=3"),
    *("--no-owner", "--no-privileges", "--no-unlogged-table-data"),
    *("--lock-wait-timeout=60000", *(f"--schema={name}" for name in SCHEMAS)),
)

# It waits for pg_dump inside its transaction, then reads whole tables. At one go: a server's own
# limit may be shorter than the way there and back.
BEGIN: Final = b"""
BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY;
SET LOCAL idle_in_transaction_session_timeout = 0;
SET LOCAL statement_timeout = 0;
SET LOCAL lock_timeout = '60 s'
"""

Tell = Callable[[str], None]


def back_up(database_url: str, path: Path, *, at: datetime, tell: Tell) -> Manifest:
    """Write the file; work goes on meanwhile. `tell` hears of each step.

    Dump and manifest see the same instant, that of the beginning.

    Raises:
        BackupExistsError: something of this name is there.
        PostgresProgramMissingError: there is no `pg_dump` of the server's version.
        PostgresProgramError: it failed.
        RestoreUnfinishedError: the database is half of another backup.
    """
    if path.exists():
        raise BackupExistsError(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    with (
        tempfile.TemporaryDirectory(prefix=".totetaxi-", dir=path.parent) as folder,
        psycopg.connect(
            libpq_url(database_url), application_name=APPLICATION, autocommit=True
        ) as connection,
    ):
        if is_half(connection):
            raise RestoreUnfinishedError
        _begin(connection)
        dump = Path(folder, "database.dump")
        tell("dumping the database ...")
        major = _dump(connection, database_url, dump)
        tell("counting what is in it ...")
        manifest = Manifest(
            format=FORMAT,
            made_at=at,
            totetaxi_version=version("totetaxi"),
            postgres_major=major,
            dump_bytes=dump.stat().st_size,
            dump_sha256=digest_of(dump),
            contents=read_contents(connection),
        )
        connection.rollback()
        tell("writing the file ...")
        write_archive(path, manifest, dump)
    return manifest


def _begin(connection: Connection) -> None:
    """Begin, with every table kept from changing its columns: no snapshot holds these.

    The locks come first, as the first statement that reads takes the snapshot.
    """
    tables = SQL(", ").join(Identifier(*table) for table in tables_of(connection))
    connection.execute(BEGIN)
    if tables.as_string():
        connection.execute(SQL("LOCK TABLE {} IN ACCESS SHARE MODE").format(tables))


def server_major(connection: Connection) -> int:
    """Return the major version of the server, as 18."""
    return connection.info.server_version // VERSION_STEP


def _dump(connection: Connection, database_url: str, dump: Path) -> int:
    """Dump what the connection's transaction sees; return the server's major version."""
    major = server_major(connection)
    pg_dump = program(DUMP, major=major)
    row = connection.execute(b"SELECT pg_export_snapshot()").fetchone()
    snapshot = "" if row is None else str(row[0])
    options = (*DUMP_OPTIONS, f"--snapshot={snapshot}", f"--file={dump}")
    run(pg_dump, *options, database_url=database_url)
    return major
