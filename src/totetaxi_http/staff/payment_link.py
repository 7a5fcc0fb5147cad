"""Staff mail a new link to pay."""

from typing import Any
from uuid import UUID

from litestar import Request, post
from litestar.params import FromPath

from totetaxi_core.payments.open_payment_link import renew_payment_link
from totetaxi_core.staff.permission import Permission
from totetaxi_http.dependencies import ServiceState
from totetaxi_http.openapi import problems
from totetaxi_http.schemas.payment_link import PaymentLinkResponse
from totetaxi_http.staff.booking import BOOKING_ID
from totetaxi_http.staff.guard import PERMISSION, REFUSALS, SECURITY, staff_caller


@post(
    "/bookings/{booking_id:uuid}/payment-link",
    status_code=200,
    opt={
        PERMISSION: Permission.SEND_PAYMENT_LINKS,
        "rate_limit": "booking",
        "path_examples": BOOKING_ID,
    },
    security=SECURITY,
    responses=problems(
        codes=(
            *REFUSALS,
            "booking_not_found",
            "invalid_transition",
            "payment_under_way",
            "payment_unavailable",
            "payment_misconfigured",
        )
    ),
)
async def payment_link(
    booking_id: FromPath[UUID], request: Request[Any, Any, Any], state: ServiceState
) -> PaymentLinkResponse:
    """Close what the booking could be paid by, open a new page, and mail the link to it."""
    caller = staff_caller(request)
    link = await renew_payment_link(
        booking_id, caller.ports, state.terms, staff_name=caller.account.username
    )
    return PaymentLinkResponse.from_link(link)
