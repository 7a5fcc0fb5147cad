"""The database of this process: the embedded server, or the one of DATABASE_URL."""

from collections.abc import Iterator
from contextlib import contextmanager

from totetaxi_adapters.embedded_postgres import EmbeddedPostgres
from totetaxi_adapters.postgres.migrations import current, newest, upgrade
from totetaxi_adapters.settings import Settings
from totetaxi_core.refusal import DomainError

EMBEDDED_FOLDER = "postgres"


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
    """Bring the database up to this version.

    The embedded one always; a server of its own only where `migrate` says so.

    Raises:
        DatabaseOutdatedError: it is behind, and not ours to change now.
    """
    if current(database_url) == newest():
        return
    if settings.database_url is not None and not migrate:
        raise DatabaseOutdatedError
    upgrade(database_url)
