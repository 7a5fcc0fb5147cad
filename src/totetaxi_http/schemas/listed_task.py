"""A courier task as staff find it."""

from collections.abc import Mapping
from datetime import datetime
from typing import ClassVar, Final, Self
from uuid import UUID

import attrs

from totetaxi_core.bookings.booking_status import BookingStatus
from totetaxi_core.documents.document import Document
from totetaxi_core.logistics.dispatch_desk import FoundTask
from totetaxi_core.logistics.find_tasks import ShownTask
from totetaxi_core.logistics.sync_by_staff import SyncRound, TaskLook
from totetaxi_core.logistics.task_warning import TaskWarning, warnings_of
from totetaxi_http.schemas.courier_task import CourierTaskEntry

BOOKING_ID: Final = "0b9c4f6e-3a57-4d1e-9a64-5f8b2c7d1e90"
DOCUMENT_ID: Final = "7c1d5b1e-94f2-4a52-8f0b-3f6a1c9d2e77"
TASK_ID: Final[Mapping[str, str]] = {"task_id": str(CourierTaskEntry.EXAMPLE["id"])}


@attrs.frozen(kw_only=True)
class ListedTaskResponse(CourierTaskEntry):
    """A task and its booking's number and status; `warnings` name what is to be seen to."""

    EXAMPLE: ClassVar[Mapping[str, object]] = {
        **CourierTaskEntry.EXAMPLE,
        "booking_id": BOOKING_ID,
        "booking_number": "TT-7K3M9QXA",
        "booking_status": "confirmed",
        "warnings": [],
    }

    booking_id: UUID
    booking_number: str
    booking_status: BookingStatus
    warnings: tuple[TaskWarning, ...]

    @classmethod
    def from_found(cls, found: FoundTask, *, at: datetime) -> Self:
        """Return it as seen at an instant."""
        return cls(
            **attrs.asdict(CourierTaskEntry.of(found.task), recurse=False),
            booking_id=found.task.booking_id,
            booking_number=found.booking_number,
            booking_status=found.booking_status,
            warnings=warnings_of(found.task, at=at),
        )


@attrs.frozen(kw_only=True)
class ProofResponse:
    """A photo or signature that proves a delivery; `url` takes the caller's own access token."""

    EXAMPLE: ClassVar[Mapping[str, object]] = {
        "document_id": DOCUMENT_ID,
        "file_name": "pickup-photo-1.png",
        "url": f"https://api.totetaxi.com/api/staff/documents/bookings/{BOOKING_ID}/{DOCUMENT_ID}",
    }

    document_id: UUID
    file_name: str
    url: str

    @classmethod
    def for_staff(
        cls, document_id: UUID, file_name: str, *, booking_id: UUID, public_url: str
    ) -> Self:
        path = f"/api/staff/documents/bookings/{booking_id}/{document_id}"
        return cls(document_id=document_id, file_name=file_name, url=f"{public_url}{path}")


@attrs.frozen(kw_only=True)
class TaskFileResponse:
    """A task, and what was photographed and signed at its end."""

    EXAMPLE: ClassVar[Mapping[str, object]] = {
        "task": {**ListedTaskResponse.EXAMPLE, "status": "completed"},
        "proof": [ProofResponse.EXAMPLE],
    }

    task: ListedTaskResponse
    proof: tuple[ProofResponse, ...]

    @classmethod
    def from_shown(cls, shown: ShownTask, *, at: datetime, public_url: str) -> Self:
        def proof(one: Document) -> ProofResponse:
            return ProofResponse.for_staff(
                one.id, one.file_name, booking_id=one.booking_id, public_url=public_url
            )

        return cls(
            task=ListedTaskResponse.from_found(shown.found, at=at),
            proof=tuple(map(proof, shown.proof)),
        )


@attrs.frozen(kw_only=True)
class SyncedTaskResponse:
    """The task as it now stands; `changed` names its fields that were otherwise before."""

    EXAMPLE: ClassVar[Mapping[str, object]] = {
        "task": {**CourierTaskEntry.EXAMPLE, "status": "active"},
        "changed": ["status", "started_at"],
    }

    task: CourierTaskEntry
    changed: tuple[str, ...]

    @classmethod
    def from_look(cls, look: TaskLook) -> Self:
        return cls(task=CourierTaskEntry.of(look.after), changed=look.changed)


@attrs.frozen(kw_only=True)
class SyncRoundResponse:
    """How many tasks were looked at, and how many of them had news.

    The bookings of `refused` could not follow yet, and do with the next look. `left` open tasks
    were not looked at: call again.
    """

    EXAMPLE: ClassVar[Mapping[str, object]] = {"synced": 12, "changed": 3, "refused": 0, "left": 0}

    synced: int
    changed: int
    refused: int
    left: int

    @classmethod
    def from_round(cls, ended: SyncRound) -> Self:
        return cls(
            synced=ended.synced, changed=ended.changed, refused=ended.refused, left=ended.left
        )


@attrs.frozen(kw_only=True)
class BookingTasksResponse:
    """A booking's tasks that are not deleted, the pickup first; there is no other page."""

    EXAMPLE: ClassVar[Mapping[str, object]] = {
        "booking_id": BOOKING_ID,
        "results": [{**CourierTaskEntry.EXAMPLE, "status": "created", "worker_name": ""}],
    }

    booking_id: UUID
    results: tuple[CourierTaskEntry, ...]
