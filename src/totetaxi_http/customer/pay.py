"""Pay a booking with a saved card."""

from collections.abc import Mapping
from typing import Any, ClassVar
from uuid import UUID

import attrs
from litestar import Request, post
from litestar.params import FromPath, JSONBody

from totetaxi_core.bookings.booking_status import BookingStatus
from totetaxi_core.bookings.owner import booking_of_customer
from totetaxi_core.payments.gateway import IntentStatus
from totetaxi_core.payments.pay_with_card import pay_with_card
from totetaxi_http.customer.guard import REFUSALS, SECURITY, customer_caller
from totetaxi_http.dependencies import ServiceState
from totetaxi_http.openapi import problems
from totetaxi_http.schemas.booking import BookingResponse, PaymentResponse
from totetaxi_http.schemas.payment_method import PaymentMethodResponse

PAY_REFUSALS = (
    "invalid",
    *REFUSALS,
    "booking_not_found",
    "payment_method_not_found",
    "intent_not_found",
    "payment_declined",
    "invalid_transition",
    "payment_under_way",
    "payment_incomplete",
    "payment_unavailable",
    "payment_misconfigured",
)


@attrs.frozen(kw_only=True)
class PayBody:
    """Which of your saved cards."""

    EXAMPLE: ClassVar[Mapping[str, object]] = {
        "payment_method_id": PaymentMethodResponse.EXAMPLE["id"]
    }

    payment_method_id: UUID


@attrs.frozen(kw_only=True)
class PaidResponse:
    """`client_secret` is there only for `requires_action`: the payer's browser needs it then."""

    EXAMPLE: ClassVar[Mapping[str, object]] = {
        "booking_id": BookingResponse.EXAMPLE["id"],
        "booking_status": "confirmed",
        "payment_intent_id": PaymentResponse.EXAMPLE["payment_intent_id"],
        "status": "succeeded",
        "client_secret": None,
    }

    booking_id: UUID
    booking_status: BookingStatus
    payment_intent_id: str
    status: IntentStatus
    client_secret: str | None


@post(
    "/bookings/{booking_id:uuid}/pay",
    status_code=200,
    opt={
        "rate_limit": "booking",
        "path_examples": {"booking_id": BookingResponse.EXAMPLE["id"]},
    },
    security=SECURITY,
    responses=problems(codes=PAY_REFUSALS),
)
async def pay_booking(
    booking_id: FromPath[UUID],
    data: JSONBody[PayBody],
    request: Request[Any, Any, Any],
    state: ServiceState,
) -> PaidResponse:
    """Charge one of your saved cards for your booking.

    However often it is asked, the booking is paid once. `requires_action`: your bank wants you to
    approve it, in the browser with `client_secret`; the pay link takes any card instead.
    """
    customer_id = customer_caller(request).customer.id
    intent = await pay_with_card(
        booking_id, data.payment_method_id, state.ports, state.terms, customer_id=customer_id
    )
    async with state.ports.unit_of_work() as uow:
        booking = await booking_of_customer(booking_id, customer_id, uow)
    waits = intent.status is IntentStatus.REQUIRES_ACTION
    return PaidResponse(
        booking_id=booking.id,
        booking_status=booking.status,
        payment_intent_id=intent.id,
        status=intent.status,
        client_secret=intent.client_secret if waits else None,
    )
