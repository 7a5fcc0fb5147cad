"""An embedded PostgreSQL of our own while it is measured, in a folder that goes with it."""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg
from psycopg.sql import SQL, Identifier
from sqlalchemy import make_url

from totetaxi_adapters.embedded_postgres import EmbeddedPostgres
from totetaxi_adapters.postgres.migrations import upgrade


@dataclass(frozen=True, slots=True)
class TemporaryPostgres:
    """A server with its settings as they are in service: what is committed is on the disk."""

    url: str
    folder: Path

    def database(self, name: str) -> str:
        """Make a migrated database and return its URL."""
        with psycopg.connect(self.url, autocommit=True) as connection:
            connection.execute(SQL("CREATE DATABASE {}").format(Identifier(name)))
        url = self.url_of(name)
        upgrade(url)
        return url

    def url_of(self, name: str) -> str:
        """Return the URL of a database made before."""
        return make_url(self.url).set(database=name).render_as_string(hide_password=False)

    @property
    def log(self) -> str:
        """What the server has logged so far."""
        logs = sorted((self.folder / "cluster" / "log").glob("*.log"))
        return "".join(path.read_text(errors="replace") for path in logs)


@contextmanager
def temporary_postgres() -> Iterator[TemporaryPostgres]:
    # Not in a folder closed to others: PostgreSQL may run as another account than we do.
    folder = Path(tempfile.mkdtemp(prefix="totetaxi-bench-"))
    folder.chmod(0o755)
    try:
        with EmbeddedPostgres(folder / "data").acquire() as lease:
            yield TemporaryPostgres(lease.database_url, folder / "data")
    finally:
        shutil.rmtree(folder)
