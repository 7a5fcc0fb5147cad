"""Carts past their time, the first of which no statement can change."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import text

from tests.builders import a_booking
from totetaxi_adapters.wiring import Wiring
from totetaxi_core.bookings.booking_status import CancellationReason

LONG: Final = timedelta(days=1_000)
STAY: Final = """
    CREATE FUNCTION stay() RETURNS trigger LANGUAGE plpgsql
    AS $$ BEGIN RAISE EXCEPTION 'this row stays'; END $$
"""
HARDEN: Final = """
    CREATE TRIGGER stays BEFORE UPDATE ON bookings FOR EACH ROW
    WHEN (old.id = '{booking_id}') EXECUTE FUNCTION stay()
"""


async def store_carts(wiring: Wiring) -> tuple[UUID, UUID]:
    """Return the one that stays, and one that can be erased."""
    ended_at = datetime.now(UTC) - LONG
    carts = [
        replace(a_booking(), created_at=ended_at).cancel(
            at=ended_at, reason=CancellationReason.PAYMENT_TIMEOUT
        )
        for _ in range(2)
    ]
    async with wiring.ports.unit_of_work() as uow:
        for cart in carts:
            await uow.bookings.add(cart)
        await uow.commit()
    async with wiring.engine.begin() as connection:
        await connection.execute(text(STAY))
        await connection.execute(text(HARDEN.format(booking_id=carts[0].id)))
    return carts[0].id, carts[1].id
