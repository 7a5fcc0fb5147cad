"""What staff did, on the wire."""

from collections.abc import Mapping
from datetime import datetime
from typing import ClassVar, Self
from uuid import UUID

import attrs

from totetaxi_core.staff.origin import Channel
from totetaxi_core.staff.staff_act import Facts, RecordedAct


@attrs.frozen(kw_only=True)
class StaffActResponse:
    """An act, or a refusal; `position` is its place in the chain, `digest` what proves it."""

    EXAMPLE: ClassVar[Mapping[str, object]] = {
        "position": 42,
        "id": "5f0c8f0e-6d43-4c0a-9a53-2a8f0e1c7b55",
        "staff_name": "maria",
        "staff_id": "6f0e1d5a-51a5-4c39-8a0e-0c7e4b1f5d21",
        "action_type": "refund_issued",
        "description": "approved a refund of 5000 cents for TT-7K3M9QXA: a box was wet",
        "is_refused": False,
        "booking_id": "0b9c4f6e-3a57-4d1e-9a64-5f8b2c7d1e90",
        "customer_id": None,
        "subject": None,
        "channel": "http",
        "ip_address": "192.0.2.7",
        "user_agent": "Mozilla/5.0",
        "before": None,
        "after": None,
        "is_erased": False,
        "created_at": "2026-11-25T15:04:10Z",
        "digest": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
    }

    position: int
    id: UUID
    staff_name: str
    staff_id: UUID | None
    action_type: str
    description: str
    is_refused: bool
    booking_id: UUID | None
    customer_id: UUID | None
    subject: str | None
    channel: Channel | None
    ip_address: str | None
    user_agent: str
    before: Facts | None
    after: Facts | None
    is_erased: bool
    created_at: datetime
    digest: str

    @classmethod
    def from_recorded(cls, recorded: RecordedAct) -> Self:
        act, link = recorded.act, recorded.link
        return cls(
            position=link.position,
            id=act.id,
            staff_name=act.staff_name,
            staff_id=act.staff_id,
            action_type=act.action_type,
            description=act.description,
            is_refused=act.is_refused,
            booking_id=act.booking_id,
            customer_id=act.customer_id,
            subject=act.subject,
            channel=act.channel,
            ip_address=act.ip_address,
            user_agent=act.user_agent,
            before=None if act.before is None else dict(act.before),
            after=None if act.after is None else dict(act.after),
            is_erased=link.salt is None,
            created_at=act.created_at,
            digest=link.digest,
        )
