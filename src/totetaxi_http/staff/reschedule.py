"""Staff move a booking to another date and time; who did it goes on record."""

from typing import Any
from uuid import UUID

from litestar import Request, get, post
from litestar.params import FromPath, JSONBody

from totetaxi_core.bookings.reschedule_booking import preview_reschedule, reschedule_booking
from totetaxi_core.bookings.rescheduling import Rescheduling
from totetaxi_core.staff.permission import Permission
from totetaxi_http.customer.reschedule import (
    CODES,
    PATH,
    PREVIEW_CODES,
    ROUTE,
    rescheduled_answer,
)
from totetaxi_http.dependencies import ServiceState
from totetaxi_http.idempotency import KEY, REPLAYED_HEADER, idempotency_key
from totetaxi_http.if_match import IF_MATCH, seen_versions
from totetaxi_http.openapi import problems
from totetaxi_http.schemas.booking import ETAG
from totetaxi_http.schemas.reschedule import (
    RescheduleOfferResponse,
    RescheduleQuery,
    RescheduleResponse,
    StaffRescheduleBody,
)
from totetaxi_http.staff.booking import BOOKING_ID
from totetaxi_http.staff.guard import PERMISSION, REFUSALS, SECURITY, staff_caller
from totetaxi_http.wire.query import FromQueryClass, query_of
from totetaxi_http.wire.response import WireResponse


@get(
    PATH,
    dependencies={"asked": query_of(RescheduleQuery)},
    opt={PERMISSION: Permission.EDIT_BOOKINGS, "path_examples": BOOKING_ID},
    security=SECURITY,
    responses=problems(codes=(*REFUSALS, *PREVIEW_CODES)),
)
async def reschedule_preview(
    booking_id: FromPath[UUID],
    asked: FromQueryClass[RescheduleQuery],
    request: Request[Any, Any, Any],
    state: ServiceState,
) -> RescheduleOfferResponse:
    """Tell what a booking costs at another date and time, and what is charged or goes back.

    `refusal_codes` are a customer's: most of them an `override_reason` lifts.
    """
    rescheduling = Rescheduling(
        booking_id=booking_id, pickup_date=asked.pickup_date, pickup_time=asked.pickup_time
    )
    offer = await preview_reschedule(rescheduling, staff_caller(request).ports, state.terms)
    return RescheduleOfferResponse.from_offer(offer)


@post(
    PATH,
    status_code=200,
    opt={
        PERMISSION: Permission.EDIT_BOOKINGS,
        "rate_limit": "booking",
        "headers": (KEY, IF_MATCH),
        "path_examples": BOOKING_ID,
    },
    response_headers=(ETAG, REPLAYED_HEADER),
    security=SECURITY,
    responses=problems(codes=(*REFUSALS, *CODES, "stale_version")),
)
async def reschedule(
    booking_id: FromPath[UUID],
    data: JSONBody[StaffRescheduleBody],
    request: Request[Any, Any, Any],
    state: ServiceState,
) -> WireResponse[RescheduleResponse]:
    """Move a booking, for exactly the total that was shown.

    What gets dearer holds both times for 24 hours, and the customer is mailed a link to pay the
    difference. An `Idempotency-Key` header (1 to 255 characters) makes a repeated request answer as
    the first did for 24 h, marked `Idempotency-Replayed: true`.
    """
    caller = staff_caller(request)
    key = await idempotency_key(request, route=f"staff-{ROUTE}", caller=str(booking_id))
    rescheduling = Rescheduling(
        booking_id=booking_id,
        pickup_date=data.pickup_date,
        pickup_time=data.pickup_time,
        staff_name=caller.account.username,
        override=data.override,
        seen_versions=seen_versions(request),
        idempotency_key=key,
    )
    done = await reschedule_booking(
        rescheduling, caller.ports, state.terms, expected_total_cents=data.expected_total_cents
    )
    return rescheduled_answer(done)
