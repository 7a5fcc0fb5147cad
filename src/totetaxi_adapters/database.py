"""The database of this process: the embedded server, or the one of DATABASE_URL."""

from collections.abc import Iterator
from contextlib import contextmanager

import structlog

from totetaxi_adapters.embedded_postgres import EmbeddedPostgres
from totetaxi_adapters.postgres.migrations import (
    DatabaseTooNewError,
    SchemaState,
    current,
    state,
    upgrade,
)
from totetaxi_adapters.settings import Settings
from totetaxi_core.refusal import DomainError

EMBEDDED_FOLDER = "postgres"

_LOG = structlog.get_logger(__name__)


class DatabaseOutdatedError(DomainError):
    """The database lacks migrations of this version."""

    code = "database_outdated"

    def __init__(self) -> None:
        super().__init__("the database is behind this version: run `totetaxi db upgrade`")


@contextmanager
def open_database(settings: Settings) -> Iterator[str]:
    """Give the URL of a running database for as long as it is open.

    Raises:
        EmbeddedPostgresError: the embedded server cannot run here.
    """
    if settings.database_url is not None:
        yield settings.database_url.reveal()
        return
    with EmbeddedPostgres(settings.totetaxi_data_dir / EMBEDDED_FOLDER).acquire() as lease:
        yield lease.database_url


def prepare_schema(settings: Settings, database_url: str, *, migrate: bool) -> None:
    """Bring the database up to this version; one that a later version migrated serves as it is.

    The embedded one always; a server of its own only where `migrate` says so.

    Raises:
        DatabaseOutdatedError: it is behind, and not ours to change now.
        DatabaseTooNewError: a later version has taken away what this one needs.
        MigrationBlockedError: others used a table all the time.
        RestoreUnfinishedError: it is half of a backup.
    """
    stands = state(database_url)
    if stands is SchemaState.BEHIND:
        if settings.database_url is not None and not migrate:
            raise DatabaseOutdatedError
        stands = upgrade(database_url)
    if stands is SchemaState.TOO_NEW:
        raise DatabaseTooNewError(current(database_url))
    if stands is SchemaState.NEWER:
        _LOG.info("the database is newer than this version, and serves it as well")
