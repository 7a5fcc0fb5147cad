"""Put a file on a booking: its guest or customer, or staff."""

from uuid import UUID

from totetaxi_core.documents.caller import Caller
from totetaxi_core.documents.document import UPLOADED
from totetaxi_core.documents.keep_document import KeptDocument, Upload, keep_upload
from totetaxi_core.ports import Ports
from totetaxi_core.refusal import FieldFault, InvalidInputError


async def upload_document(
    booking_id: UUID, upload: Upload, ports: Ports, *, by: Caller
) -> KeptDocument:
    """Keep a file of any kind but proof of delivery; the same content again is kept once.

    Raises:
        BookingNotFoundError: there is no such booking, or it is in another account.
        InvalidInputError: it is empty, or of a kind that is not uploaded.
        FileTooLargeError: it has more than 10 MiB.
        UnsupportedFileTypeError: it is no JPEG, PNG, WebP, HEIC or PDF.
        TooManyDocumentsError: the booking has 20 already.
        DocumentsClosedError: it is completed or cancelled, and a customer asks.
        FileStoreUnavailableError: the store does not answer; nothing is kept.
    """
    if upload.kind not in UPLOADED:
        message = f"must be one of: {', '.join(UPLOADED)}"
        raise InvalidInputError([FieldFault(field="kind", code="invalid_choice", message=message)])
    return await keep_upload(booking_id, upload, ports, by=by)
