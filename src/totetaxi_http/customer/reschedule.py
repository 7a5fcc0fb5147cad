"""Move a booking of one's account to another date and time: first what it costs, then the act."""

from typing import Any, Final
from uuid import UUID

from litestar import Request, get, post
from litestar.params import FromPath, JSONBody

from totetaxi_core.bookings.reschedule_booking import (
    Rescheduled,
    preview_reschedule,
    reschedule_booking,
)
from totetaxi_core.bookings.rescheduling import Rescheduling
from totetaxi_http.customer.guard import REFUSALS, SECURITY, customer_caller
from totetaxi_http.dependencies import ServiceState
from totetaxi_http.idempotency import KEY, REPLAYED, REPLAYED_HEADER, idempotency_key
from totetaxi_http.openapi import problems
from totetaxi_http.schemas.booking import ETAG, BookingResponse, etag
from totetaxi_http.schemas.reschedule import (
    OwnRescheduleBody,
    RescheduleOfferResponse,
    RescheduleQuery,
    RescheduleResponse,
)
from totetaxi_http.wire.query import FromQueryClass, query_of
from totetaxi_http.wire.response import WireResponse

ROUTE: Final = "reschedule"
PATH: Final = "/bookings/{booking_id:uuid}/reschedule"
BOOKING_ID: Final = {"booking_id": BookingResponse.EXAMPLE["id"]}
PREVIEW_REFUSALS: Final = ("invalid", "outside_service_area", "booking_not_found")
PREVIEW_CODES: Final = (*PREVIEW_REFUSALS, "invalid_transition")
"""What looking at it may answer."""
CODES: Final = (
    *PREVIEW_CODES,
    "price_changed",
    "slot_unavailable",
    "amount_too_small",
    "amount_needs_staff",
    "payment_under_way",
    "charge_not_posted",
    "idempotency_key_reused",
    "payment_unavailable",
    "payment_misconfigured",
)
"""What the act may answer."""


def rescheduled_answer(done: Rescheduled) -> WireResponse[RescheduleResponse]:
    """Return the answer to whoever asked."""
    return WireResponse(
        RescheduleResponse.from_rescheduled(done),
        headers=etag(done.booking) | (REPLAYED if done.is_replay else {}),
    )


@get(
    PATH,
    dependencies={"asked": query_of(RescheduleQuery)},
    opt={"path_examples": BOOKING_ID},
    security=SECURITY,
    responses=problems(codes=(*PREVIEW_CODES, *REFUSALS)),
)
async def own_reschedule_preview(
    booking_id: FromPath[UUID],
    asked: FromQueryClass[RescheduleQuery],
    request: Request[Any, Any, Any],
    state: ServiceState,
) -> RescheduleOfferResponse:
    """Tell what the booking costs at another date and time, and what is charged or comes back."""
    rescheduling = Rescheduling(
        booking_id=booking_id,
        pickup_date=asked.pickup_date,
        pickup_time=asked.pickup_time,
        customer_id=customer_caller(request).customer.id,
    )
    offer = await preview_reschedule(rescheduling, state.ports, state.terms)
    return RescheduleOfferResponse.from_offer(offer)


@post(
    PATH,
    status_code=200,
    opt={"rate_limit": "booking", "headers": (KEY,), "path_examples": BOOKING_ID},
    security=SECURITY,
    response_headers=(ETAG, REPLAYED_HEADER),
    responses=problems(codes=(*CODES, "payment_method_not_found", *REFUSALS)),
)
async def own_reschedule(
    booking_id: FromPath[UUID],
    data: JSONBody[OwnRescheduleBody],
    request: Request[Any, Any, Any],
    state: ServiceState,
) -> WireResponse[RescheduleResponse]:
    """Move the booking, for exactly the total that was shown.

    What gets cheaper moves at once, and the difference goes back. What gets dearer holds both times
    for 30 minutes and moves when the difference is paid. 409 `price_changed` has the present price,
    and changes nothing. An `Idempotency-Key` header (1 to 255 characters) makes a repeated request
    answer as the first did for 24 h, marked `Idempotency-Replayed: true`.
    """
    key = await idempotency_key(request, route=ROUTE, caller=str(booking_id))
    rescheduling = Rescheduling(
        booking_id=booking_id,
        pickup_date=data.pickup_date,
        pickup_time=data.pickup_time,
        customer_id=customer_caller(request).customer.id,
        payment_method_id=data.payment_method_id,
        idempotency_key=key,
    )
    done = await reschedule_booking(
        rescheduling, state.ports, state.terms, expected_total_cents=data.expected_total_cents
    )
    return rescheduled_answer(done)
