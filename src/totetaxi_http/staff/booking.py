"""One booking, with everything that happened to it."""

from typing import Any, Final
from uuid import UUID

from litestar import Request, get
from litestar.params import FromPath

from totetaxi_core.bookings.show_booking import read_booking
from totetaxi_core.staff.permission import Permission
from totetaxi_http.openapi import problems
from totetaxi_http.schemas.booking import ETAG, BookingResponse, etag
from totetaxi_http.schemas.booking_file import BookingFileResponse
from totetaxi_http.staff.guard import PERMISSION, REFUSALS, SECURITY, staff_caller
from totetaxi_http.wire.response import WireResponse

BOOKING_ID: Final = {"booking_id": BookingResponse.EXAMPLE["id"]}


@get(
    "/bookings/{booking_id:uuid}",
    opt={PERMISSION: Permission.READ_BOOKINGS, "path_examples": BOOKING_ID},
    response_headers=(ETAG,),
    security=SECURITY,
    responses=problems(codes=(*REFUSALS, "booking_not_found")),
)
async def booking(
    booking_id: FromPath[UUID], request: Request[Any, Any, Any]
) -> WireResponse[BookingFileResponse]:
    """Show a booking with its payments, refunds, notes and messages.

    That it was read goes on record as `customer_read`.
    """
    caller = staff_caller(request)
    file = await read_booking(booking_id, caller.ports, staff_name=caller.account.username)
    return WireResponse(BookingFileResponse.of(file), headers=etag(file.booking))
