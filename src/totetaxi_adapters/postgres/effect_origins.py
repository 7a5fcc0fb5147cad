"""What an effect is about, for the log and the trace of whoever does it."""

from typing import NamedTuple
from uuid import UUID

from sqlalchemy import Uuid, bindparam, select
from sqlalchemy.ext.asyncio import AsyncEngine

from totetaxi_adapters.origin import BOOKING_ID, REQUEST_ID, TRACEPARENT
from totetaxi_adapters.postgres.refusals import refusals
from totetaxi_adapters.postgres.tables import owed_effects

OF_EFFECT = select(
    owed_effects.c.kind,
    owed_effects.c.payload[BOOKING_ID].as_string().label("booking_id"),
    owed_effects.c.origin,
).where(owed_effects.c.id == bindparam("effect_id", type_=Uuid))


class EffectOrigin(NamedTuple):
    """`request_id` and `traceparent` are of the request that owed it, if one did."""

    kind: str
    booking_id: str | None
    request_id: str | None
    traceparent: str | None


class EffectOrigins:
    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine.execution_options(isolation_level="AUTOCOMMIT")

    async def of(self, effect_id: UUID) -> EffectOrigin | None:
        """Return the effect's origin; None where there is no such effect.

        Raises:
            DatabaseUnavailableError: it cannot be known.
        """
        with refusals():
            async with self._engine.connect() as connection:
                found = await connection.execute(OF_EFFECT, {"effect_id": effect_id})
                row = found.one_or_none()
        if row is None:
            return None
        origin = row.origin or {}
        return EffectOrigin(
            row.kind, row.booking_id, origin.get(REQUEST_ID), origin.get(TRACEPARENT)
        )
