"""Book into one's account, and list what is in it."""

from collections.abc import Mapping
from datetime import date
from typing import Any, ClassVar

import attrs
from litestar import Request, get, post
from litestar.openapi.datastructures import ResponseSpec
from litestar.openapi.spec import Example
from litestar.params import JSONBody

from totetaxi_core.bookings.account_choices import draw_on_account
from totetaxi_core.bookings.book import Booked, book
from totetaxi_core.bookings.booking_status import BookingStatus
from totetaxi_core.bookings.find_bookings import BookingFilter, find_bookings
from totetaxi_core.catalog import ServiceType
from totetaxi_http.customer.guard import REFUSALS, SECURITY, customer_caller
from totetaxi_http.dependencies import ServiceState
from totetaxi_http.idempotency import KEY, REPLAYED, REPLAYED_HEADER, idempotency_key
from totetaxi_http.openapi import problems
from totetaxi_http.schemas.booking import ETAG, BookingResponse, etag
from totetaxi_http.schemas.contradictions import with_rule_faults
from totetaxi_http.schemas.customer_booking import (
    REPEAT,
    CustomerBookingBody,
    CustomerBookingResponse,
)
from totetaxi_http.schemas.fault_names import faults_as_sent
from totetaxi_http.wire.page import USUAL, Cursor, PageSize, PlaceCursor, place_of, place_text
from totetaxi_http.wire.query import FromQueryClass, query_of
from totetaxi_http.wire.response import WireResponse
from totetaxi_http.wire.schema import ExampleValue

ROUTE = "customer-bookings"
BOOKING_REFUSALS = (
    "invalid",
    "outside_service_area",
    "discount_unavailable",
    "price_changed",
    "slot_unavailable",
    "duplicate_booking",
    "amount_too_small",
    "amount_needs_staff",
    "payment_under_way",
    "idempotency_in_progress",
    "idempotency_key_reused",
    "payment_unavailable",
    "payment_misconfigured",
    *REFUSALS,
)
"""What booking anything may answer."""
REPEATED = ResponseSpec(
    CustomerBookingResponse,
    description="The same cart, booked before",
    examples=[Example(value=ExampleValue(REPEAT))],
)


def booked_answer(booked: Booked) -> WireResponse[CustomerBookingResponse]:
    """Return the answer to whoever booked."""
    return WireResponse(
        CustomerBookingResponse.from_booked(booked),
        status_code=200 if booked.is_repeat else 201,
        headers=etag(booked.booking) | (REPLAYED if booked.is_replay else {}),
    )


@post(
    "/bookings",
    status_code=201,
    opt={"rate_limit": "booking", "headers": (KEY,)},
    security=SECURITY,
    response_headers=(ETAG, REPLAYED_HEADER),
    responses={
        200: REPEATED,
        **problems(codes=(*BOOKING_REFUSALS, "quote_mismatch", "quote_expired")),
    },
)
async def create_booking(
    data: JSONBody[CustomerBookingBody], request: Request[Any, Any, Any], state: ServiceState
) -> WireResponse[CustomerBookingResponse]:
    """Book into the account: the booking is stored before a card is charged.

    It stands although the card is declined: `payment_error` tells that, and `payment` takes another
    card. An `Idempotency-Key` header (1 to 255 characters) makes a repeated request answer with the
    same booking for 24 h, marked `Idempotency-Replayed: true`.
    """
    customer = customer_caller(request).customer
    key = await idempotency_key(request, route=ROUTE, caller=f"customer:{customer.id}")
    with with_rule_faults(data, state):
        drawn = await draw_on_account(customer, data.choices, state.ports, idempotency_key=key)
        order = data.to_order(customer, drawn, idempotency_key=key)
    with faults_as_sent(data):
        booked = await book(order, state.ports, state.terms)
    return booked_answer(booked)


@attrs.frozen(kw_only=True)
class OwnBookingsQuery:
    """Which bookings; the pickup days are both included."""

    EXAMPLE: ClassVar[Mapping[str, str]] = {"status": "confirmed", "pickup_from": "2026-12-01"}

    status: BookingStatus | None = None
    service_type: ServiceType | None = None
    pickup_from: date | None = attrs.field(
        default=None, metadata={"description": "First day of pickup."}
    )
    pickup_to: date | None = attrs.field(
        default=None, metadata={"description": "Last day of pickup."}
    )
    page_size: PageSize = USUAL
    cursor: PlaceCursor | None = attrs.field(
        default=None, metadata={"description": "Only as `next` and `previous` have it."}
    )


@attrs.frozen(kw_only=True)
class OwnBookingsResponse:
    """Newest first; `next` leads to older ones, `previous` to newer ones."""

    EXAMPLE: ClassVar[Mapping[str, object]] = {
        "results": [BookingResponse.EXAMPLE],
        "next": "https://api.totetaxi.com/api/customer/bookings?cursor="
        "before-1795619520000000-0b9c4f6e3a574d1e9a645f8b2c7d1e90",
        "previous": None,
    }

    results: tuple[BookingResponse, ...]
    next: str | None
    previous: str | None


@get(
    "/bookings",
    dependencies={"asked": query_of(OwnBookingsQuery)},
    security=SECURITY,
    responses=problems(codes=("invalid", *REFUSALS)),
)
async def own_bookings(
    asked: FromQueryClass[OwnBookingsQuery], request: Request[Any, Any, Any], state: ServiceState
) -> OwnBookingsResponse:
    """List the account's bookings, newest first."""
    cursor, url = Cursor.read(asked.cursor), state.terms.public_url
    wanted = BookingFilter(
        status=asked.status,
        service_type=asked.service_type,
        pickup_from=asked.pickup_from,
        pickup_to=asked.pickup_to,
        customer_id=customer_caller(request).customer.id,
    )
    async with state.ports.unit_of_work() as uow:
        page = await find_bookings(
            uow.booking_desk,
            wanted,
            before=place_of(cursor.before),
            after=place_of(cursor.after),
            limit=asked.page_size,
        )
    return OwnBookingsResponse(
        results=tuple(BookingResponse.from_booking(booking) for booking in page.entries),
        next=Cursor(before=place_text(page.oldest)).url(request, public_url=url),
        previous=Cursor(after=place_text(page.newest)).url(request, public_url=url),
    )
