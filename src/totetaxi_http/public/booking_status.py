"""Where does my booking stand?"""

from litestar import get
from litestar.params import FromPath

from totetaxi_core.logistics.follow_booking import follow_by_number
from totetaxi_http.dependencies import ServiceState
from totetaxi_http.openapi import problems
from totetaxi_http.schemas.booking import BookingStatusResponse

NUMBER = BookingStatusResponse.EXAMPLE["booking_number"]


@get(
    "/booking-status/{booking_number:str}",
    opt={"rate_limit": "lookup", "path_examples": {"booking_number": NUMBER}},
    responses=problems(codes=("booking_not_found", "database_unavailable")),
)
async def booking_status(
    booking_number: FromPath[str], state: ServiceState
) -> BookingStatusResponse:
    """Tell how a booking stands, to anybody who has its number; nothing personal."""
    return BookingStatusResponse.from_followed(await follow_by_number(booking_number, state.ports))
