"""Staff write a note on a booking, and read what was written."""

from uuid import UUID

from totetaxi_core.bookings.booking_note import MAX_NOTE, BookingNote
from totetaxi_core.page import Page, Place, page_of
from totetaxi_core.ports import Ports
from totetaxi_core.refusal import FieldFault, InvalidInputError
from totetaxi_core.staff.staff_act import StaffAct


async def write_note(booking_id: UUID, text: str, ports: Ports, *, staff_name: str) -> BookingNote:
    """Keep a note; that it was written goes on record, its words stay beside the booking.

    Raises:
        InvalidInputError: it is blank, or longer than 2,000 characters.
        BookingNotFoundError: no booking has this id.
    """
    text = text.strip()
    if not 1 <= len(text) <= MAX_NOTE:
        message = f"must be 1 to {MAX_NOTE} characters"
        raise InvalidInputError([FieldFault(field="text", code="bad_length", message=message)])
    now = ports.clock()
    async with ports.unit_of_work() as uow:
        booking = await uow.bookings.get(booking_id)
        note = BookingNote(
            id=ports.ids.new_id(),
            booking_id=booking.id,
            staff_name=staff_name,
            text=text,
            created_at=now,
        )
        await uow.booking_notes.add(note)
        await uow.staff_acts.add(
            StaffAct(
                id=ports.ids.new_id(),
                staff_name=staff_name,
                action_type="booking_note",
                description=f"wrote a note on {booking.booking_number}",
                booking_id=booking.id,
                customer_id=booking.customer_id,
                created_at=now,
                subject=f"booking_note:{note.id}",
            )
        )
        await uow.commit()
    return note


async def read_notes(
    booking_id: UUID,
    ports: Ports,
    *,
    before: Place | None = None,
    after: Place | None = None,
    limit: int,
) -> Page[BookingNote]:
    """Return at most `limit` notes, the newest, or next to a place.

    Raises:
        BookingNotFoundError: no booking has this id.
    """
    async with ports.unit_of_work() as uow:
        booking = await uow.bookings.get(booking_id)
        found = await uow.booking_notes.page(
            booking.id, before=before, after=after, limit=limit + 1
        )
    return page_of(found, before=before, after=after, limit=limit)
