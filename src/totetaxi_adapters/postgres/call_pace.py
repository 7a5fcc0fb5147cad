"""The pace of calls to a provider that limits them for all processes together."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Final

from sqlalchemy import Interval, Text, bindparam, func, literal
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncEngine

from totetaxi_adapters.postgres.refusals import refusals
from totetaxi_adapters.postgres.tables import rate_limits
from totetaxi_core.logistics.courier_gateway import CourierUnavailableError

LONGEST_WAIT: Final = timedelta(seconds=10)
CLOCK = func.clock_timestamp()
GAP = bindparam("gap", type_=Interval)
# `ends_at` is when the last turn given is over. One statement: callers queue at the row, and each
# gets the next turn after the one before; who would wait too long gets none. The database's clock
# is everyone's.
TURN = (
    insert(rate_limits)
    .values(key=bindparam("key", type_=Text), hits=literal(1), ends_at=CLOCK + GAP)
    .on_conflict_do_update(
        index_elements=[rate_limits.c.key],
        set_={"ends_at": func.greatest(rate_limits.c.ends_at, CLOCK) + GAP},
        where=rate_limits.c.ends_at <= CLOCK + bindparam("longest", type_=Interval),
    )
    .returning(func.extract("epoch", rate_limits.c.ends_at - GAP - CLOCK))
)


class PostgresCallPace:
    """Gives turns evenly, `per_second` of them, to all who share the database and the key."""

    def __init__(
        self,
        engine: AsyncEngine,
        key: str,
        *,
        per_second: int,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._engine = engine.execution_options(isolation_level="AUTOCOMMIT")
        self._sleep = sleep
        self._parameters = {
            "key": f"pace:{key}",
            "gap": timedelta(seconds=1) / per_second,
            "longest": LONGEST_WAIT,
        }

    async def turn(self) -> None:
        """Wait for the next turn.

        Raises:
            CourierUnavailableError: as many wait as ten seconds can serve.
            DatabaseUnavailableError: no turn could be had.
        """
        with refusals():
            async with self._engine.connect() as connection:
                wait_s = await connection.scalar(TURN, self._parameters)
        if wait_s is None:
            raise CourierUnavailableError("too many calls wait for their turn")
        if wait_s > 0:
            await self._sleep(float(wait_s))
