"""Where does my booking stand?"""

from litestar import get
from litestar.params import FromPath

from totetaxi_core.bookings.look_up import look_up_status
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
    return BookingStatusResponse.from_booking(await look_up_status(booking_number, state.ports))
