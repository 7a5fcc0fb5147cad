"""A guest's own booking, by manage token."""

from typing import Any

from litestar import Request, get

from totetaxi_core.logistics.follow_booking import follow_managed
from totetaxi_http.dependencies import ServiceState
from totetaxi_http.manage_token import SECURITY, manage_token_of
from totetaxi_http.openapi import problems
from totetaxi_http.schemas.booking import ETAG, etag
from totetaxi_http.schemas.managed_booking import ManagedBookingResponse
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
) -> WireResponse[ManagedBookingResponse]:
    """Show the booking that the `X-Manage-Token` header is for."""
    token = manage_token_of(request)
    followed = await follow_managed(token, state.ports, state.terms)
    managed = ManagedBookingResponse.from_followed(followed, public_url=state.terms.public_url)
    return WireResponse(managed, headers=etag(followed.booking))
