"""Keep a file on a booking, so that a crash leaves neither a row without a file nor the reverse.

The row is written first, pending; then the file; then the row says stored. What is still pending
after an hour belongs to a process that died: a sweep removes both.
"""

import asyncio
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from uuid import UUID

from totetaxi_core.bookings.booking import Booking
from totetaxi_core.documents.caller import Caller
from totetaxi_core.documents.document import (
    MAX_BYTES,
    MOST_PER_BOOKING,
    Document,
    DocumentKind,
    DocumentNotFoundError,
    TooManyDocumentsError,
)
from totetaxi_core.documents.file_name import safe_file_name
from totetaxi_core.documents.file_removal import owe_removal
from totetaxi_core.documents.file_store import FileStoreUnavailableError
from totetaxi_core.documents.file_type import FileType, file_type_of
from totetaxi_core.ports import Ports
from totetaxi_core.refusal import DomainError, FieldFault, InvalidInputError
from totetaxi_core.staff.staff_act import StaffAct
from totetaxi_core.unit_of_work import UnitOfWork


class FileTooLargeError(DomainError):
    """It has more than 10 MiB."""

    code = "file_too_large"
    field = "file"

    def __init__(self) -> None:
        super().__init__(f"must have at most {MAX_BYTES:,} bytes")


@dataclass(frozen=True, slots=True, kw_only=True)
class Upload:
    """A file as it comes in; `content_type` is what its sender called it, which decides nothing."""

    kind: DocumentKind
    content: bytes
    file_name: str
    content_type: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptDocument:
    """`is_new` is false where the booking had the same content already."""

    document: Document
    is_new: bool


async def keep_document(
    booking_id: UUID,
    kind: DocumentKind,
    content: bytes,
    ports: Ports,
    *,
    content_type: str | None,
    file_name: str,
    uploaded_by: str,
) -> Document:
    """Keep a file for a part of the house, proof of delivery included; the same again is the first.

    Raises:
        BookingNotFoundError: no booking has this id.
        InvalidInputError: it is empty.
        FileTooLargeError: it has more than 10 MiB.
        UnsupportedFileTypeError: it is no JPEG, PNG, WebP, HEIC or PDF.
        TooManyDocumentsError: it is no proof, and the booking has 20.
        FileStoreUnavailableError: the store does not answer; ask again later.
    """
    upload = Upload(kind=kind, content=content, file_name=file_name, content_type=content_type)
    kept = await keep_upload(booking_id, upload, ports, by=Caller(name=uploaded_by))
    return kept.document


async def keep_upload(
    booking_id: UUID, upload: Upload, ports: Ports, *, by: Caller
) -> KeptDocument:
    """Keep a file, as `keep_document`, for whoever may see the booking.

    Raises:
        DocumentsClosedError: it is completed or cancelled, and a customer asks.
    """
    # In a thread: ten megabytes are looked through for long enough to hold up everybody else.
    file_type, digest = await asyncio.to_thread(_checked, upload)
    keeping = _Keeping(booking_id, upload, file_type, digest, by, ports)
    begun = await keeping.begin()
    if begun.is_stored:
        return KeptDocument(document=begun, is_new=False)
    try:
        await ports.files.put(
            begun.storage_key,
            upload.content,
            content_type=begun.content_type,
            file_name=begun.file_name,
        )
    except FileStoreUnavailableError:
        await keeping.give_up(begun)
        raise
    return await keeping.finish(begun)


def _checked(upload: Upload) -> tuple[FileType, str]:
    """Return what the content is, and its SHA-256."""
    if not upload.content:
        fault = FieldFault(field="file", code="empty", message="must not be empty")
        raise InvalidInputError([fault])
    if len(upload.content) > MAX_BYTES:
        raise FileTooLargeError
    found = file_type_of(upload.content, said=upload.content_type)
    return found, sha256(upload.content).hexdigest()


@dataclass(frozen=True, slots=True)
class _Keeping:
    """One upload; each step is a transaction of its own."""

    booking_id: UUID
    upload: Upload
    file_type: FileType
    sha256: str
    by: Caller
    ports: Ports

    async def begin(self) -> Document:
        """Return a new document, pending, or the one that has this content already."""
        document = self._new_document(at=self.ports.clock())
        async with self.ports.unit_of_work() as uow:
            booking = await self.by.booking(self.booking_id, uow, lock=True)
            self.by.require_adding(booking)
            others = await uow.documents.of_booking(self.booking_id)
            same = _same(others, document)
            if same is not None:
                return same
            if not document.is_proof:
                _require_room(others)
            await uow.documents.add(document)
            await uow.commit()
        return document

    async def finish(self, begun: Document) -> KeptDocument:
        """Say that the file is kept, unless another upload of the same content was faster."""
        now = self.ports.clock()
        async with self.ports.unit_of_work() as uow:
            booking = await uow.bookings.get(self.booking_id, lock=True)
            present = await uow.documents.get(begun.id, lock=True)
            if present.removed_at is not None:
                raise DocumentNotFoundError(begun.id)
            same = _same(await uow.documents.of_booking(self.booking_id), begun)
            if same is not None:
                await _remove(present, uow, self.ports, at=now)
                await uow.commit()
                return KeptDocument(document=same, is_new=False)
            stored = present.stored(at=now)
            await uow.documents.save(stored)
            if self.by.is_staff:
                await uow.staff_acts.add(self._act(stored, booking, at=now))
            await uow.commit()
        return KeptDocument(document=stored, is_new=True)

    async def give_up(self, begun: Document) -> None:
        """Remove a document whose file may or may not have been kept."""
        async with self.ports.unit_of_work() as uow:
            present = await uow.documents.get(begun.id, lock=True)
            if present.removed_at is None:
                await _remove(present, uow, self.ports, at=self.ports.clock())
                await uow.commit()

    def _new_document(self, *, at: datetime) -> Document:
        document_id = self.ports.ids.new_id()
        return Document(
            id=document_id,
            booking_id=self.booking_id,
            kind=self.upload.kind,
            file_name=safe_file_name(self.upload.file_name, self.file_type),
            content_type=self.file_type.content_type,
            size_bytes=len(self.upload.content),
            sha256=self.sha256,
            storage_key=storage_key(document_id),
            uploaded_by=self.by.name,
            created_at=at,
        )

    def _act(self, document: Document, booking: Booking, *, at: datetime) -> StaffAct:
        return StaffAct(
            id=self.ports.ids.new_id(),
            staff_name=self.by.name,
            action_type="document_added",
            description=f"put {document.file_name} on {booking.booking_number}",
            booking_id=booking.id,
            customer_id=booking.customer_id,
            created_at=at,
            subject=f"document:{document.id}",
            after={"kind": document.kind, "size_bytes": document.size_bytes},
        )


def storage_key(document_id: UUID) -> str:
    """Return where a document's file is kept: no name, nothing personal."""
    return f"documents/{document_id.hex[:2]}/{document_id}"


def _same(others: tuple[Document, ...], document: Document) -> Document | None:
    return next(
        (each for each in others if each.is_stored and each.sha256 == document.sha256), None
    )


def _require_room(others: tuple[Document, ...]) -> None:
    """Refuse one too many. Proof of delivery must not be kept out by what customers bring."""
    if sum(not each.is_proof for each in others) >= MOST_PER_BOOKING:
        raise TooManyDocumentsError


async def _remove(document: Document, uow: UnitOfWork, ports: Ports, *, at: datetime) -> None:
    await uow.documents.save(document.removed(at=at))
    await owe_removal(document, uow, ports.ids, at=at)
