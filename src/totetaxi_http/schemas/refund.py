"""A refund as staff see it."""

from collections.abc import Mapping
from datetime import datetime
from typing import ClassVar, Self
from uuid import UUID

import attrs

from totetaxi_core.payments.refund import Refund, RefundStatus


@attrs.frozen(kw_only=True)
class RefundResponse:
    """`updated_at` is when it came to stand as it does; `decided_by` approved or rejected it."""

    EXAMPLE: ClassVar[Mapping[str, object]] = {
        "id": "5f0c8f0e-6d43-4c0a-9a53-2a8f0e1c7b55",
        "booking_id": "0b9c4f6e-3a57-4d1e-9a64-5f8b2c7d1e90",
        "booking_number": "TT-7K3M9QXA",
        "amount_cents": 5_000,
        "reason": "a box was wet",
        "status": "requested",
        "requested_by": "maria",
        "created_at": "2026-11-25T15:04:10Z",
        "updated_at": "2026-11-25T15:04:10Z",
        "stripe_refund_id": None,
        "failure_reason": None,
        "decided_by": None,
    }

    id: UUID
    booking_id: UUID
    booking_number: str
    amount_cents: int
    reason: str
    status: RefundStatus
    requested_by: str
    created_at: datetime
    updated_at: datetime
    stripe_refund_id: str | None
    failure_reason: str | None
    decided_by: str | None

    @classmethod
    def from_refund(cls, refund: Refund, *, booking_number: str) -> Self:
        return cls(
            id=refund.id,
            booking_id=refund.booking_id,
            booking_number=booking_number,
            amount_cents=refund.amount_cents,
            reason=refund.reason,
            status=refund.status,
            requested_by=refund.requested_by,
            created_at=refund.created_at,
            updated_at=refund.updated_at,
            stripe_refund_id=refund.stripe_refund_id,
            failure_reason=refund.failure_reason,
            decided_by=refund.decided_by,
        )
