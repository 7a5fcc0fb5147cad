"""The sandbox's own schema and connections, so that what the providers know outlives a restart."""

from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from typing import Any, Final, TypeAlias

from psycopg import AsyncConnection

from totetaxi_adapters.postgres.cancellable_pool import CancellablePool

SCHEMA_LOCK: Final = 7_205_311_846  # any number, the same for all who make tables here

Connection: TypeAlias = AsyncConnection[tuple[Any, ...]]


class SandboxDatabase:
    """A pool on `database_url` (`postgresql://…`, SQLAlchemy's driver suffix is dropped).

    Several processes may use one database: row locks keep the providers' laws.
    """

    def __init__(self, database_url: str, *, max_connections: int = 10) -> None:
        scheme, separator, rest = database_url.partition("://")
        self._pool: CancellablePool[Connection] = CancellablePool(
            scheme.split("+")[0] + separator + rest,
            connection_class=AsyncConnection[tuple[Any, ...]],
            # Nothing is prepared: behind a pooler another process may have done so before.
            kwargs={
                "autocommit": True,
                "application_name": "totetaxi-sandbox",
                "prepare_threshold": None,
            },
            min_size=1,
            max_size=max_connections,
            open=False,
        )

    async def open(self, tables: Iterable[str]) -> None:
        """Connect and make the schema and the tables that are not there yet."""
        await self._pool.open(wait=True)
        async with self.transaction() as connection:
            await connection.execute("SELECT pg_advisory_xact_lock(%s)", (SCHEMA_LOCK,))
            await connection.execute("CREATE SCHEMA IF NOT EXISTS sandbox")
            for table in tables:
                await connection.execute(table.encode())

    async def close(self) -> None:
        await self._pool.close()

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[Connection]:
        """One transaction: committed at the end, rolled back by any exception."""
        async with self._pool.connection() as connection, connection.transaction():
            yield connection
