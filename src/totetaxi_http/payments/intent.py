"""Start, or start again, the payment of a booking."""

from collections.abc import Mapping
from typing import Any, ClassVar
from uuid import UUID

import attrs
from litestar import Request, post
from litestar.params import JSONBody

from totetaxi_core.payments.open_intent import open_intent
from totetaxi_http.dependencies import ServiceState
from totetaxi_http.manage_token import SECURITY, manage_token_of
from totetaxi_http.openapi import problems
from totetaxi_http.schemas.booking import BookingResponse, PaymentResponse
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
    opt={"rate_limit": "booking"},
    security=SECURITY,
    responses=problems(
        codes=(
            "invalid",
            "invalid_manage_token",
            "booking_not_found",
            "invalid_transition",
            "payment_under_way",
            "payment_unavailable",
            "payment_misconfigured",
            "database_unavailable",
        )
    ),
)
async def create_intent(
    data: JSONBody[CreateIntentBody],
    request: Request[Any, Any, Any],
    state: ServiceState,
) -> PaymentResponse:
    """Return the booking's live payment intent, made if there is none.

    Needs the booking's `X-Manage-Token`. However often it is called, there is one live intent.
    """
    state.terms.manage_tokens.check(manage_token_of(request), data.booking_id)
    intent = await open_intent(
        data.booking_id, state.ports, state.terms, receipt_email=data.customer_email
    )
    return PaymentResponse.from_intent(intent)
