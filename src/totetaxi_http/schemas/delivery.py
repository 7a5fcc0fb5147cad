"""A booking's drive, as its customer follows it."""

from collections.abc import Mapping
from datetime import datetime
from typing import ClassVar, Self
from uuid import UUID

import attrs

from totetaxi_core.documents.document import Document
from totetaxi_core.logistics.courier_task import CourierTaskStatus, Leg
from totetaxi_core.logistics.delivery_view import LegView


@attrs.frozen(kw_only=True)
class DeliveryLegResponse:
    """One leg. `tracking_url` shows where the driver is, once the courier has the leg."""

    EXAMPLE: ClassVar[Mapping[str, object]] = {
        "leg": "pickup",
        "status": "assigned",
        "window_start_at": "2026-12-01T14:30:00Z",
        "window_end_at": "2026-12-01T15:30:00Z",
        "estimated_arrival_at": "2026-12-01T14:41:00Z",
        "started_at": None,
        "completed_at": None,
        "tracking_url": "https://onf.lt/7be01c4d9a",
    }

    leg: Leg
    status: CourierTaskStatus
    window_start_at: datetime | None
    window_end_at: datetime | None
    estimated_arrival_at: datetime | None
    started_at: datetime | None
    completed_at: datetime | None
    tracking_url: str | None

    @classmethod
    def of(cls, leg: LegView) -> Self:
        return cls(**{name: getattr(leg, name) for name in NAMES})


NAMES = tuple(field.name for field in attrs.fields(DeliveryLegResponse))


@attrs.frozen(kw_only=True)
class DeliveryProofResponse:
    """A photo or signature; `url` takes what the booking was asked for with: token or login."""

    EXAMPLE: ClassVar[Mapping[str, object]] = {
        "document_id": "7c1d5b1e-94f2-4a52-8f0b-3f6a1c9d2e77",
        "file_name": "dropoff-photo-1.png",
        "url": "https://api.totetaxi.com/api/public/manage/documents/"
        "7c1d5b1e-94f2-4a52-8f0b-3f6a1c9d2e77",
    }

    document_id: UUID
    file_name: str
    url: str

    @classmethod
    def of(cls, document: Document, *, folder_url: str) -> Self:
        """Return it; `folder_url` is the address of the booking's documents."""
        return cls(
            document_id=document.id,
            file_name=document.file_name,
            url=f"{folder_url}/{document.id}",
        )
