"""A fact that client systems hear of."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TypeAlias
from uuid import UUID

Facts: TypeAlias = Mapping[str, str | int | bool | None]


def instant_text(at: datetime) -> str:
    """Return an aware instant as ISO 8601 in UTC, such as `2026-12-01T14:00:00Z`."""
    return at.astimezone(UTC).isoformat().replace("+00:00", "Z")


@dataclass(frozen=True, slots=True, kw_only=True)
class WebhookEvent:
    """`type` is one of EventType, or TEST_TYPE, which is about no booking.

    `sequence` counts the stored events of a booking, from 1; 0 until stored. `payload` holds how
    things stood then: ids, states, amounts and times, nothing personal.
    """

    id: UUID
    type: str
    booking_id: UUID | None
    payload: Facts = field(default_factory=dict)
    created_at: datetime
    sequence: int = 0

    @property
    def body(self) -> bytes:
        """The JSON that is sent: the same at every attempt, to the byte."""
        content = {
            "id": str(self.id),
            "type": self.type,
            "timestamp": instant_text(self.created_at),
            "sequence": self.sequence,
            "data": dict(self.payload),
        }
        return json.dumps(content, sort_keys=True, separators=(",", ":")).encode()
