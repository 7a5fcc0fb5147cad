"""How staff find refunds."""

from sqlalchemy import Integer, RowMapping, Text, Uuid, bindparam, select, tuple_

from totetaxi_adapters.postgres.refunds import FIELDS
from totetaxi_adapters.postgres.tables import bookings, refunds
from totetaxi_adapters.postgres.tables.metadata import INSTANT
from totetaxi_adapters.postgres.transaction import Transaction
from totetaxi_core.page import Place
from totetaxi_core.payments.find_refunds import FoundRefund
from totetaxi_core.payments.refund import Refund, RefundStatus

PLACE = tuple_(refunds.c.created_at, refunds.c.id)
AT = tuple_(bindparam("place_at", type_=INSTANT), bindparam("place_id", type_=Uuid))
OF_STATUS = refunds.c.status == bindparam("status", type_=Text)
LISTED = (
    select(refunds, bookings.c.booking_number)
    .join(bookings, bookings.c.id == refunds.c.booking_id)
    .limit(bindparam("limit", type_=Integer))
)
NEWEST_FIRST = LISTED.order_by(refunds.c.created_at.desc(), refunds.c.id.desc())
OLDEST_FIRST = LISTED.order_by(refunds.c.created_at, refunds.c.id)


class PostgresRefundDesk:
    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def page(
        self,
        *,
        status: RefundStatus | None,
        before: Place | None = None,
        after: Place | None = None,
        limit: int,
    ) -> tuple[FoundRefund, ...]:
        statement = NEWEST_FIRST if after is None else OLDEST_FIRST
        given: dict[str, object] = {"limit": limit}
        if status is not None:
            statement = statement.where(OF_STATUS)
            given["status"] = status
        place = after or before
        if place is not None:
            statement = statement.where(PLACE < AT if after is None else PLACE > AT)
            given |= {"place_at": place.created_at, "place_id": place.id}
        rows = await self._transaction.execute(statement, given)
        found = tuple(_found(row) for row in rows.mappings())
        return found if after is None else found[::-1]


def _found(row: RowMapping) -> FoundRefund:
    facts = {name: row[name] for name in FIELDS} | {"status": RefundStatus(row["status"])}
    return FoundRefund(refund=Refund(**facts), booking_number=row["booking_number"])
