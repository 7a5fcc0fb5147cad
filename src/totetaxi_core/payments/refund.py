"""Money to send back, from the decision to the customer's card."""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Self
from uuid import UUID

from totetaxi_core.payments.gateway import ProviderRefund, RefundState
from totetaxi_core.refusal import DomainError

SYSTEM = "system"
STRIPE = "stripe"  # asked for in Stripe's own dashboard


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

AFTER: dict[RefundStatus, frozenset[RefundStatus]] = {
    RefundStatus.SUCCEEDED: frozenset({RefundStatus.SUCCEEDED, RefundStatus.FAILED}),
    RefundStatus.FAILED: frozenset({RefundStatus.FAILED}),
}


class RefundNotFoundError(DomainError):
    """No refund has this id."""

    code = "refund_not_found"


class InvalidRefundTransitionError(DomainError):
    """Only a refund that waits for a decision can be approved or rejected."""

    code = "invalid_transition"
    field = "status"

    def __init__(self, refund_id: UUID, status: RefundStatus, target: RefundStatus) -> None:
        super().__init__(f"refund {refund_id} is {status} and cannot become {target}")
        self.status, self.target = status, target


@dataclass(frozen=True, slots=True, kw_only=True)
class Refund:
    """All but rejected and failed refunds count against what is left of the charge.

    `requested_by` is the name of a member of staff, `system` (owed by the terms, or for a late or
    second payment) or `stripe` (begun in its own dashboard); only staff's own need approval, by
    `decided_by`, who may have rejected it too.
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
    decided_by: str | None = None

    def approve(self, *, by: str, at: datetime) -> Self:
        """Return this refund, to be sent.

        Raises:
            InvalidRefundTransitionError: it does not wait for a decision.
        """
        return self._decide(RefundStatus.APPROVED, by=by, at=at)

    def reject(self, *, by: str, at: datetime) -> Self:
        """Return this refund, refused; its amount is open again.

        Raises:
            InvalidRefundTransitionError: it does not wait for a decision.
        """
        return self._decide(RefundStatus.REJECTED, by=by, at=at)

    def follow(self, provider: ProviderRefund, *, at: datetime) -> Self:
        """Return this refund as Stripe has it: even a success may fail days later.

        A look that is older than what we know changes nothing: a failure is final, and a success
        does not become pending again.
        """
        status = STATUS_OF_STATE.get(provider.state, RefundStatus.SENT)
        if status not in AFTER.get(self.status, {status}):
            return self
        return replace(
            self,
            status=status,
            stripe_refund_id=provider.id,
            failure_reason=provider.failure_reason,
            updated_at=at,
        )

    def fail(self, reason: str, *, at: datetime) -> Self:
        """Return this refund, refused by Stripe for good; its amount is open again."""
        return replace(self, status=RefundStatus.FAILED, failure_reason=reason, updated_at=at)

    def _decide(self, target: RefundStatus, *, by: str, at: datetime) -> Self:
        if self.status is not RefundStatus.REQUESTED:
            raise InvalidRefundTransitionError(self.id, self.status, target)
        return replace(self, status=target, decided_by=by, updated_at=at)
