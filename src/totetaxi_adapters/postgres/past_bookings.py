"""Past bookings as a rehearsal reads them: in parts, each streamed by a server-side cursor."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any, Final

from sqlalchemy import Connection, Row, func, select

from totetaxi_adapters.postgres.booking_rows import quote_from_row
from totetaxi_adapters.postgres.bookings import LINES, STANDING
from totetaxi_adapters.postgres.tables import bookings, price_books
from totetaxi_core.bookings.booking_status import BookingStatus
from totetaxi_core.price_book import PriceBook
from totetaxi_core.rehearsal.reprice_past import BookOf, PastBooking

ROWS_AT_ONCE: Final = 1_000
COLUMNS: Final = (
    bookings.c.booking_number,
    bookings.c.service_type,
    bookings.c.pickup_date,
    bookings.c.pickup_time,
    bookings.c.estimated_hours,
    bookings.c.price_book_version,
    bookings.c.total_cents,
    bookings.c.pricing_fields,
    bookings.c.created_at,
)
KEPT: Final = (STANDING, bookings.c.status != BookingStatus.CANCELLED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """The pickup dates of a part, both included, and how many bookings that is."""

    first_on: date
    last_on: date
    bookings: int


def parts_between(
    connection: Connection, first_on: date, last_on: date, *, least: int
) -> tuple[Part, ...]:
    """Cut the days into parts of at least so many bookings, the last one's apart."""
    query = (
        select(bookings.c.pickup_date, func.count())
        .where(bookings.c.pickup_date.between(first_on, last_on), *KEPT)
        .group_by(bookings.c.pickup_date)
        .order_by(bookings.c.pickup_date)
    )
    parts: list[Part] = []
    for on, count in connection.execute(query):
        if parts and parts[-1].bookings < least:
            grown = parts.pop()
            parts.append(Part(first_on=grown.first_on, last_on=on, bookings=grown.bookings + count))
        else:
            parts.append(Part(first_on=on, last_on=on, bookings=count))
    return tuple(parts)


def read_part(connection: Connection, part: Part) -> Iterator[PastBooking]:
    """Yield the bookings of a part that were not cancelled, in no order, streamed."""
    query = select(*COLUMNS, LINES).where(
        bookings.c.pickup_date.between(part.first_on, part.last_on), *KEPT
    )
    rows: Iterable[Row[Any]] = connection.execution_options(yield_per=ROWS_AT_ONCE).execute(query)
    for row in rows:
        yield PastBooking(
            booking_number=row.booking_number,
            quote=quote_from_row(row, row.lines),
            created_at=row.created_at,
        )


def stored_books(connection: Connection) -> BookOf:
    """Return a function that reads a version, each once."""

    @cache
    def book_of(version: int) -> PriceBook:
        query = select(price_books.c.document).where(price_books.c.version == version)
        return PriceBook.from_document(connection.execute(query).scalar_one(), version=version)

    return book_of
