"""How staff find payments."""

from collections.abc import Mapping

from sqlalchemy import (
    ColumnElement,
    Integer,
    RowMapping,
    Text,
    Uuid,
    bindparam,
    select,
    tuple_,
)

from totetaxi_adapters.postgres.payments import PAYMENT_FIELDS, payment_from_row
from totetaxi_adapters.postgres.tables import bookings, payments
from totetaxi_adapters.postgres.tables.metadata import INSTANT
from totetaxi_adapters.postgres.transaction import Transaction
from totetaxi_core.page import Place
from totetaxi_core.payments.find_payments import FoundPayment, PaymentFilter

PLACE = tuple_(payments.c.created_at, payments.c.id)
AT = tuple_(bindparam("place_at", type_=INSTANT), bindparam("place_id", type_=Uuid))
LISTED = (
    select(payments, bookings.c.booking_number)
    .join(bookings, bookings.c.id == payments.c.booking_id)
    .limit(bindparam("limit", type_=Integer))
)
NEWEST_FIRST = LISTED.order_by(payments.c.created_at.desc(), payments.c.id.desc())
OLDEST_FIRST = LISTED.order_by(payments.c.created_at, payments.c.id)
WANTED: Mapping[str, ColumnElement[bool]] = {
    "status": payments.c.status == bindparam("status", type_=Text),
    "purpose": payments.c.purpose == bindparam("purpose", type_=Text),
    "booking_id": payments.c.booking_id == bindparam("booking_id", type_=Uuid),
    "created_from": payments.c.created_at >= bindparam("created_from", type_=INSTANT),
    "created_until": payments.c.created_at < bindparam("created_until", type_=INSTANT),
}


class PostgresPaymentDesk:
    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def page(
        self,
        wanted: PaymentFilter,
        *,
        before: Place | None = None,
        after: Place | None = None,
        limit: int,
    ) -> tuple[FoundPayment, ...]:
        asked = {name: getattr(wanted, name) for name in WANTED}
        given: dict[str, object] = {name: fact for name, fact in asked.items() if fact is not None}
        statement = NEWEST_FIRST if after is None else OLDEST_FIRST
        statement = statement.where(*(WANTED[name] for name in given))
        place = after or before
        if place is not None:
            statement = statement.where(PLACE < AT if after is None else PLACE > AT)
            given |= {"place_at": place.created_at, "place_id": place.id}
        rows = await self._transaction.execute(statement, given | {"limit": limit})
        found = tuple(_found(row) for row in rows.mappings())
        return found if after is None else found[::-1]


def _found(row: RowMapping) -> FoundPayment:
    facts = {name: row[name] for name in PAYMENT_FIELDS}
    return FoundPayment(payment=payment_from_row(facts), booking_number=row["booking_number"])
