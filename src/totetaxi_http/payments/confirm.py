"""The browser says it has paid."""

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar
from uuid import UUID

import attrs
from litestar import Request, post
from litestar.params import JSONBody

from totetaxi_core.payments.confirm_payment import confirm_payment
from totetaxi_core.staff.permission import Permission
from totetaxi_http.dependencies import ServiceState
from totetaxi_http.openapi import problems
from totetaxi_http.payments.payer import REFUSALS, SECURITY, payer_only, ports_of_payer
from totetaxi_http.schemas.booking import CONFIRMED, ETAG, BookingResponse, PaymentResponse, etag
from totetaxi_http.staff.guard import PERMISSION
from totetaxi_http.wire.constraints import Text
from totetaxi_http.wire.response import WireResponse


@attrs.frozen(kw_only=True)
class ConfirmBody:
    """Which payment of which booking."""

    EXAMPLE: ClassVar[Mapping[str, object]] = {
        "payment_intent_id": PaymentResponse.EXAMPLE["payment_intent_id"],
        "booking_id": BookingResponse.EXAMPLE["id"],
    }

    payment_intent_id: Annotated[str, Text(max_length=255, pattern="pi_[A-Za-z0-9_]+")]
    booking_id: UUID


@attrs.frozen(kw_only=True)
class ConfirmResponse:
    """The booking, paid."""

    EXAMPLE: ClassVar[Mapping[str, object]] = {
        "message": "Your booking is confirmed.",
        "booking": CONFIRMED,
    }

    message: str
    booking: BookingResponse


@post(
    "/confirm",
    status_code=200,
    guards=[payer_only],
    opt={"rate_limit": "booking", PERMISSION: Permission.EDIT_BOOKINGS},
    response_headers=(ETAG,),
    security=SECURITY,
    responses=problems(
        codes=(
            "invalid",
            "payment_declined",
            "intent_not_found",
            "payment_incomplete",
            "payment_unavailable",
            "payment_misconfigured",
            *REFUSALS,
        )
    ),
)
async def confirm(
    data: JSONBody[ConfirmBody],
    request: Request[Any, Any, Any],
    state: ServiceState,
) -> WireResponse[ConfirmResponse]:
    """Ask Stripe how the payment stands, and confirm the booking once it is paid.

    Needs the booking's `X-Manage-Token`, its owner's login, or that of staff who may edit bookings.
    402 after a decline: the same intent may be paid with another card.
    """
    what = "confirmed the payment"
    ports = await ports_of_payer(data.booking_id, request, state, what=what)
    booking = await confirm_payment(data.booking_id, data.payment_intent_id, ports, state.terms)
    body = ConfirmResponse(
        message="Your booking is confirmed.", booking=BookingResponse.from_booking(booking)
    )
    return WireResponse(body, headers=etag(booking))
