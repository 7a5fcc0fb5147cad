"""Signs of life of the processes."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import Text, bindparam, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncEngine

from totetaxi_adapters.postgres.refusals import refusals
from totetaxi_adapters.postgres.tables import heartbeats

BEATING = insert(heartbeats)
BEAT = BEATING.on_conflict_do_update(
    index_elements=[heartbeats.c.name],
    set_={"beat_at": BEATING.excluded.beat_at},
)
LAST = select(heartbeats.c.beat_at).where(heartbeats.c.name == bindparam("of_name", type_=Text))
ALL = select(heartbeats.c.name, heartbeats.c.beat_at)


class Heartbeats:
    """The last beat by name, of `worker`, `scheduler` or a periodic task; aware instants in UTC."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine.execution_options(isolation_level="AUTOCOMMIT")

    async def beat(self, name: str, *, at: datetime) -> None:
        """Store a sign of life in place of the last.

        Raises:
            DatabaseUnavailableError: it was not stored.
        """
        with refusals():
            async with self._engine.connect() as connection:
                await connection.execute(BEAT, {"name": name, "beat_at": at})

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
