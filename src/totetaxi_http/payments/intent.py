"""Start, or start again, the payment of a booking."""

from collections.abc import Mapping
from typing import Any, ClassVar
from uuid import UUID

import attrs
from litestar import Request, post
from litestar.params import JSONBody

from totetaxi_core.payments.open_intent import open_intent
from totetaxi_core.staff.permission import Permission
from totetaxi_http.dependencies import ServiceState
from totetaxi_http.openapi import problems
from totetaxi_http.payments.payer import REFUSALS, SECURITY, payer_only, ports_of_payer
from totetaxi_http.schemas.booking import BookingResponse, PaymentResponse
from totetaxi_http.staff.guard import PERMISSION
from totetaxi_http.wire.contact import EmailAddress


@attrs.frozen(kw_only=True)
class CreateIntentBody:
    """`customer_email` gets Stripe's receipt in place of the booking's own address."""

    EXAMPLE: ClassVar[Mapping[str, object]] = {
        "booking_id": BookingResponse.EXAMPLE["id"],
        "customer_email": "ada@example.com",
    }

    booking_id: UUID
    customer_email: EmailAddress | None = None


@post(
    "/create-intent",
    status_code=200,
    guards=[payer_only],
    opt={"rate_limit": "booking", PERMISSION: Permission.EDIT_BOOKINGS},
    security=SECURITY,
    responses=problems(
        codes=(
            "invalid",
            "invalid_transition",
            "payment_under_way",
            "payment_unavailable",
            "payment_misconfigured",
            *REFUSALS,
        )
    ),
)
async def create_intent(
    data: JSONBody[CreateIntentBody],
    request: Request[Any, Any, Any],
    state: ServiceState,
) -> PaymentResponse:
    """Return the booking's live payment intent, made if there is none.

    Needs the booking's `X-Manage-Token`, its owner's login, or that of staff who may edit bookings.
    However often it is called, there is one live intent.
    """
    what = "began the payment"
    ports = await ports_of_payer(data.booking_id, request, state, what=what)
    intent = await open_intent(
        data.booking_id, ports, state.terms, receipt_email=data.customer_email
    )
    return PaymentResponse.from_intent(intent)
