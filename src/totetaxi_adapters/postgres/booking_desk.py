"""How staff and account holders find bookings: each way by an index of its own."""

from collections.abc import Mapping

from sqlalchemy import (
    ColumnElement,
    Date,
    Integer,
    Text,
    Uuid,
    and_,
    bindparam,
    func,
    or_,
    tuple_,
)

from totetaxi_adapters.postgres.booking_rows import booking_from_row
from totetaxi_adapters.postgres.bookings import STORED
from totetaxi_adapters.postgres.tables import bookings
from totetaxi_adapters.postgres.tables.metadata import INSTANT
from totetaxi_adapters.postgres.transaction import Transaction
from totetaxi_core.bookings.booking import Booking
from totetaxi_core.bookings.find_bookings import BookingFilter, SearchKind
from totetaxi_core.page import Place

PLACE = tuple_(bookings.c.created_at, bookings.c.id)
AT = tuple_(bindparam("place_at", type_=INSTANT), bindparam("place_id", type_=Uuid))
LIMIT = bindparam("limit", type_=Integer)
NEWEST_FIRST = STORED.order_by(bookings.c.created_at.desc(), bookings.c.id.desc()).limit(LIMIT)
OLDEST_FIRST = STORED.order_by(bookings.c.created_at, bookings.c.id).limit(LIMIT)
PREFIX = bindparam("prefix", type_=Text)
BEYOND = bindparam("beyond", type_=Text)
# Compared by bytes, as the index of each is sorted: up to the largest code point it is the prefix.
LAST = "\U0010ffff"


def _begins(text: ColumnElement[str]) -> ColumnElement[bool]:
    return and_(
        text.op("~>=~", is_comparison=True)(PREFIX),
        text.op("~<~", is_comparison=True)(BEYOND),
    )


WANTED: Mapping[str, ColumnElement[bool]] = {
    "status": bookings.c.status == bindparam("status", type_=Text),
    "service_type": bookings.c.service_type == bindparam("service_type", type_=Text),
    "pickup_from": bookings.c.pickup_date >= bindparam("pickup_from", type_=Date),
    "pickup_to": bookings.c.pickup_date <= bindparam("pickup_to", type_=Date),
    "customer_id": bookings.c.customer_id == bindparam("customer_id", type_=Uuid),
}
FULL_NAME = bookings.c.contact_first_name + " " + bookings.c.contact_last_name
SEARCHED: Mapping[SearchKind, ColumnElement[bool]] = {
    SearchKind.NUMBER: bookings.c.booking_number == PREFIX,
    SearchKind.EMAIL: _begins(func.lower(bookings.c.contact_email)),
    SearchKind.PHONE: bookings.c.contact_phone == PREFIX,
    SearchKind.NAME: or_(
        _begins(func.lower(bookings.c.contact_last_name)),
        _begins(func.lower(FULL_NAME)),
    ),
}


class PostgresBookingDesk:
    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def page(
        self,
        wanted: BookingFilter,
        *,
        before: Place | None = None,
        after: Place | None = None,
        limit: int,
    ) -> tuple[Booking, ...]:
        asked = {name: getattr(wanted, name) for name in WANTED}
        given: dict[str, object] = {name: fact for name, fact in asked.items() if fact is not None}
        statement = NEWEST_FIRST if after is None else OLDEST_FIRST
        statement = statement.where(*(WANTED[name] for name in given))
        if wanted.search is not None:
            statement = statement.where(SEARCHED[wanted.search.kind])
            given |= {"prefix": wanted.search.text, "beyond": wanted.search.text + LAST}
        place = after or before
        if place is not None:
            statement = statement.where(PLACE < AT if after is None else PLACE > AT)
            given |= {"place_at": place.created_at, "place_id": place.id}
        rows = await self._transaction.execute(statement, given | {"limit": limit})
        found = tuple(booking_from_row(row, row.lines) for row in rows)
        return found if after is None else found[::-1]
