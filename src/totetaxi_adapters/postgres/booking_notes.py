"""Notes on bookings."""

from uuid import UUID

from sqlalchemy import Integer, Uuid, bindparam, insert, select, tuple_

from totetaxi_adapters.postgres.tables import booking_notes
from totetaxi_adapters.postgres.tables.metadata import INSTANT
from totetaxi_adapters.postgres.transaction import Transaction
from totetaxi_core.bookings.booking_note import BookingNote
from totetaxi_core.page import Place

COLUMNS = tuple(booking_notes.c)
INSERT = insert(booking_notes).values(
    {column: bindparam(column.name, type_=column.type) for column in COLUMNS}
)
PLACE = tuple_(booking_notes.c.created_at, booking_notes.c.id)
AT = tuple_(bindparam("place_at", type_=INSTANT), bindparam("place_id", type_=Uuid))
OF_BOOKING = (
    select(*COLUMNS)
    .where(booking_notes.c.booking_id == bindparam("of_booking", type_=Uuid))
    .limit(bindparam("limit", type_=Integer))
)
NEWEST_FIRST = OF_BOOKING.order_by(booking_notes.c.created_at.desc(), booking_notes.c.id.desc())
OLDEST_FIRST = OF_BOOKING.order_by(booking_notes.c.created_at, booking_notes.c.id)


class PostgresBookingNotes:
    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def add(self, note: BookingNote) -> None:
        row = {column.name: getattr(note, column.name) for column in COLUMNS}
        await self._transaction.execute(INSERT, row)

    async def page(
        self,
        booking_id: UUID,
        *,
        before: Place | None = None,
        after: Place | None = None,
        limit: int,
    ) -> tuple[BookingNote, ...]:
        statement = NEWEST_FIRST if after is None else OLDEST_FIRST
        given: dict[str, object] = {"of_booking": booking_id, "limit": limit}
        place = after or before
        if place is not None:
            statement = statement.where(PLACE < AT if after is None else PLACE > AT)
            given |= {"place_at": place.created_at, "place_id": place.id}
        rows = await self._transaction.execute(statement, given)
        found = tuple(BookingNote(**row) for row in rows.mappings())
        return found if after is None else found[::-1]
