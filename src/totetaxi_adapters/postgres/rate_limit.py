"""Limits on calls that hold across processes."""

import math
from datetime import timedelta

from sqlalchemy import Interval, Text, bindparam, case, delete, func, literal
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncEngine

from totetaxi_adapters.postgres.refusals import refusals
from totetaxi_adapters.postgres.tables import rate_limits

CLOCK = func.clock_timestamp()
WINDOW = bindparam("window", type_=Interval)
OVER = rate_limits.c.ends_at <= CLOCK
# One statement: concurrent calls of a key queue at its row. The database's clock is everyone's.
HIT = (
    insert(rate_limits)
    .values(key=bindparam("key", type_=Text), hits=1, ends_at=CLOCK + WINDOW)
    .on_conflict_do_update(
        index_elements=[rate_limits.c.key],
        set_={
            "hits": case((OVER, literal(1)), else_=rate_limits.c.hits + 1),
            "ends_at": case((OVER, CLOCK + WINDOW), else_=rate_limits.c.ends_at),
        },
    )
    .returning(rate_limits.c.hits, func.extract("epoch", rate_limits.c.ends_at - CLOCK))
)
FORGET = delete(rate_limits).where(OVER)


class PostgresRateLimiter:
    """Counts calls in windows that begin with a key's first call."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine.execution_options(isolation_level="AUTOCOMMIT")

    async def hit(self, key: str, *, limit: int, window_s: int) -> int | None:
        """Count a call; return None if it is within the limit, else whole seconds to wait.

        Raises:
            DatabaseUnavailableError: nothing was counted.
        """
        parameters = {"key": key, "window": timedelta(seconds=window_s)}
        with refusals():
            async with self._engine.connect() as connection:
                hits, left_s = (await connection.execute(HIT, parameters)).one()
        return None if hits <= limit else max(1, math.ceil(left_s))

    async def forget_ended(self) -> int:
        """Delete the windows that are over; return how many."""
        with refusals():
            async with self._engine.connect() as connection:
                return (await connection.execute(FORGET)).rowcount
