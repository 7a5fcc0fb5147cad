"""A refund as staff see it."""

from datetime import datetime
from typing import Self
from uuid import UUID

import attrs

from totetaxi_core.payments.refund import Refund, RefundStatus


@attrs.frozen(kw_only=True)
class RefundResponse:
    """`updated_at` is when it came to stand as it does."""

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
        )
