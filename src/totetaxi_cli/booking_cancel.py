"""Cancel a booking, paid or not: what comes back is shown first, and is then what comes back."""

import typer

from totetaxi_adapters.wiring import Wiring
from totetaxi_cli.booking_status import checked_notes
from totetaxi_cli.command_wiring import run_with_stripe
from totetaxi_cli.output import money, print_json
from totetaxi_cli.question import require_yes
from totetaxi_cli.staff_commands import StaffCommand, as_staff
from totetaxi_core.bookings.booking import Booking
from totetaxi_core.bookings.cancel_booking import (
    CancellationOffer,
    Cancelling,
    cancel_booking,
    preview_cancellation,
)
from totetaxi_core.bookings.look_up import look_up_status
from totetaxi_core.refusal import FieldFault, InvalidInputError
from totetaxi_http.schemas.booking import BookingResponse

OPTION = "--expect-refund-cents"


def cancel_to_terminal(
    number: str,
    *,
    staff: str,
    notes: str,
    yes: bool,
    expected_refund_cents: int | None,
    as_json: bool,
) -> None:
    """Cancel it and say so; money that comes back is agreed to first.

    Raises:
        PermissionDeniedError: staff may not.
        InvalidInputError: a program did not say what is to come back.
        BookingNotFoundError: no booking has this number.
        InvalidTransitionError: it is over.
        RefundChangedError: another amount comes back; nothing was changed.
        PaymentUnderWayError, PaymentUnavailableError: the hold stays.
    """
    said = checked_notes(notes)

    async def job(wiring: Wiring, staff_name: str) -> tuple[Booking, int]:
        booking = await look_up_status(number, wiring.ports)
        cancelling = Cancelling(booking_id=booking.id, staff_name=staff_name, notes=said)
        agreed_cents = expected_refund_cents
        if agreed_cents is None:
            offer = await preview_cancellation(cancelling, wiring.ports)
            agreed_cents = offer.refund_cents
            if offer.paid_cents and not yes:
                _ask(booking, offer, is_program=as_json)
        cancelled = await cancel_booking(
            cancelling, wiring.ports, wiring.terms, expected_refund_cents=agreed_cents
        )
        return cancelled.booking, agreed_cents

    booking, refund_cents = run_with_stripe(as_staff(staff, StaffCommand.BOOKINGS_CANCEL, job))
    if as_json:
        print_json(BookingResponse.from_booking(booking))
        return
    back = f", sending back {money(refund_cents)}" if refund_cents else ""
    typer.echo(
        f"cancelled {booking.booking_number} at {booking.cancelled_at:%Y-%m-%d %H:%M} UTC{back}"
    )


def _ask(booking: Booking, offer: CancellationOffer, *, is_program: bool) -> None:
    if is_program:
        message = f"say how much comes back ({offer.refund_cents}), or give --yes"
        raise InvalidInputError([FieldFault(field=OPTION, code="missing", message=message)])
    require_yes(
        f"{money(offer.refund_cents)} of {money(offer.paid_cents)} comes back. "
        f"Cancel {booking.booking_number}?"
    )
