"""The database's schema, migrated by Alembic from revisions inside this package.

These functions block: call them from a thread where an event loop runs.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from importlib import resources
from io import StringIO
from typing import Final

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import Connection, create_engine, text
from sqlalchemy.pool import NullPool

from totetaxi_adapters.postgres.engine import driver_url
from totetaxi_adapters.postgres.refusals import refusals
from totetaxi_core.refusal import DomainError

LATEST: Final = "head"
MIGRATION_LOCK: Final = 7_205_311_845  # any number, the same for all who migrate


class SchemaMismatchError(DomainError):
    """The database is not at the revision asked for, or has other tables than this version."""

    code = "schema_mismatch"


def upgrade(database_url: str, *, revision: str = LATEST) -> None:
    """Bring the schema up, in one transaction; of several at once, one does and the others wait.

    Raises:
        DatabaseUnavailableError: nothing was changed.
    """
    with _config(database_url) as config:
        command.upgrade(config, revision)


def downgrade(database_url: str, *, revision: str) -> None:
    """Take the schema back; a revision that would lose data refuses.

    Raises:
        DatabaseUnavailableError: nothing was changed.
        SchemaMismatchError: there is data the older schema has no place for.
    """
    with _config(database_url) as config:
        try:
            command.downgrade(config, revision)
        except CommandError as error:
            raise SchemaMismatchError(str(error)) from error


def check(database_url: str) -> None:
    """Compare the database with the tables of this version.

    Raises:
        DatabaseUnavailableError: it cannot be known.
        SchemaMismatchError: they differ; the text says in what.
    """
    with _config(database_url) as config:
        try:
            command.check(config)
        except CommandError as error:
            raise SchemaMismatchError(str(error)) from error


def current(database_url: str) -> str | None:
    """Return the revision the database is at, None if it was never migrated.

    Raises:
        DatabaseUnavailableError: it cannot be known.
    """
    with _connection(database_url) as connection:
        return MigrationContext.configure(connection).get_current_revision()


def newest() -> str | None:
    """Return the revision this version needs."""
    return ScriptDirectory.from_config(_plain_config()).get_current_head()


def _plain_config() -> Config:
    config = Config(stdout=StringIO())
    here = str(resources.files(__package__))
    config.set_main_option("script_location", here.replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    return config


@contextmanager
def _config(database_url: str) -> Iterator[Config]:
    with _connection(database_url) as connection:
        connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": MIGRATION_LOCK})
        config = _plain_config()
        config.attributes["connection"] = connection
        yield config


@contextmanager
def _connection(database_url: str) -> Iterator[Connection]:
    engine = create_engine(
        driver_url(database_url),
        poolclass=NullPool,
        connect_args={"application_name": "totetaxi-migrations"},
    )
    try:
        with refusals(), engine.begin() as connection:
            yield connection
    finally:
        engine.dispose()
