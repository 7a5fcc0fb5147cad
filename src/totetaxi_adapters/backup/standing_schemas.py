"""What a database held before a restore: set aside while that lasts, then dropped, or put back."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from psycopg.sql import SQL, Identifier

from totetaxi_adapters.backup.contents import SCHEMAS, Connection, tables_of
from totetaxi_adapters.backup.errors import (
    DatabaseInUseError,
    DatabaseNotEmptyError,
    ExtensionInTheWayError,
    NoUnfinishedRestoreError,
)
from totetaxi_adapters.postgres.migrations.migration_lock import MIGRATION_LOCK
from totetaxi_adapters.postgres.unfinished_restore import ASIDE, IS_MARKED, MARK

OTHERS: Final = """
SELECT DISTINCT coalesce(nullif(application_name, ''), 'process ' || pid) FROM pg_stat_activity
WHERE datname = current_database() AND backend_type = 'client backend' AND pid <> pg_backend_pid()
"""
EXTENSIONS: Final = """
SELECT extname FROM pg_extension WHERE extnamespace IN
    (SELECT oid FROM pg_namespace WHERE nspname = ANY(%s))
"""
SCHEMA_THERE: Final = "SELECT EXISTS (SELECT FROM pg_namespace WHERE nspname = %s)"
# For as long as the connection lasts. Whoever migrates takes the same.
LOCK: Final = "SELECT pg_try_advisory_lock(%s)"


@contextmanager
def replaced(connection: Connection, *, force: bool) -> Iterator[None]:
    """Have our schemas empty inside; at the end what they held goes, or is back after a failure.

    The mark stands meanwhile, after a kill too: `serve` would fill an empty schema with tables.
    """
    _keep_migrations_out(connection)
    was_killed = is_half(connection)
    standing = [ASIDE + schema for schema in SCHEMAS] if was_killed else SCHEMAS
    held = tables_of(connection, standing)
    if held and not force:
        raise DatabaseNotEmptyError
    if was_killed:
        _refuse_company(connection)
        _empty(connection)
    elif held:
        _refuse_company(connection)
        _put_aside(connection)
    else:
        connection.execute(SQL("CREATE SCHEMA {}").format(Identifier(MARK)))
    try:
        yield
    except BaseException:
        if not _extensions(connection):  # they were there before: then it stays half, and marked
            _put_back(connection)
        raise
    with connection.transaction():
        for schema in SCHEMAS:
            _drop(connection, ASIDE + schema)


def put_back(connection: Connection) -> None:
    """Put back what a restore that was killed had set aside.

    Raises:
        DatabaseInUseError: others are connected.
        ExtensionInTheWayError: one lives among the tables that would go.
        NoUnfinishedRestoreError: none was.
    """
    _keep_migrations_out(connection)
    if not is_half(connection):
        raise NoUnfinishedRestoreError
    _refuse_company(connection)
    _put_back(connection)


def is_half(connection: Connection) -> bool:
    """Tell whether a restore began here and has not ended."""
    row = connection.execute(IS_MARKED.encode()).fetchone()
    return row is not None and bool(row[0])


def _keep_migrations_out(connection: Connection) -> None:
    row = connection.execute(LOCK.encode(), (MIGRATION_LOCK,)).fetchone()
    if row is None or not row[0]:
        raise DatabaseInUseError(["another restore or migration"])


def _refuse_company(connection: Connection) -> None:
    others = [str(name) for (name,) in connection.execute(OTHERS.encode())]
    if others:
        raise DatabaseInUseError(others)
    extensions = _extensions(connection)
    if extensions:
        raise ExtensionInTheWayError(extensions)


def _extensions(connection: Connection) -> list[str]:
    found = connection.execute(EXTENSIONS.encode(), (list(SCHEMAS),))
    return [str(name) for (name,) in found]


def _put_aside(connection: Connection) -> None:
    with connection.transaction():
        for schema in SCHEMAS:
            if _is_there(connection, schema):
                _rename(connection, schema, ASIDE + schema)
        connection.execute(b"CREATE SCHEMA public")


def _empty(connection: Connection) -> None:
    """Drop what a killed restore has made by half."""
    with connection.transaction():
        for schema in SCHEMAS:
            _drop(connection, schema)
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
