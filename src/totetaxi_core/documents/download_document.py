"""Find a file of a booking, to be read."""

from datetime import timedelta
from typing import Final
from uuid import UUID

from totetaxi_core.documents.caller import Caller
from totetaxi_core.documents.document import Document, DocumentNotFoundError
from totetaxi_core.ports import Ports

LINK_LIFETIME: Final = timedelta(minutes=10)


async def find_document(
    booking_id: UUID, document_id: UUID, ports: Ports, *, by: Caller
) -> Document:
    """Return a file that is kept on this booking.

    Raises:
        BookingNotFoundError: there is no such booking, or it is in another account.
        DocumentNotFoundError: it has no such file.
    """
    async with ports.unit_of_work() as uow:
        booking = await by.booking(booking_id, uow)
        document = await uow.documents.get(document_id)
    if document.booking_id != booking.id or not document.is_stored:
        raise DocumentNotFoundError(document_id)
    return document
