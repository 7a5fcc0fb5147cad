"""The oldest version that can still serve, where a migration has taken something away.

It stands beside Alembic's own table, and only once there was such a migration.
"""

from typing import Final

from sqlalchemy import Connection, text

MAKE: Final = text("CREATE TABLE IF NOT EXISTS alembic_oldest_version (revision text NOT NULL)")
EMPTY: Final = text("DELETE FROM alembic_oldest_version")
NAME: Final = text("INSERT INTO alembic_oldest_version (revision) VALUES (:revision)")
EXISTS: Final = text("SELECT to_regclass('alembic_oldest_version') IS NOT NULL")
READ: Final = text("SELECT revision FROM alembic_oldest_version")


def serve_only_from(connection: Connection, revision: str) -> None:
    """Refuse to start from now on whatever version does not know this migration."""
    connection.execute(MAKE)
    connection.execute(EMPTY)
    connection.execute(NAME, {"revision": revision})


def oldest_version(connection: Connection) -> str | None:
    """Return the migration a version must know to serve; None if all do."""
    if not connection.scalar(EXISTS):
        return None
    revision: str | None = connection.scalar(READ)
    return revision
