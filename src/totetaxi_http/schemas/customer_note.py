"""Notes of staff on a customer, and the contact log."""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, ClassVar, Self
from uuid import UUID

import attrs

from totetaxi_core.customers.customer_contact import (
    MAX_SUMMARY,
    ContactChannel,
    ContactDirection,
    CustomerContact,
)
from totetaxi_core.customers.customer_note import MAX_NOTE, CustomerNote
from totetaxi_core.customers.write_customer_note import NewContact
from totetaxi_http.schemas.customer import CustomerProfileResponse
from totetaxi_http.wire.constraints import Text

CUSTOMER_ID = CustomerProfileResponse.EXAMPLE["id"]


@attrs.frozen(kw_only=True)
class CustomerNoteBody:
    """The words; who wrote them, and when, is known."""

    EXAMPLE: ClassVar[Mapping[str, object]] = {"text": "Prefers to be called, not written to."}

    text: Annotated[str, Text(max_length=MAX_NOTE, multiline=True)]


@attrs.frozen(kw_only=True)
class CustomerNoteResponse:
    """A note; it is never changed."""

    EXAMPLE: ClassVar[Mapping[str, object]] = {
        "id": "3a2b1c0d-6d43-4c0a-9a53-2a8f0e1c7b11",
        "customer_id": CUSTOMER_ID,
        "staff_name": "maria",
        "text": "Prefers to be called, not written to.",
        "created_at": "2026-11-25T16:20:00Z",
    }

    id: UUID
    customer_id: UUID
    staff_name: str
    text: str
    created_at: datetime

    @classmethod
    def from_note(cls, note: CustomerNote) -> Self:
        return cls(
            id=note.id,
            customer_id=note.customer_id,
            staff_name=note.staff_name,
            text=note.text,
            created_at=note.created_at,
        )


@attrs.frozen(kw_only=True)
class CustomerNotesResponse:
    """Newest first; `next` leads to older ones, `previous` to newer ones."""

    EXAMPLE: ClassVar[Mapping[str, object]] = {
        "results": [CustomerNoteResponse.EXAMPLE],
        "next": None,
        "previous": None,
    }

    results: tuple[CustomerNoteResponse, ...]
    next: str | None
    previous: str | None


@attrs.frozen(kw_only=True)
class CustomerContactBody:
    """How we spoke, who began, and what about."""

    EXAMPLE: ClassVar[Mapping[str, object]] = {
        "channel": "phone",
        "direction": "inbound",
        "summary": "Asked whether the crew can come at nine.",
    }

    channel: ContactChannel
    direction: ContactDirection
    summary: Annotated[str, Text(max_length=MAX_SUMMARY, multiline=True)]

    def to_contact(self) -> NewContact:
        return NewContact(channel=self.channel, direction=self.direction, summary=self.summary)


@attrs.frozen(kw_only=True)
class CustomerContactResponse:
    """A contact; it is never changed."""

    EXAMPLE: ClassVar[Mapping[str, object]] = {
        "id": "4b3c2d1e-6d43-4c0a-9a53-2a8f0e1c7b22",
        "customer_id": CUSTOMER_ID,
        "channel": "phone",
        "direction": "inbound",
        "summary": "Asked whether the crew can come at nine.",
        "staff_name": "maria",
        "created_at": "2026-11-25T16:10:00Z",
    }

    id: UUID
    customer_id: UUID
    channel: ContactChannel
    direction: ContactDirection
    summary: str
    staff_name: str
    created_at: datetime

    @classmethod
    def from_contact(cls, contact: CustomerContact) -> Self:
        return cls(
            id=contact.id,
            customer_id=contact.customer_id,
            channel=contact.channel,
            direction=contact.direction,
            summary=contact.summary,
            staff_name=contact.staff_name,
            created_at=contact.created_at,
        )


@attrs.frozen(kw_only=True)
class CustomerContactsResponse:
    """Newest first; `next` leads to older ones, `previous` to newer ones."""

    EXAMPLE: ClassVar[Mapping[str, object]] = {
        "results": [CustomerContactResponse.EXAMPLE],
        "next": None,
        "previous": None,
    }

    results: tuple[CustomerContactResponse, ...]
    next: str | None
    previous: str | None
