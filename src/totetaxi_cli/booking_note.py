"""Write a note on a booking."""

import typer

from totetaxi_adapters.wiring import Wiring
from totetaxi_cli.command_wiring import run
from totetaxi_cli.output import print_json
from totetaxi_cli.staff_commands import StaffCommand, as_staff
from totetaxi_core.bookings.booking_note import BookingNote
from totetaxi_core.bookings.look_up import look_up_status
from totetaxi_core.bookings.write_note import write_note
from totetaxi_http.schemas.booking_note import BookingNoteResponse


def note_to_terminal(number: str, text: str, *, staff: str, as_json: bool) -> None:
    """Write it and say so.

    Raises:
        PermissionDeniedError: staff may not.
        InvalidInputError: it is blank or too long.
        BookingNotFoundError: no booking has this number.
    """

    async def job(wiring: Wiring, staff_name: str) -> tuple[BookingNote, str]:
        booking = await look_up_status(number, wiring.ports)
        note = await write_note(booking.id, text, wiring.ports, staff_name=staff_name)
        return note, booking.booking_number

    note, of_number = run(as_staff(staff, StaffCommand.BOOKINGS_NOTE, job))
    if as_json:
        print_json(BookingNoteResponse.from_note(note))
    else:
        typer.echo(f"noted on {of_number} at {note.created_at:%Y-%m-%d %H:%M} UTC")
