"""One booking of one's account: look at it, cancel it, book the same again."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from uuid import UUID

from litestar import Request, get, post
from litestar.params import FromPath, JSONBody

from totetaxi_core.bookings.account_choices import draw_on_account
from totetaxi_core.bookings.book import book
from totetaxi_core.bookings.booking import Booking
from totetaxi_core.bookings.cancel_booking import (
    Cancelling,
    cancel_booking,
    preview_cancellation,
)
from totetaxi_core.bookings.owner import booking_of_customer
from totetaxi_core.bookings.rebook import order_again
from totetaxi_core.bookings.show_own_booking import show_own_booking
from totetaxi_http.customer.bookings import BOOKING_REFUSALS, REPEATED, booked_answer
from totetaxi_http.customer.guard import REFUSALS, SECURITY, customer_caller
from totetaxi_http.dependencies import ServiceState
from totetaxi_http.idempotency import KEY, REPLAYED, REPLAYED_HEADER, idempotency_key
from totetaxi_http.openapi import problems
from totetaxi_http.public.manage_cancellation import ROUTE
from totetaxi_http.schemas.booking import ETAG, BookingResponse, etag
from totetaxi_http.schemas.cancellation import (
    CancellationBody,
    CancellationOfferResponse,
    CancellationResponse,
)
from totetaxi_http.schemas.contradictions import with_rule_faults
from totetaxi_http.schemas.customer_booking import CustomerBookingResponse, RebookBody
from totetaxi_http.schemas.fault_names import faults_as_sent
from totetaxi_http.schemas.own_booking import OwnBookingResponse
from totetaxi_http.wire.response import WireResponse

BOOKING_ID = {"booking_id": BookingResponse.EXAMPLE["id"]}
PATH = "/bookings/{booking_id:uuid}"


@get(
    PATH,
    opt={"path_examples": BOOKING_ID},
    security=SECURITY,
    response_headers=(ETAG,),
    responses=problems(codes=("booking_not_found", *REFUSALS)),
)
async def own_booking(
    booking_id: FromPath[UUID], request: Request[Any, Any, Any], state: ServiceState
) -> WireResponse[OwnBookingResponse]:
    """Show a booking of the account, its payments and refunds, and the terms to cancel it."""
    own = await show_own_booking(booking_id, customer_caller(request).customer.id, state.ports)
    told = OwnBookingResponse.from_own(own, public_url=state.terms.public_url)
    return WireResponse(told, headers=etag(own.booking))


@get(
    f"{PATH}/cancellation",
    opt={"path_examples": BOOKING_ID},
    security=SECURITY,
    responses=problems(codes=("booking_not_found", "invalid_transition", *REFUSALS)),
)
async def own_cancellation_preview(
    booking_id: FromPath[UUID], request: Request[Any, Any, Any], state: ServiceState
) -> CancellationOfferResponse:
    """Tell what comes back if the booking is cancelled now."""
    offer = await preview_cancellation(_cancelling(booking_id, request), state.ports)
    return CancellationOfferResponse.from_offer(offer)


@post(
    f"{PATH}/cancellation",
    status_code=200,
    opt={"rate_limit": "booking", "headers": (KEY,), "path_examples": BOOKING_ID},
    security=SECURITY,
    response_headers=(ETAG, REPLAYED_HEADER),
    responses=problems(
        codes=(
            "invalid",
            "booking_not_found",
            "invalid_transition",
            "refund_changed",
            "payment_under_way",
            "idempotency_key_reused",
            "payment_unavailable",
            "payment_misconfigured",
            *REFUSALS,
        )
    ),
)
async def own_cancellation(
    booking_id: FromPath[UUID],
    data: JSONBody[CancellationBody],
    request: Request[Any, Any, Any],
    state: ServiceState,
) -> WireResponse[CancellationResponse]:
    """Cancel the booking, for exactly the refund that was shown.

    409 `refund_changed` has the present offer as `cancellation`, and changes nothing. An
    `Idempotency-Key` header (1 to 255 characters) makes a repeated request answer as the first did
    for 24 h, marked `Idempotency-Replayed: true`.
    """
    # A booking is cancelled once, whoever of its owners asks: the scope is that of its token's.
    key = await idempotency_key(request, route=ROUTE, caller=str(booking_id))
    cancelled = await cancel_booking(
        replace(_cancelling(booking_id, request), idempotency_key=key),
        state.ports,
        state.terms,
        expected_refund_cents=data.expected_refund_cents,
    )
    booking = cancelled.booking
    body = CancellationResponse(
        message="Your booking is cancelled.", booking=BookingResponse.from_booking(booking)
    )
    return WireResponse(body, headers=etag(booking) | (REPLAYED if cancelled.is_replay else {}))


@post(
    f"{PATH}/rebook",
    status_code=201,
    opt={"rate_limit": "booking", "headers": (KEY,), "path_examples": BOOKING_ID},
    security=SECURITY,
    response_headers=(ETAG, REPLAYED_HEADER),
    responses={200: REPEATED, **problems(codes=("booking_not_found", *BOOKING_REFUSALS))},
)
async def rebook(
    booking_id: FromPath[UUID],
    data: JSONBody[RebookBody],
    request: Request[Any, Any, Any],
    state: ServiceState,
) -> WireResponse[CustomerBookingResponse]:
    """Book the same things again, from door to door as before, at today's prices.

    What we do not offer any more is refused by the name it has in a booking's body. An
    `Idempotency-Key` header (1 to 255 characters) makes a repeated request answer with the same
    booking for 24 h, marked `Idempotency-Replayed: true`.
    """
    customer, ports = customer_caller(request).customer, state.ports
    async with ports.unit_of_work() as uow:
        old = await booking_of_customer(booking_id, customer.id, uow)
    route = f"rebook:{booking_id}"
    key = await idempotency_key(request, route=route, caller=f"customer:{customer.id}")
    with with_rule_faults(data, state):
        drawn = await draw_on_account(customer, data.choices, ports, idempotency_key=key)
        rebooking = data.to_rebooking(drawn, idempotency_key=key)
    with faults_as_sent(_addresses(old)):
        booked = await book(order_again(old, rebooking), ports, state.terms)
    return booked_answer(booked)


def _addresses(old: Booking) -> Mapping[str, object]:
    """Return the ends as a booking's body has them, for the names of their faults."""
    return {"pickup_address": old.pickup_address, "delivery_address": old.delivery_address}


def _cancelling(booking_id: UUID, request: Request[Any, Any, Any]) -> Cancelling:
    return Cancelling(booking_id=booking_id, customer_id=customer_caller(request).customer.id)
