"""Why a booking costs what it costs."""

from typing import Any
from uuid import UUID

from litestar import Request, get
from litestar.params import FromPath

from totetaxi_core.bookings.explain_booking import explain_booking
from totetaxi_core.staff.permission import Permission
from totetaxi_http.openapi import problems
from totetaxi_http.schemas.explanation import ExplanationResponse
from totetaxi_http.staff.booking import BOOKING_ID
from totetaxi_http.staff.guard import PERMISSION, REFUSALS, SECURITY, staff_caller


@get(
    "/bookings/{booking_id:uuid}/explanation",
    opt={PERMISSION: Permission.READ_BOOKINGS, "path_examples": BOOKING_ID},
    security=SECURITY,
    responses=problems(codes=(*REFUSALS, "booking_not_found")),
)
async def explanation(
    booking_id: FromPath[UUID], request: Request[Any, Any, Any]
) -> ExplanationResponse:
    """Explain a price: each surcharge rule of its price book, charged or not, and why.

    For a rule that was not charged, the first condition that does not hold is named.
    """
    return ExplanationResponse.of(await explain_booking(booking_id, staff_caller(request).ports))
