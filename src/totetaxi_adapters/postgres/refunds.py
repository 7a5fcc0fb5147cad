"""Refunds."""

from dataclasses import fields
from datetime import datetime
from uuid import UUID

from sqlalchemy import Integer, RowMapping, Uuid, bindparam, insert, select, tuple_, update

from totetaxi_adapters.postgres.tables import refunds
from totetaxi_adapters.postgres.transaction import Transaction
from totetaxi_core.payments.refund import Refund, RefundNotFoundError, RefundStatus

INSERT = insert(refunds)
UPDATE = (
    update(refunds)
    .where(refunds.c.id == bindparam("of_id", type_=Uuid))
    .values({column: bindparam(column.name, type_=column.type) for column in refunds.c})
)
GET = select(refunds).where(refunds.c.id == bindparam("refund_id", type_=Uuid))
LOCK = GET.with_for_update()
OF_BOOKING = (
    select(refunds)
    .where(refunds.c.booking_id == bindparam("booking_id", type_=Uuid))
    .order_by(refunds.c.created_at, refunds.c.id)
)
PAGE = (
    select(refunds)
    .order_by(refunds.c.created_at.desc(), refunds.c.id.desc())
    .limit(bindparam("limit", type_=Integer))
)
# A refund's columns are its fields, by name.
FIELDS = tuple(field.name for field in fields(Refund))


class PostgresRefundRepository:
    """Every refund. A trigger refuses one that, with those that count, exceeds its payment."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def add(self, refund: Refund) -> None:
        await self._transaction.execute(INSERT, _row(refund))

    async def save(self, refund: Refund) -> None:
        await self._transaction.execute(UPDATE, _row(refund) | {"of_id": refund.id})

    async def get(self, refund_id: UUID, *, lock: bool = False) -> Refund:
        query = LOCK if lock else GET
        found = await self._transaction.execute(query, {"refund_id": refund_id})
        row = found.mappings().one_or_none()
        if row is None:
            raise RefundNotFoundError(f"there is no refund {refund_id}")
        return refund_from_row(row)

    async def of_booking(self, booking_id: UUID) -> tuple[Refund, ...]:
        rows = await self._transaction.execute(OF_BOOKING, {"booking_id": booking_id})
        return tuple(refund_from_row(row) for row in rows.mappings())

    async def page(
        self, *, status: RefundStatus | None, after: tuple[datetime, UUID] | None, limit: int
    ) -> tuple[Refund, ...]:
        query = PAGE
        if status is not None:
            query = query.where(refunds.c.status == status)
        if after is not None:
            query = query.where(tuple_(refunds.c.created_at, refunds.c.id) < after)
        rows = await self._transaction.execute(query, {"limit": limit})
        return tuple(refund_from_row(row) for row in rows.mappings())


def _row(refund: Refund) -> dict[str, object]:
    return {name: getattr(refund, name) for name in FIELDS}


def refund_from_row(row: RowMapping) -> Refund:
    return Refund(**{**row, "status": RefundStatus(row["status"])})
