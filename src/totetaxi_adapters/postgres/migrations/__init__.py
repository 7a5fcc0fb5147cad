"""The database's schema, migrated by Alembic from revisions inside this package.

These functions block: call them from a thread where an event loop runs.
"""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from enum import Enum, auto
from functools import partial
from importlib import resources
from io import StringIO
from typing import Final

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import Connection, Engine, create_engine, event, text
from sqlalchemy.pool import NullPool

from totetaxi_adapters.postgres.engine import driver_url
from totetaxi_adapters.postgres.migrations.migration_lock import migration_lock
from totetaxi_adapters.postgres.migrations.oldest_version import oldest_version
from totetaxi_adapters.postgres.migrations.table_locks import BRIEFLY, PATIENCE_S, ask_again
from totetaxi_adapters.postgres.refusals import refusals
from totetaxi_adapters.postgres.unfinished_restore import IS_MARKED, RestoreUnfinishedError
from totetaxi_core.refusal import DomainError

LATEST: Final = "head"
APPLICATION_NAME: Final = "totetaxi-migrations"
CONNECT_S: Final = 5  # libpq itself would wait for minutes, and `doctor` with it


class SchemaState(Enum):
    """How a database stands to this version.

    A NEWER one has migrations of later versions, and serves this one as well; a TOO_NEW one has
    lost something that this version needs.
    """

    CURRENT = auto()
    BEHIND = auto()
    NEWER = auto()
    TOO_NEW = auto()


class SchemaMismatchError(DomainError):
    """The database is not at the revision asked for, or has other tables than this version."""

    code = "schema_mismatch"


class DatabaseTooNewError(DomainError):
    """A later version has taken away what this one needs."""

    code = "database_too_new"

    def __init__(self, at: str | None) -> None:
        super().__init__(
            f"the database is at migration {at} of a later version, which this version (migration"
            f" {newest()}) cannot work with: install that version, or restore a backup"
        )


def upgrade(
    database_url: str, *, revision: str = LATEST, patience_s: float = PATIENCE_S
) -> SchemaState:
    """Bring the schema up, and return how it stood before.

    Each migration is a transaction of its own. Of several processes at once one migrates; the
    others wait and find it done. What a later version migrated stays as it is.

    Raises:
        DatabaseTooNewError: a later version has taken away what this one needs.
        DatabaseUnavailableError: the migrations that were done stand, the others do not.
        MigrationBlockedError: others used a table for longer than `patience_s`; the same.
        RestoreUnfinishedError: it is half of a backup.
    """
    with _migrating(database_url) as connection:
        before, at = _state(connection)
        if before is SchemaState.TOO_NEW:
            raise DatabaseTooNewError(at)
        if before is not SchemaState.NEWER:
            migrate = partial(command.upgrade, _config(connection), revision)
            ask_again(migrate, connection, ours=APPLICATION_NAME, patience_s=patience_s)
        return before


def downgrade(database_url: str, *, revision: str) -> None:
    """Take the schema back, in one transaction; a revision that would lose data refuses.

    Raises:
        DatabaseUnavailableError: nothing was changed.
        SchemaMismatchError: there is data the older schema has no place for.
    """
    with _migrating(database_url) as connection, connection.begin():
        try:
            command.downgrade(_config(connection), revision)
        except CommandError as error:
            raise SchemaMismatchError(str(error)) from error


def check(database_url: str) -> None:
    """Compare the database with the tables of this version.

    Raises:
        DatabaseUnavailableError: it cannot be known.
        SchemaMismatchError: they differ; the text says in what.
    """
    with _connection(database_url) as connection:
        try:
            command.check(_config(connection))
        except CommandError as error:
            raise SchemaMismatchError(str(error)) from error


def state(database_url: str) -> SchemaState:
    """Tell how the database stands to this version.

    Raises:
        DatabaseUnavailableError: it cannot be known.
        RestoreUnfinishedError: it is half of a backup.
    """
    with _connection(database_url) as connection:
        return _state(connection)[0]


def current(database_url: str) -> str | None:
    """Return the revision the database is at, None if it was never migrated.

    Raises:
        DatabaseUnavailableError: it cannot be known.
    """
    with _connection(database_url) as connection:
        return _current(connection)


def newest() -> str | None:
    """Return the revision this version needs."""
    return _scripts().get_current_head()


def _state(connection: Connection) -> tuple[SchemaState, str | None]:
    is_half, at, oldest = _is_half(connection), _current(connection), oldest_version(connection)
    connection.rollback()
    if is_half:
        raise RestoreUnfinishedError
    known = {script.revision for script in _scripts().walk_revisions()}
    if oldest is not None and oldest not in known:
        return SchemaState.TOO_NEW, at
    if at is not None and at not in known:
        return SchemaState.NEWER, at
    return (SchemaState.CURRENT if at == newest() else SchemaState.BEHIND), at


def _is_half(connection: Connection) -> bool:
    return bool(connection.scalar(text(IS_MARKED)))


def _current(connection: Connection) -> str | None:
    return MigrationContext.configure(connection).get_current_revision()


def _scripts() -> ScriptDirectory:
    return ScriptDirectory.from_config(_config(None))


def _config(connection: Connection | None) -> Config:
    config = Config(stdout=StringIO())
    here = str(resources.files(__package__))
    config.set_main_option("script_location", here.replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    return config


@contextmanager
def _migrating(database_url: str) -> Iterator[Connection]:
    with (
        _engine(database_url) as engine,
        refusals(),
        engine.connect() as guard,
        migration_lock(guard),
        engine.connect() as connection,
    ):
        event.listen(connection, "begin", _ask_briefly)
        yield connection


def _ask_briefly(connection: Connection) -> None:
    """Ask on the driver's connection: SQLAlchemy's is at its beginning still."""
    with closing(connection.connection.cursor()) as cursor:
        cursor.execute(BRIEFLY)


@contextmanager
def _connection(database_url: str) -> Iterator[Connection]:
    with _engine(database_url) as engine, refusals(), engine.connect() as connection:
        yield connection


@contextmanager
def _engine(database_url: str) -> Iterator[Engine]:
    engine = create_engine(
        driver_url(database_url),
        poolclass=NullPool,
        connect_args={"application_name": APPLICATION_NAME, "connect_timeout": CONNECT_S},
    )
    try:
        yield engine
    finally:
        engine.dispose()
