"""Take a file off a booking; the store loses it by an effect owed in the same transaction."""

from datetime import datetime
from uuid import UUID

from totetaxi_core.bookings.booking import Booking
from totetaxi_core.documents.caller import Caller
from totetaxi_core.documents.document import Document, DocumentNotFoundError
from totetaxi_core.documents.file_removal import owe_removal
from totetaxi_core.ports import Ports
from totetaxi_core.staff.staff_act import StaffAct


async def remove_document(
    booking_id: UUID, document_id: UUID, ports: Ports, *, by: Caller
) -> Document:
    """Return the document, removed: from now on nobody finds it.

    Raises:
        BookingNotFoundError: there is no such booking, or it is in another account.
        DocumentNotFoundError: it has no such file.
        ProofIsKeptError: it is proof of delivery.
        NotYourDocumentError: staff uploaded it, and a customer asks.
        DocumentsClosedError: the booking is completed, and a customer asks.
    """
    now = ports.clock()
    async with ports.unit_of_work() as uow:
        booking = await by.booking(booking_id, uow, lock=True)
        document = await uow.documents.get(document_id, lock=True)
        if document.booking_id != booking.id or not document.is_stored:
            raise DocumentNotFoundError(document_id)
        by.require_removing(document, booking)
        removed = document.removed(at=now)
        await uow.documents.save(removed)
        await owe_removal(document, uow, ports.ids, at=now)
        if by.is_staff:
            await uow.staff_acts.add(_act(removed, booking, ports, by=by, at=now))
        await uow.commit()
    return removed


def _act(
    document: Document, booking: Booking, ports: Ports, *, by: Caller, at: datetime
) -> StaffAct:
    return StaffAct(
        id=ports.ids.new_id(),
        staff_name=by.name,
        action_type="document_removed",
        description=f"took {document.file_name} off {booking.booking_number}",
        booking_id=booking.id,
        customer_id=booking.customer_id,
        created_at=at,
        subject=f"document:{document.id}",
        before={"kind": document.kind, "uploaded_by": document.uploaded_by},
    )
