"""The open transaction that the repositories of one unit of work share."""

from collections.abc import Mapping
from typing import Any, TypeAlias

import psycopg
from sqlalchemy import CursorResult, Executable, Text, bindparam, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from totetaxi_adapters.postgres.refusals import refusals

DriverConnection: TypeAlias = psycopg.AsyncConnection[Any]
LOCK_NAME = select(
    func.pg_advisory_xact_lock(func.hashtextextended(bindparam("name", type_=Text), 0))
)
SHARE_NAME = select(
    func.pg_advisory_xact_lock_shared(func.hashtextextended(bindparam("name", type_=Text), 0))
)
OVER = "no transaction is open: use `async with`, and commit once, at its end"


class Transaction:
    """One connection, in one transaction; it begins with the first statement.

    Without a connection, or once over, it refuses all with RuntimeError: what is done after a
    commit would quietly be undone.
    """

    def __init__(self, connection: AsyncConnection | None) -> None:
        self._connection = connection

    async def execute(
        self, statement: Executable, parameters: Mapping[str, object] | None = None
    ) -> CursorResult[Any]:
        """Run a statement.

        Raises:
            DomainError: what the core calls the constraint it broke, or a lost database.
        """
        with refusals():
            return await self._open.execute(statement, parameters)

    async def lock(self, name: str) -> None:
        """Keep others who lock this name waiting until the end: for what has no row to lock."""
        await self.execute(LOCK_NAME, {"name": name})

    async def lock_shared(self, name: str) -> None:
        """Keep those out who lock this name for themselves; many may share it."""
        await self.execute(SHARE_NAME, {"name": name})

    async def driver_connection(self) -> DriverConnection:
        """Return the psycopg connection of this transaction, which must have begun."""
        raw = await self._open.get_raw_connection()
        driver = raw.driver_connection
        if not isinstance(driver, psycopg.AsyncConnection):
            raise TypeError(f"not a psycopg connection: {driver}")
        return driver

    async def commit(self) -> None:
        connection = self.end()
        if connection is None:
            raise RuntimeError(OVER)
        with refusals():
            await connection.commit()

    def end(self) -> AsyncConnection | None:
        """Let nothing more happen here; return the connection, None at the second time."""
        connection, self._connection = self._connection, None
        return connection

    @property
    def _open(self) -> AsyncConnection:
        if self._connection is None:
            raise RuntimeError(OVER)
        return self._connection
