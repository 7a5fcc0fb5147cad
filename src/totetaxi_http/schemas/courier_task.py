"""One leg of a drive, as staff see it."""

from collections.abc import Mapping
from datetime import datetime
from typing import ClassVar, Self
from uuid import UUID

import attrs

from totetaxi_core.logistics.courier_task import CourierTask, CourierTaskStatus, Leg


@attrs.frozen(kw_only=True)
class CourierTaskEntry:
    """`id` is ours, `onfleet_task_id` the courier's, null while it waits.

    `refusal` says why the courier would not take it; empty if it did not refuse.
    """

    EXAMPLE: ClassVar[Mapping[str, object]] = {
        "id": "1f0e9a52-6a0f-4d7c-9d3a-0b8f1a6f2c11",
        "leg": "pickup",
        "status": "assigned",
        "window_start_at": "2026-12-01T14:30:00Z",
        "window_end_at": "2026-12-01T15:30:00Z",
        "onfleet_task_id": "Jm4tq*Z0w1yR8~pVbX3cUeNf",
        "onfleet_short_id": "7be01c4d",
        "tracking_url": "https://onf.lt/7be01c4d9a",
        "worker_name": "Lou Reed",
        "estimated_arrival_at": None,
        "started_at": None,
        "completed_at": None,
        "failure_reason": "",
        "driver_notes": "",
        "address_warnings": [],
        "refusal": "",
        "last_synced_at": "2026-12-01T13:05:00Z",
    }

    id: UUID
    leg: Leg
    status: CourierTaskStatus
    window_start_at: datetime
    window_end_at: datetime
    onfleet_task_id: str | None
    onfleet_short_id: str
    tracking_url: str
    worker_name: str
    estimated_arrival_at: datetime | None
    started_at: datetime | None
    completed_at: datetime | None
    failure_reason: str
    driver_notes: str
    address_warnings: tuple[str, ...]
    refusal: str
    last_synced_at: datetime | None

    @classmethod
    def of(cls, task: CourierTask) -> Self:
        return cls(**{name: getattr(task, name) for name in NAMES})


NAMES = tuple(field.name for field in attrs.fields(CourierTaskEntry))
