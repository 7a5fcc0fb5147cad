"""Notes of staff on a booking."""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, ClassVar, Self
from uuid import UUID

import attrs

from totetaxi_core.bookings.booking_note import MAX_NOTE, BookingNote
from totetaxi_http.wire.constraints import Text


@attrs.frozen(kw_only=True)
class BookingNoteBody:
    """The words; who wrote them, and when, is known."""

    EXAMPLE: ClassVar[Mapping[str, object]] = {"text": "The elevator is out of order."}

    text: Annotated[str, Text(max_length=MAX_NOTE, multiline=True)]


@attrs.frozen(kw_only=True)
class BookingNoteResponse:
    """A note; it is never changed."""

    EXAMPLE: ClassVar[Mapping[str, object]] = {
        "id": "2f1c8f0e-6d43-4c0a-9a53-2a8f0e1c7b99",
        "booking_id": "0b9c4f6e-3a57-4d1e-9a64-5f8b2c7d1e90",
        "staff_name": "maria",
        "text": "The elevator is out of order.",
        "created_at": "2026-11-25T16:20:00Z",
    }

    id: UUID
    booking_id: UUID
    staff_name: str
    text: str
    created_at: datetime

    @classmethod
    def from_note(cls, note: BookingNote) -> Self:
        return cls(
            id=note.id,
            booking_id=note.booking_id,
            staff_name=note.staff_name,
            text=note.text,
            created_at=note.created_at,
        )


@attrs.frozen(kw_only=True)
class BookingNotesResponse:
    """Newest first; `next` leads to older ones, `previous` to newer ones."""

    EXAMPLE: ClassVar[Mapping[str, object]] = {
        "results": [BookingNoteResponse.EXAMPLE],
        "next": None,
        "previous": None,
    }

    results: tuple[BookingNoteResponse, ...]
    next: str | None
    previous: str | None
