"""A guest's own booking, by manage token."""

from typing import Any

from litestar import Request, get

from totetaxi_core.bookings.look_up import look_up_managed
from totetaxi_http.dependencies import ServiceState
from totetaxi_http.manage_token import SECURITY, manage_token_of
from totetaxi_http.openapi import problems
from totetaxi_http.schemas.booking import ETAG, BookingResponse, etag
from totetaxi_http.wire.response import WireResponse


@get(
    "/manage",
    opt={"rate_limit": "lookup"},
    response_headers=(ETAG,),
    security=SECURITY,
    responses=problems(codes=("invalid_manage_token", "booking_not_found", "database_unavailable")),
)
async def manage(
    request: Request[Any, Any, Any], state: ServiceState
) -> WireResponse[BookingResponse]:
    """Show the booking that the `X-Manage-Token` header is for."""
    token = manage_token_of(request)
    booking = await look_up_managed(token, state.ports, state.terms)
    return WireResponse(BookingResponse.from_booking(booking), headers=etag(booking))
