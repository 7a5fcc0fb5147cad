"""List the files of a booking."""

from uuid import UUID

from totetaxi_core.documents.caller import Caller
from totetaxi_core.documents.document import Document
from totetaxi_core.ports import Ports


async def list_documents(booking_id: UUID, ports: Ports, *, by: Caller) -> tuple[Document, ...]:
    """Return the files that are kept, oldest first.

    Raises:
        BookingNotFoundError: there is no such booking, or it is in another account.
    """
    async with ports.unit_of_work() as uow:
        booking = await by.booking(booking_id, uow)
        found = await uow.documents.of_booking(booking.id)
    return tuple(document for document in found if document.is_stored)
