"""Put a file on a booking, take one off."""

from pathlib import Path
from uuid import UUID

import typer
from rich.filesize import decimal

from totetaxi_adapters.wiring import Wiring
from totetaxi_cli.command_wiring import run
from totetaxi_cli.document_views import bar
from totetaxi_cli.output import print_json
from totetaxi_cli.staff_commands import StaffCommand, as_staff
from totetaxi_core.bookings.look_up import look_up_status
from totetaxi_core.documents.caller import Caller
from totetaxi_core.documents.document import MAX_BYTES, Document, DocumentKind
from totetaxi_core.documents.keep_document import FileTooLargeError, KeptDocument, Upload
from totetaxi_core.documents.remove_document import remove_document
from totetaxi_core.documents.upload_document import upload_document
from totetaxi_http.schemas.document import DocumentRemovedResponse, DocumentResponse


def add_to_terminal(
    number: str, file: Path, *, kind: DocumentKind, name: str | None, staff: str, as_json: bool
) -> None:
    """Keep the file and say as what.

    Raises:
        PermissionDeniedError: staff may not.
        BookingNotFoundError: no booking has this number.
        InvalidInputError: it is empty, or of a kind that is not uploaded.
        FileTooLargeError: it has more than 10 MiB.
        UnsupportedFileTypeError: it is no JPEG, PNG, WebP, HEIC or PDF.
        TooManyDocumentsError: the booking has 20 already.
        FileStoreUnavailableError: the store does not answer; nothing is kept.
    """

    async def job(wiring: Wiring, staff_name: str) -> KeptDocument:
        booking = await look_up_status(number, wiring.ports)
        upload = Upload(kind=kind, content=_content(file), file_name=name or file.name)
        # No store tells how far it is: the bar only says that something moves.
        with bar(f"keeping {file.name}", total_bytes=None):
            return await upload_document(
                booking.id, upload, wiring.ports, by=Caller.staff(staff_name)
            )

    kept = run(as_staff(staff, StaffCommand.DOCUMENTS_ADD, job))
    if as_json:
        print_json(DocumentResponse.from_document(kept.document))
    else:
        typer.echo(_told(kept, number))


def remove_to_terminal(number: str, document_id: UUID, *, staff: str, as_json: bool) -> None:
    """Remove the file and say so.

    Raises:
        PermissionDeniedError: staff may not.
        BookingNotFoundError: no booking has this number.
        DocumentNotFoundError: it has no such file.
        ProofIsKeptError: it is proof of delivery.
    """

    async def job(wiring: Wiring, staff_name: str) -> Document:
        booking = await look_up_status(number, wiring.ports)
        return await remove_document(
            booking.id, document_id, wiring.ports, by=Caller.staff(staff_name)
        )

    removed = run(as_staff(staff, StaffCommand.DOCUMENTS_REMOVE, job))
    if as_json:
        print_json(DocumentRemovedResponse())
    else:
        typer.echo(f"removed {removed.file_name}")


def _content(file: Path) -> bytes:
    """Return what is in the file; one that is far too large is not read.

    Raises:
        FileTooLargeError: it has more than 10 MiB.
    """
    if file.stat().st_size > MAX_BYTES:
        raise FileTooLargeError
    return file.read_bytes()


def _told(kept: KeptDocument, number: str) -> str:
    document = kept.document
    what = f"{document.file_name}, {decimal(document.size_bytes)}, as {document.id}"
    return f"kept {what}" if kept.is_new else f"{number} has this file already: {what}"
