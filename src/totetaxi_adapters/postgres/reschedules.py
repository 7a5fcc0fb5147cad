"""Reschedules that wait for their difference, or once did."""

from collections.abc import Mapping
from dataclasses import fields
from datetime import date, datetime, time
from typing import Any
from uuid import UUID

from sqlalchemy import (
    Boolean,
    Integer,
    RowMapping,
    Text,
    Uuid,
    bindparam,
    insert,
    literal_column,
    select,
    update,
)

from totetaxi_adapters.postgres.quote_document import (
    LINE_COLUMNS,
    code_book_version_from,
    line_records,
    lines_from,
    pricing_fields,
    request_from,
)
from totetaxi_adapters.postgres.tables import reschedules
from totetaxi_adapters.postgres.tables.metadata import INSTANT
from totetaxi_adapters.postgres.transaction import Transaction
from totetaxi_core.bookings.reschedule import Reschedule, RescheduleState
from totetaxi_core.pricing import Quote

# Written out, as the indexes' condition is.
IS_PENDING = literal_column("reschedules.state = 'pending'", Boolean)
INSERT = insert(reschedules)
UPDATE = (
    update(reschedules)
    .where(reschedules.c.id == bindparam("of_id", type_=Uuid))
    .values({column: bindparam(column.name, type_=column.type) for column in reschedules.c})
)
PENDING_OF = select(reschedules).where(
    reschedules.c.booking_id == bindparam("booking_id", type_=Uuid), IS_PENDING
)
OF_PAYMENT = select(reschedules).where(
    reschedules.c.payment_id == bindparam("payment_id", type_=Uuid)
)
HELD_ON = (
    select(reschedules)
    .where(IS_PENDING, reschedules.c.quote["pickup_date"].astext == bindparam("on", type_=Text))
    .order_by(reschedules.c.created_at, reschedules.c.id)
)
LAPSED = (
    select(reschedules.c.booking_id)
    .where(IS_PENDING, reschedules.c.expires_at <= bindparam("at", type_=INSTANT))
    .order_by(reschedules.c.expires_at, reschedules.c.id)
    .limit(bindparam("limit", type_=Integer))
)
FIELDS = tuple(field.name for field in fields(Reschedule))


class PostgresReschedules:
    """Their writers hold the lock of the booking."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def add(self, reschedule: Reschedule) -> None:
        await self._transaction.execute(INSERT, _row(reschedule))

    async def save(self, reschedule: Reschedule) -> None:
        await self._transaction.execute(UPDATE, _row(reschedule) | {"of_id": reschedule.id})

    async def pending_of(self, booking_id: UUID) -> Reschedule | None:
        found = await self._transaction.execute(PENDING_OF, {"booking_id": booking_id})
        row = found.mappings().one_or_none()
        return None if row is None else _from_row(row)

    async def of_payment(self, payment_id: UUID) -> Reschedule | None:
        found = await self._transaction.execute(OF_PAYMENT, {"payment_id": payment_id})
        row = found.mappings().one_or_none()
        return None if row is None else _from_row(row)

    async def held_on(self, on: date) -> tuple[Reschedule, ...]:
        found = await self._transaction.execute(HELD_ON, {"on": on.isoformat()})
        return tuple(map(_from_row, found.mappings()))

    async def lapsed(self, *, at: datetime, limit: int) -> tuple[UUID, ...]:
        found = await self._transaction.execute(LAPSED, {"at": at, "limit": limit})
        return tuple(found.scalars())


def _row(reschedule: Reschedule) -> dict[str, object]:
    row = {name: getattr(reschedule, name) for name in FIELDS}
    return row | {"quote": _document(reschedule.quote)}


def _from_row(row: RowMapping) -> Reschedule:
    state = RescheduleState(row["state"])
    return Reschedule(**{**row, "state": state, "quote": _quote(row["quote"])})


def _document(quote: Quote) -> Mapping[str, object]:
    request = quote.request
    return {
        "service_type": request.service_type,
        "pickup_date": request.pickup_date.isoformat(),
        "pickup_time": request.pickup_time.isoformat(),
        "pricing_fields": pricing_fields(quote),
        "price_book_version": quote.price_book_version,
        "lines": [[record[name] for name in LINE_COLUMNS] for record in line_records(quote.lines)],
        "total_cents": quote.total_cents,
        "estimated_hours": quote.estimated_hours,
    }


def _quote(document: Mapping[str, Any]) -> Quote:
    return Quote(
        request=request_from(
            document["pricing_fields"],
            service_type=document["service_type"],
            pickup_date=date.fromisoformat(document["pickup_date"]),
            pickup_time=time.fromisoformat(document["pickup_time"]),
        ),
        price_book_version=document["price_book_version"],
        lines=lines_from(document["lines"]),
        total_cents=document["total_cents"],
        estimated_hours=document["estimated_hours"],
        code_book_version=code_book_version_from(document["pricing_fields"]),
    )
