"""Staff book for a guest, or into a customer's account."""

from collections.abc import Mapping
from typing import Any, Final

from litestar import Request, post
from litestar.openapi.datastructures import ResponseSpec
from litestar.openapi.spec import Example
from litestar.params import JSONBody

from totetaxi_core.bookings.book_by_staff import book_by_staff, contact_of_account
from totetaxi_core.staff.permission import Permission
from totetaxi_http.dependencies import ServiceState
from totetaxi_http.idempotency import KEY, REPLAYED, REPLAYED_HEADER, idempotency_key
from totetaxi_http.openapi import problems
from totetaxi_http.schemas.booking import ETAG, etag
from totetaxi_http.schemas.contradictions import with_rule_faults
from totetaxi_http.schemas.staff_booking import (
    StaffBookingBody,
    StaffBookingResponse,
    staff_faults_as_sent,
)
from totetaxi_http.staff.guard import PERMISSION, REFUSALS, SECURITY, staff_caller
from totetaxi_http.wire.response import WireResponse
from totetaxi_http.wire.schema import ExampleValue

ROUTE: Final = "staff-booking"
REPEAT: Final[Mapping[str, object]] = {
    **StaffBookingResponse.EXAMPLE,
    "message": "This is booked already and waits for its payment.",
}
"""The example, sent once more."""


@post(
    "/bookings",
    status_code=201,
    opt={
        PERMISSION: Permission.CREATE_BOOKINGS,
        "rate_limit": "booking",
        "headers": (KEY,),
    },
    response_headers=(ETAG, REPLAYED_HEADER),
    security=SECURITY,
    responses={
        200: ResponseSpec(
            StaffBookingResponse,
            description="The same cart, booked before",
            examples=[Example(value=ExampleValue(REPEAT))],
        ),
        **problems(
            codes=(
                "invalid",
                *REFUSALS,
                "customer_not_found",
                "outside_service_area",
                "discount_unavailable",
                "quote_mismatch",
                "quote_expired",
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
            )
        ),
    },
)
async def booking_create(
    data: JSONBody[StaffBookingBody], request: Request[Any, Any, Any], state: ServiceState
) -> WireResponse[StaffBookingResponse]:
    """Book on behalf of a guest or a customer: the crew is held for 24 hours.

    An `Idempotency-Key` header (1 to 255 characters) makes a repeated request of the same member
    of staff answer with the same booking for 24 h, marked `Idempotency-Replayed: true`.
    """
    caller = staff_caller(request)
    owner = f"staff:{caller.account.id}"
    key = await idempotency_key(request, route=ROUTE, caller=owner)
    customer_id = data.customer_id
    with with_rule_faults(data, state):
        contact = None
        if customer_id is not None:
            contact = await contact_of_account(customer_id, caller.ports)
        order = data.to_order(contact, placed_by=caller.account.username, idempotency_key=key)
    with staff_faults_as_sent(data):
        booked = await book_by_staff(order, caller.ports, state.terms)
    return WireResponse(
        StaffBookingResponse.from_booked(booked),
        status_code=200 if booked.is_repeat else 201,
        headers=etag(booked.booking) | (REPLAYED if booked.is_replay else {}),
    )
