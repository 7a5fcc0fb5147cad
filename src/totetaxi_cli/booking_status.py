"""Move a booking to its next status: confirmed in cash, under way, done."""

from collections.abc import Awaitable, Callable

import typer

from totetaxi_adapters.wiring import Wiring
from totetaxi_cli.command_wiring import Job, run_with_stripe
from totetaxi_cli.output import money, print_json
from totetaxi_cli.staff_commands import StaffCommand, as_staff
from totetaxi_core.bookings.advance_booking import complete_booking, start_booking
from totetaxi_core.bookings.booking import Booking
from totetaxi_core.bookings.confirm_in_cash import confirm_in_cash
from totetaxi_core.bookings.look_up import look_up_status
from totetaxi_core.bookings.status_change import StatusChange
from totetaxi_core.refusal import FieldFault, InvalidInputError
from totetaxi_http.schemas.booking import BookingResponse
from totetaxi_http.schemas.status_change import NOTES
from totetaxi_http.wire import scalars
from totetaxi_http.wire.faults import FaultyValueError

Act = Callable[[StatusChange, Wiring], Awaitable[Booking]]


def confirm_to_terminal(number: str, *, staff: str, notes: str, as_json: bool) -> None:
    """Confirm it as paid in cash, and say so.

    Raises:
        PermissionDeniedError: staff may not.
        InvalidInputError: the notes are too long.
        BookingNotFoundError: no booking has this number.
        InvalidTransitionError: it is not pending.
        PaymentUnderWayError, PaymentUnavailableError: its card may yet pay.
    """

    async def act(change: StatusChange, wiring: Wiring) -> Booking:
        return await confirm_in_cash(change, wiring.ports, wiring.terms)

    job = _job(act, StaffCommand.BOOKINGS_CONFIRM, number, staff=staff, notes=notes)
    booking = run_with_stripe(job)
    taken = f", {money(booking.total_cents)} taken in cash"
    _show(booking, f"confirmed {booking.booking_number}{taken}", as_json=as_json)


def start_to_terminal(number: str, *, staff: str, notes: str, as_json: bool) -> None:
    """Start it, and say so.

    Raises:
        PermissionDeniedError: staff may not.
        InvalidInputError: the notes are too long.
        BookingNotFoundError: no booking has this number.
        InvalidTransitionError: it is not confirmed.
        PaymentUnderWayError, PaymentUnavailableError: of a reschedule that waits.
    """

    async def act(change: StatusChange, wiring: Wiring) -> Booking:
        return await start_booking(change, wiring.ports, wiring.terms)

    booking = run_with_stripe(
        _job(act, StaffCommand.BOOKINGS_START, number, staff=staff, notes=notes)
    )
    _show(booking, f"started {booking.booking_number}", as_json=as_json)


def complete_to_terminal(number: str, *, staff: str, notes: str, as_json: bool) -> None:
    """Complete it, and say so.

    Raises:
        PermissionDeniedError: staff may not.
        InvalidInputError: the notes are too long.
        BookingNotFoundError: no booking has this number.
        InvalidTransitionError: it is neither confirmed nor under way.
        PaymentUnderWayError, PaymentUnavailableError: of a reschedule that waits.
    """

    async def act(change: StatusChange, wiring: Wiring) -> Booking:
        return await complete_booking(change, wiring.ports, wiring.terms)

    booking = run_with_stripe(
        _job(act, StaffCommand.BOOKINGS_COMPLETE, number, staff=staff, notes=notes)
    )
    _show(booking, f"completed {booking.booking_number}", as_json=as_json)


def checked_notes(notes: str) -> str:
    """Return the notes, trimmed.

    Raises:
        InvalidInputError: they are too long, or hold what is no text.
    """
    try:
        checked: str = NOTES.apply(notes, scalars.text)
    except FaultyValueError as error:
        fault = FieldFault(field="--notes", code=error.code, message=error.message)
        raise InvalidInputError([fault]) from error
    return checked


def _job(act: Act, command: StaffCommand, number: str, *, staff: str, notes: str) -> Job[Booking]:
    said = checked_notes(notes)

    async def job(wiring: Wiring, staff_name: str) -> Booking:
        booking = await look_up_status(number, wiring.ports)
        change = StatusChange(booking_id=booking.id, staff_name=staff_name, notes=said)
        return await act(change, wiring)

    return as_staff(staff, command, job)


def _show(booking: Booking, said: str, *, as_json: bool) -> None:
    if as_json:
        print_json(BookingResponse.from_booking(booking))
    else:
        typer.echo(f"{said} at {booking.updated_at:%Y-%m-%d %H:%M} UTC")
