"""The record of staff acts."""

from dataclasses import fields
from uuid import UUID

from sqlalchemy import Uuid, bindparam, insert, select

from totetaxi_adapters.postgres.tables import staff_acts
from totetaxi_adapters.postgres.transaction import Transaction
from totetaxi_core.staff.staff_act import StaffAct

ADD = insert(staff_acts)
OF_BOOKING = (
    select(staff_acts)
    .where(staff_acts.c.booking_id == bindparam("of_booking", type_=Uuid))
    .order_by(staff_acts.c.created_at, staff_acts.c.id)
)
# An act's columns are its fields, by name.
FIELDS = tuple(field.name for field in fields(StaffAct))


class PostgresStaffActs:
    """Added to, never changed."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def add(self, act: StaffAct) -> None:
        await self._transaction.execute(ADD, {name: getattr(act, name) for name in FIELDS})

    async def of_booking(self, booking_id: UUID) -> tuple[StaffAct, ...]:
        rows = await self._transaction.execute(OF_BOOKING, {"of_booking": booking_id})
        return tuple(StaffAct(**row) for row in rows.mappings())
