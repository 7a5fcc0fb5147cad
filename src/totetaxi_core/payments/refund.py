"""Money to send back, from the decision to the customer's card."""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Self
from uuid import UUID

from totetaxi_core.payments.gateway import ProviderRefund, RefundState
from totetaxi_core.refusal import DomainError

SYSTEM = "system"


class RefundStatus(StrEnum):
    REQUESTED = "requested"
    APPROVED = "approved"
    REJECTED = "rejected"
    SENT = "sent"
    SUCCEEDED = "succeeded"
    FAILED = "failed"


STATUS_OF_STATE = {
    RefundState.SUCCEEDED: RefundStatus.SUCCEEDED,
    RefundState.FAILED: RefundStatus.FAILED,
    RefundState.CANCELED: RefundStatus.FAILED,
}


class RefundNotFoundError(DomainError):
    """No refund has this id."""

    code = "refund_not_found"


@dataclass(frozen=True, slots=True, kw_only=True)
class Refund:
    """All but rejected and failed refunds count against what is left of the charge.

    One owed for a late or second payment is born approved by `system`.
    """

    id: UUID
    payment_id: UUID
    booking_id: UUID
    amount_cents: int
    reason: str
    status: RefundStatus
    requested_by: str
    created_at: datetime
    updated_at: datetime
    stripe_refund_id: str | None = None
    failure_reason: str | None = None

    def follow(self, provider: ProviderRefund, *, at: datetime) -> Self:
        """Return this refund as Stripe has it: even a success may fail days later."""
        return replace(
            self,
            status=STATUS_OF_STATE.get(provider.state, RefundStatus.SENT),
            stripe_refund_id=provider.id,
            failure_reason=provider.failure_reason,
            updated_at=at,
        )

    def fail(self, reason: str, *, at: datetime) -> Self:
        """Return this refund, refused by Stripe for good; its amount is open again."""
        return replace(self, status=RefundStatus.FAILED, failure_reason=reason, updated_at=at)
