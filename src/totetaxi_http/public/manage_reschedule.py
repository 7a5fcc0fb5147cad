"""A guest moves their own booking, by manage token: first what it costs, then the act."""

from typing import Any
from uuid import UUID

from litestar import Request, get, post
from litestar.params import JSONBody

from totetaxi_core.bookings.reschedule_booking import preview_reschedule, reschedule_booking
from totetaxi_core.bookings.rescheduling import Rescheduling
from totetaxi_http.customer.reschedule import CODES, PREVIEW_CODES, ROUTE, rescheduled_answer
from totetaxi_http.dependencies import ServiceState
from totetaxi_http.idempotency import KEY, REPLAYED_HEADER, idempotency_key
from totetaxi_http.manage_token import SECURITY, manage_token_of
from totetaxi_http.openapi import problems
from totetaxi_http.schemas.booking import ETAG
from totetaxi_http.schemas.reschedule import (
    RescheduleBody,
    RescheduleOfferResponse,
    RescheduleQuery,
    RescheduleResponse,
)
from totetaxi_http.wire.query import FromQueryClass, query_of
from totetaxi_http.wire.response import WireResponse

REFUSALS = ("invalid_manage_token", "database_unavailable")


@get(
    "/manage/reschedule",
    dependencies={"asked": query_of(RescheduleQuery)},
    opt={"rate_limit": "lookup"},
    security=SECURITY,
    responses=problems(codes=(*REFUSALS, *PREVIEW_CODES)),
)
async def reschedule_preview(
    asked: FromQueryClass[RescheduleQuery], request: Request[Any, Any, Any], state: ServiceState
) -> RescheduleOfferResponse:
    """Tell what the booking of the `X-Manage-Token` costs at another date and time."""
    rescheduling = Rescheduling(
        booking_id=_booking_id(request, state),
        pickup_date=asked.pickup_date,
        pickup_time=asked.pickup_time,
    )
    offer = await preview_reschedule(rescheduling, state.ports, state.terms)
    return RescheduleOfferResponse.from_offer(offer)


@post(
    "/manage/reschedule",
    status_code=200,
    opt={"rate_limit": "booking", "headers": (KEY,)},
    response_headers=(ETAG, REPLAYED_HEADER),
    security=SECURITY,
    responses=problems(codes=(*REFUSALS, *CODES)),
)
async def reschedule(
    data: JSONBody[RescheduleBody], request: Request[Any, Any, Any], state: ServiceState
) -> WireResponse[RescheduleResponse]:
    """Move the booking of the `X-Manage-Token`, for exactly the total that was shown.

    What gets cheaper moves at once, and the difference goes back. What gets dearer holds both times
    for 30 minutes and moves when the difference is paid. An `Idempotency-Key` header (1 to 255
    characters) makes a repeated request answer as the first did for 24 h, marked
    `Idempotency-Replayed: true`.
    """
    booking_id = _booking_id(request, state)
    key = await idempotency_key(request, route=ROUTE, caller=str(booking_id))
    rescheduling = Rescheduling(
        booking_id=booking_id,
        pickup_date=data.pickup_date,
        pickup_time=data.pickup_time,
        idempotency_key=key,
    )
    done = await reschedule_booking(
        rescheduling, state.ports, state.terms, expected_total_cents=data.expected_total_cents
    )
    return rescheduled_answer(done)


def _booking_id(request: Request[Any, Any, Any], state: ServiceState) -> UUID:
    return state.terms.manage_tokens.booking_id(manage_token_of(request) or "")
