"""Disputes."""

from dataclasses import fields
from uuid import UUID

from sqlalchemy import RowMapping, Text, Uuid, bindparam, insert, select, update

from totetaxi_adapters.postgres.tables import disputes
from totetaxi_adapters.postgres.transaction import Transaction
from totetaxi_core.payments.dispute import Dispute, DisputeStatus

INSERT = insert(disputes)
UPDATE = (
    update(disputes)
    .where(disputes.c.id == bindparam("of_id", type_=Uuid))
    .values({column: bindparam(column.name, type_=column.type) for column in disputes.c})
)
FIND = select(disputes).where(
    disputes.c.stripe_dispute_id == bindparam("stripe_dispute_id", type_=Text)
)
OF_BOOKING = (
    select(disputes)
    .where(disputes.c.booking_id == bindparam("booking_id", type_=Uuid))
    .order_by(disputes.c.created_at, disputes.c.id)
)
# A dispute's columns are its fields, by name.
FIELDS = tuple(field.name for field in fields(Dispute))


class PostgresDisputes:
    """Every dispute."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def add(self, dispute: Dispute) -> None:
        await self._transaction.execute(INSERT, _row(dispute))

    async def save(self, dispute: Dispute) -> None:
        await self._transaction.execute(UPDATE, _row(dispute) | {"of_id": dispute.id})

    async def find(self, stripe_dispute_id: str) -> Dispute | None:
        found = await self._transaction.execute(FIND, {"stripe_dispute_id": stripe_dispute_id})
        row = found.mappings().one_or_none()
        return None if row is None else dispute_from_row(row)

    async def of_booking(self, booking_id: UUID) -> tuple[Dispute, ...]:
        rows = await self._transaction.execute(OF_BOOKING, {"booking_id": booking_id})
        return tuple(dispute_from_row(row) for row in rows.mappings())


def _row(dispute: Dispute) -> dict[str, object]:
    return {name: getattr(dispute, name) for name in FIELDS}


def dispute_from_row(row: RowMapping) -> Dispute:
    return Dispute(**{**row, "status": DisputeStatus(row["status"])})
