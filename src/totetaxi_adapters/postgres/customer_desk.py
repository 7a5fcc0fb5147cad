"""How staff find customers: each way by an index of its own."""

from collections.abc import Mapping

from sqlalchemy import (
    ColumnElement,
    Integer,
    Text,
    Uuid,
    and_,
    bindparam,
    func,
    not_,
    or_,
    select,
    tuple_,
)

from totetaxi_adapters.postgres.customers import customer_from_row
from totetaxi_adapters.postgres.tables import bookings, customers
from totetaxi_adapters.postgres.tables.metadata import INSTANT
from totetaxi_adapters.postgres.transaction import Transaction
from totetaxi_core.bookings.find_bookings import SearchKind
from totetaxi_core.customers.customer import Customer
from totetaxi_core.customers.customer_desk import CustomerFilter
from totetaxi_core.page import Place

PLACE = tuple_(customers.c.created_at, customers.c.id)
AT = tuple_(bindparam("place_at", type_=INSTANT), bindparam("place_id", type_=Uuid))
LISTED = (
    select(customers)
    .where(customers.c.deleted_at.is_(None))
    .limit(bindparam("limit", type_=Integer))
)
NEWEST_FIRST = LISTED.order_by(customers.c.created_at.desc(), customers.c.id.desc())
OLDEST_FIRST = LISTED.order_by(customers.c.created_at, customers.c.id)
PREFIX = bindparam("prefix", type_=Text)
BEYOND = bindparam("beyond", type_=Text)
# Compared by bytes, as the index of each is sorted: up to the largest code point it is the prefix.
LAST = "\U0010ffff"
VIP: Mapping[bool, ColumnElement[bool]] = {
    True: customers.c.is_vip,
    False: not_(customers.c.is_vip),
}


def _begins(text: ColumnElement[str]) -> ColumnElement[bool]:
    return and_(
        text.op("~>=~", is_comparison=True)(PREFIX),
        text.op("~<~", is_comparison=True)(BEYOND),
    )


OWNER = select(bookings.c.customer_id).where(bookings.c.booking_number == PREFIX)
FULL_NAME = customers.c.first_name + " " + customers.c.last_name
SEARCHED: Mapping[SearchKind, ColumnElement[bool]] = {
    SearchKind.NUMBER: customers.c.id == OWNER.scalar_subquery(),
    SearchKind.EMAIL: _begins(func.lower(customers.c.email)),
    SearchKind.PHONE: customers.c.phone == PREFIX,
    SearchKind.NAME: or_(
        _begins(func.lower(customers.c.last_name)),
        _begins(func.lower(FULL_NAME)),
    ),
}


class PostgresCustomerDesk:
    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def page(
        self,
        wanted: CustomerFilter,
        *,
        before: Place | None = None,
        after: Place | None = None,
        limit: int,
    ) -> tuple[Customer, ...]:
        given: dict[str, object] = {"limit": limit}
        statement = NEWEST_FIRST if after is None else OLDEST_FIRST
        if wanted.is_vip is not None:
            statement = statement.where(VIP[wanted.is_vip])
        if wanted.search is not None:
            statement = statement.where(SEARCHED[wanted.search.kind])
            text = wanted.search.text
            given |= {"prefix": text, "beyond": text + LAST}
        place = after or before
        if place is not None:
            statement = statement.where(PLACE < AT if after is None else PLACE > AT)
            given |= {"place_at": place.created_at, "place_id": place.id}
        rows = await self._transaction.execute(statement, given)
        found = tuple(customer_from_row(row) for row in rows.mappings())
        return found if after is None else found[::-1]
