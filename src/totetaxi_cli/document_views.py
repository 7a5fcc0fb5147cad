"""The files on a booking: listed, and saved here."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO
from uuid import UUID

import typer
from rich.console import Console
from rich.filesize import decimal
from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn

from totetaxi_adapters.wiring import Wiring
from totetaxi_cli.command_wiring import run
from totetaxi_cli.output import moment, print_json, print_table
from totetaxi_cli.staff_commands import StaffCommand, as_staff
from totetaxi_core.bookings.look_up import look_up_status
from totetaxi_core.documents.caller import Caller
from totetaxi_core.documents.document import Document
from totetaxi_core.documents.download_document import find_document
from totetaxi_core.documents.list_documents import list_documents
from totetaxi_core.ports import Ports
from totetaxi_http.schemas.document import DocumentResponse, DocumentsResponse

COLUMNS = ("id", "kind", "file", "type", "size", "by", "added at (UTC)")
PRIVATE = 0o600
NOBODY = "unknown"
"""In whose name a list is read: that takes no permission here, and no act is left of it."""


def list_to_terminal(number: str, *, as_json: bool) -> None:
    """Print every file of a booking.

    Raises:
        BookingNotFoundError: no booking has this number.
    """

    async def job(wiring: Wiring) -> tuple[Document, ...]:
        booking = await look_up_status(number, wiring.ports)
        return await list_documents(booking.id, wiring.ports, by=Caller.staff(NOBODY))

    found = run(job)
    if as_json:
        print_json(DocumentsResponse(results=tuple(map(DocumentResponse.from_document, found))))
    else:
        print_table(
            COLUMNS, map(_cells, found), right=frozenset({"size"}), empty=f"{number} has no files."
        )


def get_to_terminal(
    number: str, document_id: UUID, *, to: Path | None, staff: str, as_json: bool
) -> None:
    """Save a file and say where; nothing of it stays when that does not come to its end.

    Raises:
        PermissionDeniedError: staff may not.
        BookingNotFoundError: no booking has this number.
        DocumentNotFoundError: it has no such file.
        StoredFileNotFoundError: the store has lost it.
        FileStoreUnavailableError: the store does not answer.
        FileExistsError: there is a file of this name already.
    """

    async def job(wiring: Wiring, staff_name: str) -> tuple[Document, Path]:
        ports = wiring.ports
        booking = await look_up_status(number, ports)
        document = await find_document(booking.id, document_id, ports, by=Caller.staff(staff_name))
        path = Path(document.file_name) if to is None else to
        await _save(document, path, ports)
        return document, path

    document, path = run(as_staff(staff, StaffCommand.DOCUMENTS_GET, job))
    if as_json:
        print_json(DocumentResponse.from_document(document))
    else:
        typer.echo(f"saved {path}, {decimal(document.size_bytes)}")


async def _save(document: Document, path: Path, ports: Ports) -> None:
    with (
        bar(f"saving {path.name}", total_bytes=document.size_bytes) as advance,
        new_file(path) as file,
    ):
        async for piece in await ports.files.stream(document.storage_key):
            file.write(piece)
            advance(len(piece))


@contextmanager
def new_file(path: Path) -> Iterator[BinaryIO]:
    """Give a new file to write to, for its owner alone; a failure takes it away again."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, PRIVATE)
    try:
        with os.fdopen(descriptor, "wb") as file:
            yield file
    except BaseException:
        path.unlink(missing_ok=True)
        raise


class Advance:
    """Moves a bar on by so many bytes."""

    def __init__(self, progress: Progress, label: str, *, total_bytes: int | None) -> None:
        self._progress = progress
        self._task = progress.add_task(label, total=total_bytes)

    def __call__(self, size_bytes: int) -> None:
        self._progress.advance(self._task, size_bytes)


@contextmanager
def bar(label: str, *, total_bytes: int | None) -> Iterator[Advance]:
    """Show a bar on standard error where somebody looks at it."""
    columns = (TextColumn("{task.description}"), BarColumn(), DownloadColumn())
    console = Console(file=sys.stderr)
    is_seen = sys.stderr.isatty()
    with Progress(*columns, console=console, disable=not is_seen, transient=True) as progress:
        yield Advance(progress, label, total_bytes=total_bytes)


def _cells(document: Document) -> tuple[object, ...]:
    return (
        document.id,
        document.kind,
        document.file_name,
        document.content_type,
        decimal(document.size_bytes),
        document.uploaded_by,
        moment(document.created_at),
    )
