"""Signs of life of the processes."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import Text, bindparam, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncEngine

from totetaxi_adapters.postgres.refusals import refusals
from totetaxi_adapters.postgres.tables import heartbeats

BEATING = insert(heartbeats)
BEAT = BEATING.on_conflict_do_update(
    index_elements=[heartbeats.c.name],
    set_={
        "beat_at": BEATING.excluded.beat_at,
        "last_error": BEATING.excluded.last_error,
    },
)
LAST = select(heartbeats.c.beat_at).where(heartbeats.c.name == bindparam("of_name", type_=Text))
ALL = select(heartbeats.c.name, heartbeats.c.beat_at)
ERRORS = select(heartbeats.c.name, heartbeats.c.last_error).where(
    heartbeats.c.last_error.is_not(None)
)
BROKE_OFF = (
    update(heartbeats)
    .where(heartbeats.c.name == bindparam("of_name", type_=Text))
    .values(last_error=bindparam("error", type_=Text))
)


class Heartbeats:
    """The last beat by name, of `worker`, `scheduler` or a periodic task; aware instants in UTC."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine.execution_options(isolation_level="AUTOCOMMIT")

    async def beat(self, name: str, *, at: datetime, error: str | None = None) -> None:
        """Store a sign of life in place of the last; `error` is the code of a round refused.

        Raises:
            DatabaseUnavailableError: it was not stored.
        """
        with refusals():
            async with self._engine.connect() as connection:
                row = {"name": name, "beat_at": at, "last_error": error}
                await connection.execute(BEAT, row)

    async def break_off(self, name: str, *, error: str) -> None:
        """Store what the last round broke off with: no sign of life, and nothing without one.

        Raises:
            DatabaseUnavailableError: it was not stored.
        """
        with refusals():
            async with self._engine.connect() as connection:
                await connection.execute(BROKE_OFF, {"of_name": name, "error": error})

    async def last(self, name: str) -> datetime | None:
        """Return the last beat, None if there was none.

        Raises:
            DatabaseUnavailableError: it cannot be known.
        """
        with refusals():
            async with self._engine.connect() as connection:
                found: datetime | None = await connection.scalar(LAST, {"of_name": name})
                return found

    async def all(self) -> Mapping[str, datetime]:
        """Return every name's last beat.

        Raises:
            DatabaseUnavailableError: they cannot be known.
        """
        with refusals():
            async with self._engine.connect() as connection:
                return {row.name: row.beat_at for row in await connection.execute(ALL)}

    async def errors(self) -> Mapping[str, str]:
        """Return what the last round met, by name, of those that did not go well.

        Raises:
            DatabaseUnavailableError: it cannot be known.
        """
        with refusals():
            async with self._engine.connect() as connection:
                return {row.name: row.last_error for row in await connection.execute(ERRORS)}
