"""Bookings with their quote lines."""

from collections.abc import Collection
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    Date,
    Integer,
    Row,
    Select,
    Text,
    Uuid,
    any_,
    bindparam,
    column,
    delete,
    func,
    insert,
    literal_column,
    select,
    tuple_,
    update,
)
from sqlalchemy.dialects.postgresql import JSONB, aggregate_order_by

from totetaxi_adapters.origin import name_booking
from totetaxi_adapters.postgres.booking_rows import booking_from_row, row_from_booking
from totetaxi_adapters.postgres.customer_totals import DueRecounts
from totetaxi_adapters.postgres.customers import contact_lock
from totetaxi_adapters.postgres.quote_document import LINE_COLUMNS, line_records
from totetaxi_adapters.postgres.tables import bookings, quote_lines
from totetaxi_adapters.postgres.tables.metadata import INSTANT
from totetaxi_adapters.postgres.transaction import Transaction
from totetaxi_core.bookings.booking import Booking, BookingNotFoundError
from totetaxi_core.bookings.booking_status import BookingStatus
from totetaxi_core.customers.customer import Customer
from totetaxi_core.pricing import Quote

ROW = [column for column in bookings.c if column.name != "deleted_at"]
LINES = (
    select(
        func.jsonb_agg(
            aggregate_order_by(
                func.jsonb_build_array(*(quote_lines.c[name] for name in LINE_COLUMNS)),
                quote_lines.c.position,
            )
        )
    )
    .where(quote_lines.c.booking_id == bookings.c.id)
    .correlate(bookings)
    .scalar_subquery()
    .label("lines")
)
STANDING = bookings.c.deleted_at.is_(None)
STORED = select(*ROW, LINES).where(STANDING)

UPDATE = (
    update(bookings)
    .where(bookings.c.id == bindparam("booking_id", type_=Uuid), STANDING)
    .values({column: bindparam(column.name, type_=column.type) for column in ROW})
)
LOCK = (
    select(*ROW)
    .where(bookings.c.id == bindparam("booking_id", type_=Uuid), STANDING)
    .with_for_update()
)
LINES_OF = select(LINES).where(bookings.c.id == bindparam("booking_id", type_=Uuid))
GET = STORED.where(bookings.c.id == bindparam("booking_id", type_=Uuid))
GET_BY_NUMBER = STORED.where(bookings.c.booking_number == bindparam("number", type_=Text))
# The statuses are written out, as the index's condition is.
WITH_CART = (
    STORED.where(
        bookings.c.cart_key == bindparam("cart_key", type_=Text),
        literal_column("bookings.status IN ('pending', 'confirmed', 'in_progress')"),
    )
    .order_by(bookings.c.created_at.desc(), bookings.c.id.desc())
    .limit(1)
)
LAPSED = (
    select(bookings.c.id)
    .where(
        literal_column("bookings.status = 'pending'"),
        bookings.c.hold_expires_at <= bindparam("at", type_=INSTANT),
        STANDING,
    )
    .order_by(bookings.c.hold_expires_at, bookings.c.id)
    .limit(bindparam("limit", type_=Integer))
)
PAGE = STORED.order_by(bookings.c.created_at.desc(), bookings.c.id.desc()).limit(
    bindparam("limit", type_=Integer)
)
OF_DAY = STORED.where(
    bookings.c.pickup_date == bindparam("pickup_date", type_=Date),
    bookings.c.status == any_(bindparam("statuses", type_=ARRAY(Text))),
).order_by(bookings.c.pickup_at, bookings.c.booking_number.collate("C"))
# One parameter however many lines there are: the statement stays the same, and prepared.
LINE_RECORDS = (
    func.jsonb_to_recordset(bindparam("lines", type_=JSONB))
    .table_valued(
        column("position", Integer),
        *(column(name, quote_lines.c[name].type) for name in LINE_COLUMNS),
        name="line",
    )
    .render_derived(with_types=True)
)
INSERT_LINES = insert(quote_lines).from_select(
    ["booking_id", "position", *LINE_COLUMNS],
    select(
        bindparam("booking_id", type_=Uuid),
        LINE_RECORDS.c.position,
        *(LINE_RECORDS.c[name] for name in LINE_COLUMNS),
    ),
)
# One round trip for both; the foreign key is checked when the whole statement is done.
INSERT = (
    insert(bookings)
    .values({column: bindparam(column.name, type_=column.type) for column in ROW})
    .add_cte(INSERT_LINES.cte("stored_lines"))
)
DELETE_LINES = delete(quote_lines).where(
    quote_lines.c.booking_id == bindparam("booking_id", type_=Uuid)
)

