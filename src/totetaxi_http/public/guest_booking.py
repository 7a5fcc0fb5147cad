"""Book without an account."""

from collections.abc import Mapping
from typing import Any, ClassVar, Literal, Self

import attrs
from litestar import Request, post
from litestar.openapi.datastructures import ResponseSpec
from litestar.openapi.spec import Example
from litestar.params import JSONBody

from totetaxi_core.bookings.book_as_guest import BookedAsGuest, book_as_guest
from totetaxi_http.dependencies import ServiceState
from totetaxi_http.idempotency import KEY, REPLAYED, REPLAYED_HEADER, idempotency_key
from totetaxi_http.openapi import problems
from totetaxi_http.schemas.booked_message import message_of
from totetaxi_http.schemas.booking import ETAG, BookingResponse, PaymentResponse, etag
from totetaxi_http.schemas.contradictions import with_rule_faults
from totetaxi_http.schemas.fault_names import faults_as_sent
from totetaxi_http.schemas.guest_booking import GuestBookingBody
from totetaxi_http.wire.response import WireResponse
from totetaxi_http.wire.schema import ExampleValue

ROUTE = "guest-booking"


@attrs.frozen(kw_only=True)
class GuestBookingResponse:
    """The booking and how to pay it.

    When the same cart was booked before, `manage_token` is null: it was mailed then; and names,
    `phone`, descriptions and instructions are left out; so is `payment` if it was booked in an
    account. `payment` is null too when there is nothing to pay, or `payment_error` says why it
    could not be started; ask again at `/api/payments/create-intent/`.
    """

    EXAMPLE: ClassVar[Mapping[str, object]] = {
        "message": "Your booking is kept until it is paid.",
        "booking": BookingResponse.EXAMPLE,
        "manage_token": "C5xPbjpXTR6aZF-LLH0ekA.mR4v0yWc2oB8Lq7sJx1kTg",
        "payment": PaymentResponse.EXAMPLE,
        "payment_error": None,
    }

    message: str
    booking: BookingResponse
    manage_token: str | None
    payment: PaymentResponse | None
    payment_error: Literal["payment_unavailable"] | None

    @classmethod
    def from_booked(cls, booked: BookedAsGuest) -> Self:
        intent, booking = booked.intent, BookingResponse.from_booking(booked.booking)
        return cls(
            message=message_of(booked),
            booking=booking.of_the_cart() if booked.is_repeat else booking,
            manage_token=booked.manage_token,
            payment=PaymentResponse.from_intent(intent) if intent else None,
            payment_error="payment_unavailable" if booked.payment_error else None,
        )


REPEAT: Mapping[str, object] = {
    **GuestBookingResponse.EXAMPLE,
    "message": "This is booked already and waits for its payment.",
    "booking": {
        **BookingResponse.EXAMPLE,
        "first_name": None,
        "last_name": None,
        "phone": None,
    },
    "manage_token": None,
}
"""The example, sent once more."""


@post(
    "/guest-booking",
    status_code=201,
    opt={"rate_limit": "booking", "headers": (KEY,)},
    response_headers=(ETAG, REPLAYED_HEADER),
    responses={
        200: ResponseSpec(
            GuestBookingResponse,
            description="The same cart, booked before",
            examples=[Example(value=ExampleValue(REPEAT))],
        ),
        **problems(
            codes=(
                "invalid",
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
                "database_unavailable",
            )
        ),
    },
)
async def guest_booking(
    data: JSONBody[GuestBookingBody],
    request: Request[Any, Any, Any],
    state: ServiceState,
) -> WireResponse[GuestBookingResponse]:
    """Book: the crew is held and the price fixed before any payment is begun.

    An `Idempotency-Key` header (1 to 255 characters) makes a repeated request answer with the same
    booking for 24 h, marked `Idempotency-Replayed: true`.
    """
    key = await idempotency_key(request, route=ROUTE, caller=data.email.lower())
    with with_rule_faults(data, state):
        order = data.to_order(idempotency_key=key)
    with faults_as_sent(data):
        booked = await book_as_guest(order, state.ports, state.terms)
    return WireResponse(
        GuestBookingResponse.from_booked(booked),
        status_code=200 if booked.is_repeat else 201,
        headers=etag(booked.booking) | (REPLAYED if booked.is_replay else {}),
    )
