"""A payment link, renewed on the terminal."""

import typer

from totetaxi_adapters.wiring import Wiring
from totetaxi_cli.command_wiring import run_with_stripe
from totetaxi_cli.output import print_facts, print_json
from totetaxi_cli.staff_commands import StaffCommand, as_staff
from totetaxi_core.bookings.look_up import look_up_status
from totetaxi_core.payments.open_payment_link import RenewedLink, renew_payment_link
from totetaxi_http.schemas.payment_link import PaymentLinkResponse


def link_to_terminal(number: str, *, staff: str, as_json: bool) -> None:
    """Renew the booking's payment link and show it.

    Raises:
        InvalidInputError: no name.
        PermissionDeniedError: staff may not.
        BookingNotFoundError: no booking has this number.
        NotPayableError: it waits for no payment.
        PaymentUnderWayError, PaymentUnavailableError: nothing was mailed.
    """

    async def job(wiring: Wiring, staff_name: str) -> RenewedLink:
        booking = await look_up_status(number, wiring.ports)
        return await renew_payment_link(
            booking.id, wiring.ports, wiring.terms, staff_name=staff_name
        )

    link = run_with_stripe(as_staff(staff, StaffCommand.PAYMENTS_LINK, job))
    if as_json:
        print_json(PaymentLinkResponse.from_link(link))
        return
    print_facts(
        [
            ("booking", link.booking.booking_number),
            ("link", link.url),
            ("good until (UTC)", f"{link.lapses_at:%Y-%m-%d %H:%M}"),
        ]
    )
    if link.has_replaced:
        typer.echo("the page opened before is closed")