OF_ACCOUNT = (
    select(bookings.c.id)
    .where(bookings.c.customer_id == bindparam("of_customer", type_=Uuid), STANDING)
    .order_by(bookings.c.id)
)
GUESTS = (
    select(bookings.c.id)
    .where(
        func.lower(bookings.c.contact_email) == bindparam("email_key", type_=Text),
        bookings.c.customer_id.is_(None),
        STANDING,
    )
    .order_by(bookings.c.id)
    .limit(bindparam("limit", type_=Integer))
    .with_for_update()
)
JOIN = (
    update(bookings)
    .where(bookings.c.id.in_(GUESTS))
    .values(
        customer_id=bindparam("of_customer", type_=Uuid),
        updated_at=bindparam("at", type_=INSTANT),
        version=bookings.c.version + 1,
    )
)


class PostgresBookingRepository:
    """Every booking ever made, less those soft-deleted."""

    def __init__(self, transaction: Transaction, *, recounts: DueRecounts) -> None:
        self._transaction, self._recounts = transaction, recounts
        self._stored_quotes: dict[UUID, Quote] = {}

    async def add(self, booking: Booking) -> None:
        await self._transaction.execute(INSERT, row_from_booking(booking) | _lines(booking))
        name_booking(booking.id)
        self._recounts.changed(booking)
        self._stored_quotes[booking.id] = booking.quote

    async def save(self, booking: Booking) -> None:
        row = row_from_booking(booking) | {"booking_id": booking.id}
        if (await self._transaction.execute(UPDATE, row)).rowcount == 0:
            raise BookingNotFoundError(booking.id)
        self._recounts.changed(booking)
        # A change of status leaves the quote alone, and then its lines need no writing.
        if self._stored_quotes.get(booking.id) is not booking.quote:
            await self._transaction.execute(DELETE_LINES, {"booking_id": booking.id})
            await self._transaction.execute(INSERT_LINES, _lines(booking))
            self._stored_quotes[booking.id] = booking.quote

    async def get(self, booking_id: UUID, *, lock: bool = False) -> Booking:
        if not lock:
            found = await self._one(GET, {"booking_id": booking_id})
            if found is None:
                raise BookingNotFoundError(booking_id)
            return found
        row = (await self._transaction.execute(LOCK, {"booking_id": booking_id})).one_or_none()
        if row is None:
            raise BookingNotFoundError(booking_id)
        name_booking(booking_id)
        # In one statement with the lock they would be those of before the wait for it.
        lines = await self._transaction.execute(LINES_OF, {"booking_id": booking_id})
        return self._booking(row, lines.scalar_one())

    async def get_by_number(self, booking_number: str) -> Booking:
        found = await self._one(GET_BY_NUMBER, {"number": booking_number.upper()})
        if found is None:
            raise BookingNotFoundError(booking_number)
        return found

    async def with_cart(self, cart_key: str) -> Booking | None:
        # A free booking is confirmed at once, where no unique index could stop a second one.
        await self._transaction.lock(f"cart:{cart_key}")
        return await self._one(WITH_CART, {"cart_key": cart_key})

    async def lapsed(self, *, at: datetime, limit: int) -> tuple[UUID, ...]:
        found = await self._transaction.execute(LAPSED, {"at": at, "limit": limit})
        return tuple(found.scalars())

    async def page(
        self, *, status: BookingStatus | None, after: tuple[datetime, UUID] | None, limit: int
    ) -> tuple[Booking, ...]:
        page = PAGE
        if status is not None:
            page = page.where(bookings.c.status == status)
        if after is not None:
            page = page.where(tuple_(bookings.c.created_at, bookings.c.id) < after)
        found = await self._transaction.execute(page, {"limit": limit})
        return tuple(self._booking(row, row.lines) for row in found)

    async def of_day(
        self, pickup_date: date, *, statuses: Collection[BookingStatus]
    ) -> tuple[Booking, ...]:
        facts = {"pickup_date": pickup_date, "statuses": sorted(statuses)}
        found = await self._transaction.execute(OF_DAY, facts)
        return tuple(self._booking(row, row.lines) for row in found)

    async def of_account(self, customer_id: UUID) -> tuple[UUID, ...]:
        found = await self._transaction.execute(OF_ACCOUNT, {"of_customer": customer_id})
        return tuple(found.scalars())

    async def join_account(self, customer: Customer, *, at: datetime, limit: int) -> int:
        await self._transaction.lock(contact_lock(customer.email_key))
        facts = {"email_key": customer.email_key, "of_customer": customer.id}
        joined = await self._transaction.execute(JOIN, facts | {"at": at, "limit": limit})
        self._recounts.joined(customer.id)
        return joined.rowcount

    async def _one(self, query: Select[Any], parameters: dict[str, object]) -> Booking | None:
        row = (await self._transaction.execute(query, parameters)).one_or_none()
        return None if row is None else self._booking(row, row.lines)

    def _booking(self, row: Row[Any], lines: list[list[Any]] | None) -> Booking:
        booking = booking_from_row(row, lines)
        self._stored_quotes[booking.id] = booking.quote
        return booking


def _lines(booking: Booking) -> dict[str, object]:
    return {"booking_id": booking.id, "lines": line_records(booking.quote.lines)}
