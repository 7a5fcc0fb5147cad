"""Where use cases race: one database for many races, and held rows that make them overlap."""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Sequence
from contextlib import asynccontextmanager
from typing import Any, Self
from uuid import UUID

import psycopg
from psycopg.sql import SQL, Identifier

from tests.conftest import PostgresUowFactory
from totetaxi_adapters.postgres.tables import METADATA
from totetaxi_core.refusal import DomainError

DEADLINE_S = 10
LOOK_S = 0.002  # to ask without a pause takes the core that the acts need
DONE = "done"
# Let go one after the other from the end: in the order in which everybody takes their locks.
HELD = ("crew_half_hours", "refunds", "payments", "bookings")
JOBS = ("procrastinate_events", "procrastinate_jobs")
WAITING = """
    SELECT count(*) FROM pg_stat_activity
    WHERE datname = current_database() AND wait_event_type = 'Lock'
"""
DUE = "SELECT id, kind FROM owed_effects WHERE state = 'due' ORDER BY id"
MAIL = "send_message"

Connection = psycopg.AsyncConnection[tuple[Any, ...]]


class Arena:
    """`uow_factory` makes units of work on its database, whose price books stay."""

    def __init__(
        self, uow_factory: PostgresUowFactory, *, judge: Connection, holder: Connection
    ) -> None:
        self.uow_factory = uow_factory
        self._judge, self._holder = judge, holder

    @classmethod
    @asynccontextmanager
    async def open(cls, database_url: str, uow_factory: PostgresUowFactory) -> AsyncIterator[Self]:
        async with (
            await Connection.connect(database_url, autocommit=True) as judge,
            await Connection.connect(database_url) as holder,
        ):
            # Neither triggers nor foreign keys keep the judge from clearing.
            await judge.execute("SET session_replication_role = replica")
            yield cls(uow_factory, judge=judge, holder=holder)

    async def fetch(self, query: str) -> list[tuple[Any, ...]]:
        return await (await self._judge.execute(query.encode())).fetchall()

    async def clear(self) -> None:
        """Forget all but the first price book."""
        tables = [name for name in (*METADATA.tables, *JOBS) if name != "price_books"]
        deletes = [SQL("DELETE FROM {}").format(Identifier(name)) for name in tables]
        later_books = SQL("DELETE FROM price_books WHERE version > 1")
        await self._judge.execute(SQL("; ").join([*deletes, later_books]))

    async def due_effects(self, *, mails: bool = False) -> tuple[UUID, ...]:
        """Return what is owed to providers, or the mails that are owed, oldest first."""
        rows = await self.fetch(DUE)
        return tuple(effect_id for effect_id, kind in rows if (kind == MAIL) is mails)

    async def race(self, *acts: Awaitable[object]) -> tuple[str, ...]:
        """Start all acts, hold each at every lock it comes to, and return how they ended.

        An act is `done`, or refused with a code.
        """
        await self._hold()
        tasks = [asyncio.create_task(_outcome(act)) for act in acts]
        try:
            for name in reversed(HELD):
                await self._until_stuck(tasks)
                await self._let_go(name)
            async with asyncio.timeout(DEADLINE_S):
                return tuple(await asyncio.gather(*tasks))
        finally:
            await self._holder.rollback()
            for task in tasks:
                task.cancel()

    async def _hold(self) -> None:
        for name in HELD:
            table = Identifier(name)
            await self._holder.execute(SQL("SAVEPOINT {}").format(table))
            await self._holder.execute(SQL("SELECT 1 FROM {} FOR UPDATE").format(table))

    async def _let_go(self, name: str) -> None:
        await self._holder.execute(SQL("ROLLBACK TO SAVEPOINT {}").format(Identifier(name)))

    async def _until_stuck(self, tasks: Sequence[asyncio.Task[str]]) -> None:
        """Return once each has ended or waits for a lock."""
        deadline = time.monotonic() + DEADLINE_S
        while True:
            [(waiting,)] = await self.fetch(WAITING)
            if waiting >= sum(not task.done() for task in tasks):
                return
            assert time.monotonic() < deadline, "an act neither ends nor waits for a lock"
            await asyncio.sleep(LOOK_S)


async def _outcome(act: Awaitable[object]) -> str:
    try:
        await act
    except DomainError as refusal:
        return refusal.code
    return DONE
