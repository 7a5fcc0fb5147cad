"""Cancel a booking that is not paid."""

import typer

from totetaxi_adapters.wiring import Wiring
from totetaxi_cli.command_wiring import run_with_stripe
from totetaxi_cli.output import print_json
from totetaxi_cli.staff_name import checked_staff_name
from totetaxi_core.bookings.booking import Booking
from totetaxi_core.bookings.end_unpaid import cancel_unpaid
from totetaxi_core.bookings.look_up import look_up_status
from totetaxi_http.schemas.booking import BookingResponse


def cancel_booking(number: str, *, staff: str, as_json: bool) -> None:
    """Cancel it and say so.

    Raises:
        BookingNotFoundError: no booking has this number.
        InvalidTransitionError: it is paid, over, or its payer was faster.
        PaymentUnderWayError, PaymentUnavailableError: the hold stays.
    """
    staff_name = checked_staff_name(staff)

    async def job(wiring: Wiring) -> Booking:
        booking = await look_up_status(number, wiring.ports)
        return await cancel_unpaid(booking.id, wiring.ports, wiring.terms, staff_name=staff_name)

    booking = run_with_stripe(job)
    if as_json:
        print_json(BookingResponse.from_booking(booking))
    else:
        typer.echo(
            f"cancelled {booking.booking_number} at {booking.cancelled_at:%Y-%m-%d %H:%M} UTC"
        )
