"""Files on bookings, as clients see and send them."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, ClassVar, Final, Literal, Self
from uuid import UUID

import attrs

from totetaxi_core.documents.document import Document, DocumentKind

UploadedKind = Literal["photo", "certificate_of_insurance", "floor_plan", "other"]
DOCUMENT_ID: Final = "7c1d5b1e-94f2-4a52-8f0b-3f6a1c9d2e77"


@attrs.frozen(kw_only=True)
class DocumentFields:
    """What an upload says beside its file."""

    kind: UploadedKind


@attrs.frozen(kw_only=True)
class DocumentResponse:
    """A file on a booking; `content_type` is what its content is, `sha256` is in hexadecimal."""

    EXAMPLE: ClassVar[Mapping[str, Any]] = {
        "id": DOCUMENT_ID,
        "booking_id": "0b9c4f6e-3a57-4d1e-9a64-5f8b2c7d1e90",
        "kind": "photo",
        "file_name": "The piano, from the left.jpg",
        "content_type": "image/jpeg",
        "size_bytes": 1_834_022,
        "sha256": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
        "uploaded_by": "guest",
        "created_at": "2026-11-25T16:20:00Z",
    }

    id: UUID
    booking_id: UUID
    kind: DocumentKind
    file_name: str
    content_type: str
    size_bytes: int
    sha256: str
    uploaded_by: str = attrs.field(
        metadata={"description": "`guest`, `customer`, `courier`, or who of the staff."}
    )
    created_at: datetime

    @classmethod
    def from_document(cls, document: Document) -> Self:
        return cls(
            id=document.id,
            booking_id=document.booking_id,
            kind=document.kind,
            file_name=document.file_name,
            content_type=document.content_type,
            size_bytes=document.size_bytes,
            sha256=document.sha256,
            uploaded_by=document.uploaded_by,
            created_at=document.created_at,
        )

    def for_customers(self) -> Self:
        """Return the same without the name of a member of staff."""
        known = ("guest", "customer", "courier")
        return self if self.uploaded_by in known else attrs.evolve(self, uploaded_by="staff")


@attrs.frozen(kw_only=True)
class DocumentsResponse:
    """Every file of a booking, oldest first; there is no other page."""

    EXAMPLE: ClassVar[Mapping[str, object]] = {
        "results": [DocumentResponse.EXAMPLE],
        "next": None,
        "previous": None,
    }

    results: tuple[DocumentResponse, ...]
    next: str | None = None
    previous: str | None = None

    @classmethod
    def for_customers(cls, documents: Iterable[Document]) -> Self:
        """Return them as whoever is moved sees them."""
        shown = (DocumentResponse.from_document(each).for_customers() for each in documents)
        return cls(results=tuple(shown))


@attrs.frozen(kw_only=True)
class DocumentRemovedResponse:
    """It is gone from the booking; the file itself goes within minutes."""

    EXAMPLE: ClassVar[Mapping[str, object]] = {"message": "The file is removed."}

    message: str = "The file is removed."
