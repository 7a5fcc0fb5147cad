"""Bookings, as staff find them."""

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any, ClassVar
from uuid import UUID

import attrs
from litestar import Request, get

from totetaxi_core.bookings.booking_status import BookingStatus
from totetaxi_core.bookings.find_bookings import (
    BookingFilter,
    Search,
    find_bookings,
)
from totetaxi_core.catalog import ServiceType
from totetaxi_core.staff.permission import Permission
from totetaxi_http.dependencies import ServiceState
from totetaxi_http.openapi import problems
from totetaxi_http.schemas.booking import BookingResponse
from totetaxi_http.staff.guard import PERMISSION, REFUSALS, SECURITY, staff_caller
from totetaxi_http.wire.constraints import Text
from totetaxi_http.wire.page import USUAL, Cursor, PageSize, PlaceCursor, place_of, place_text
from totetaxi_http.wire.query import FromQueryClass, query_of


@attrs.frozen(kw_only=True)
class BookingsQuery:
    """Which bookings; the pickup days are both included."""

    EXAMPLE: ClassVar[Mapping[str, str]] = {"status": "confirmed", "search": "lovelace"}

    status: BookingStatus | None = None
    service_type: ServiceType | None = None
    date_from: date | None = attrs.field(
        default=None, metadata={"description": "First day of pickup."}
    )
    date_to: date | None = attrs.field(
        default=None, metadata={"description": "Last day of pickup."}
    )
    customer_id: UUID | None = attrs.field(
        default=None, metadata={"description": "In whose account they are."}
    )
    search: Annotated[str, Text(max_length=254)] | None = attrs.field(
        default=None,
        metadata={
            "description": "A booking's number, a telephone number, or how an e-mail address, a"
            " whole name or a last name begins; its case does not matter."
        },
    )
    page_size: PageSize = USUAL
    cursor: PlaceCursor | None = attrs.field(
        default=None, metadata={"description": "Only as `next` and `previous` have it."}
    )

    def to_filter(self) -> BookingFilter:
        return BookingFilter(
            status=self.status,
            service_type=self.service_type,
            pickup_from=self.date_from,
            pickup_to=self.date_to,
            customer_id=self.customer_id,
            search=None if self.search is None else Search.of(self.search),
        )


@attrs.frozen(kw_only=True)
class BookingsResponse:
    """Newest first; `next` leads to older ones, `previous` to newer ones."""

    EXAMPLE: ClassVar[Mapping[str, object]] = {
        "results": [BookingResponse.EXAMPLE],
        "next": "https://api.totetaxi.com/api/staff/bookings?cursor="
        "before-1795619520000000-0b9c4f6e3a574d1e9a645f8b2c7d1e90",
        "previous": None,
    }

    results: tuple[BookingResponse, ...]
    next: str | None
    previous: str | None


@get(
    "/bookings",
    opt={PERMISSION: Permission.READ_BOOKINGS},
    dependencies={"asked": query_of(BookingsQuery)},
    security=SECURITY,
    responses=problems(codes=("invalid", *REFUSALS)),
)
async def bookings(
    asked: FromQueryClass[BookingsQuery], request: Request[Any, Any, Any], state: ServiceState
) -> BookingsResponse:
    """List bookings, newest first, with whose they are."""
    cursor, url = Cursor.read(asked.cursor), state.terms.public_url
    async with staff_caller(request).ports.unit_of_work() as uow:
        page = await find_bookings(
            uow.booking_desk,
            asked.to_filter(),
            before=place_of(cursor.before),
            after=place_of(cursor.after),
            limit=asked.page_size,
        )
    return BookingsResponse(
        results=tuple(BookingResponse.from_booking(booking) for booking in page.entries),
        next=Cursor(before=place_text(page.oldest)).url(request, public_url=url),
        previous=Cursor(after=place_text(page.newest)).url(request, public_url=url),
    )
