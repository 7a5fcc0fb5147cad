"""A guest cancels their own booking, by manage token: first what comes back, then the act."""

from dataclasses import replace
from typing import Any

from litestar import Request, get, post
from litestar.params import JSONBody

from totetaxi_core.bookings.cancel_booking import (
    Cancelling,
    cancel_booking,
    preview_cancellation,
)
from totetaxi_http.dependencies import ServiceState
from totetaxi_http.idempotency import REPLAYED, idempotency_key
from totetaxi_http.manage_token import SECURITY, manage_token_of
from totetaxi_http.openapi import problems
from totetaxi_http.schemas.booking import ETAG, BookingResponse, etag
from totetaxi_http.schemas.cancellation import (
    CancellationBody,
    CancellationOfferResponse,
    CancellationResponse,
)
from totetaxi_http.wire.response import WireResponse

ROUTE = "cancellation"


@get(
    "/manage/cancellation",
    opt={"rate_limit": "lookup"},
    security=SECURITY,
    responses=problems(
        codes=(
            "invalid_manage_token",
            "booking_not_found",
            "invalid_transition",
            "database_unavailable",
        )
    ),
)
async def cancellation_preview(
    request: Request[Any, Any, Any], state: ServiceState
) -> CancellationOfferResponse:
    """Tell what comes back if the booking of the `X-Manage-Token` is cancelled now."""
    offer = await preview_cancellation(_cancelling(request, state), state.ports)
    return CancellationOfferResponse.from_offer(offer)


@post(
    "/manage/cancellation",
    status_code=200,
    opt={"rate_limit": "booking"},
    response_headers=(ETAG,),
    security=SECURITY,
    responses=problems(
        codes=(
            "invalid",
            "invalid_manage_token",
            "booking_not_found",
            "invalid_transition",
            "refund_changed",
            "payment_under_way",
            "idempotency_key_reused",
            "payment_unavailable",
            "payment_misconfigured",
            "database_unavailable",
        )
    ),
)
async def cancellation(
    data: JSONBody[CancellationBody],
    request: Request[Any, Any, Any],
    state: ServiceState,
) -> WireResponse[CancellationResponse]:
    """Cancel the booking of the `X-Manage-Token`, for exactly the refund that was shown.

    409 `refund_changed` has the present offer as `cancellation`, and changes nothing. An
    `Idempotency-Key` header (1 to 255 characters) makes a repeated request answer as the first did
    for 24 h, marked `Idempotency-Replayed: true`.
    """
    cancelling = _cancelling(request, state)
    caller = str(cancelling.booking_id)
    key = await idempotency_key(request, route=ROUTE, caller=caller)
    cancelled = await cancel_booking(
        replace(cancelling, idempotency_key=key),
        state.ports,
        state.terms,
        expected_refund_cents=data.expected_refund_cents,
    )
    booking = cancelled.booking
    body = CancellationResponse(
        message="Your booking is cancelled.", booking=BookingResponse.from_booking(booking)
    )
    return WireResponse(body, headers=etag(booking) | (REPLAYED if cancelled.is_replay else {}))


def _cancelling(request: Request[Any, Any, Any], state: ServiceState) -> Cancelling:
    token = manage_token_of(request) or ""
    return Cancelling(booking_id=state.terms.manage_tokens.booking_id(token))
