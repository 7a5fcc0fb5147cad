"""A file on a booking: a photo, a certificate of insurance, a floor plan, a proof of delivery."""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Final, Protocol, Self
from uuid import UUID

from totetaxi_core.refusal import DomainError

MAX_BYTES: Final = 10 * 1_024 * 1_024
MOST_PER_BOOKING: Final = 20
COURIER: Final = "courier"
"""Who uploaded what the driver took at the door."""


class DocumentKind(StrEnum):
    PHOTO = "photo"
    CERTIFICATE_OF_INSURANCE = "certificate_of_insurance"
    FLOOR_PLAN = "floor_plan"
    PROOF_OF_DELIVERY = "proof_of_delivery"
    OTHER = "other"


UPLOADED: Final = tuple(kind for kind in DocumentKind if kind is not DocumentKind.PROOF_OF_DELIVERY)
"""What people upload; proof comes from the courier alone."""


class PersonErasedError(DomainError):
    """The booking's person was erased: what the courier took at the door is kept no more."""

    code = "person_erased"

    def __init__(self, booking_id: UUID) -> None:
        super().__init__(f"the person of booking {booking_id} was erased")


class DocumentNotFoundError(DomainError):
    """The booking has no such file: there is none, it was removed, or it is another booking's."""

    code = "document_not_found"

    def __init__(self, document_id: UUID) -> None:
        super().__init__(f"there is no document {document_id}")
        self.document_id = document_id


class TooManyDocumentsError(DomainError):
    """The booking is full: one must go before another can be added."""

    code = "too_many_documents"

    def __init__(self) -> None:
        super().__init__(f"a booking takes at most {MOST_PER_BOOKING} files: remove one first")


class DocumentsClosedError(DomainError):
    """The booking is over; its files stay as they are."""

    code = "documents_closed"

    def __init__(self, number: str, status: str) -> None:
        super().__init__(f"booking {number} is {status}: ask us to change its files")


class NotYourDocumentError(DomainError):
    """Somebody else uploaded it."""

    code = "not_your_document"

    def __init__(self, document_id: UUID) -> None:
        super().__init__(f"document {document_id} is not yours to remove")


class ProofIsKeptError(DomainError):
    """What the courier brought as proof is nobody's to remove."""

    code = "proof_is_kept"

    def __init__(self, document_id: UUID) -> None:
        super().__init__(f"document {document_id} is proof of delivery and is kept")


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """Pending until `stored_at`; then its file is kept under `storage_key`, until `removed_at`.

    `content_type` is what the content is, whatever it was called. `sha256` is in hexadecimal.
    `uploaded_by` is `guest`, `customer`, `courier` or the name of a member of staff.
    """

    id: UUID
    booking_id: UUID
    kind: DocumentKind
    file_name: str
    content_type: str
    size_bytes: int
    sha256: str
    storage_key: str
    uploaded_by: str
    created_at: datetime
    stored_at: datetime | None = None
    removed_at: datetime | None = None

    @property
    def is_stored(self) -> bool:
        return self.stored_at is not None and self.removed_at is None

    @property
    def is_proof(self) -> bool:
        return self.kind is DocumentKind.PROOF_OF_DELIVERY

    def stored(self, *, at: datetime) -> Self:
        """Return the document, whose file is kept."""
        return replace(self, stored_at=at)

    def removed(self, *, at: datetime) -> Self:
        """Return the document, gone from the booking; its file is still to be removed."""
        return replace(self, removed_at=at)


class Documents(Protocol):
    """The files on bookings, in their unit of work's transaction."""

    async def add(self, document: Document) -> None: ...

    async def save(self, document: Document) -> None:
        """Store the document as it now stands."""
        ...

    async def get(self, document_id: UUID, *, lock: bool = False) -> Document:
        """Return a document, pending and removed ones too; `lock` keeps other writers out.

        Raises:
            DocumentNotFoundError: there is none, or its customer was forgotten.
        """
        ...

    async def of_booking(self, booking_id: UUID) -> tuple[Document, ...]:
        """Return those of a booking that are not removed, pending ones too, oldest first."""
        ...

    async def pending(self, *, until: datetime, limit: int) -> tuple[UUID, ...]:
        """Return those begun at or before an instant and never stored, oldest first."""
        ...
