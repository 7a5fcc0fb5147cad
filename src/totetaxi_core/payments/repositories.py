"""Ports to payments, attempts, refunds and disputes, in their unit of work's transaction."""

from datetime import datetime
from typing import Protocol
from uuid import UUID

from totetaxi_core.payments.dispute import Dispute
from totetaxi_core.payments.payment import Payment, PaymentAttempt
from totetaxi_core.payments.refund import Refund, RefundStatus
from totetaxi_core.refusal import DomainError


class LiveAttemptExistsError(DomainError):
    """The booking has a live payment attempt already."""

    code = "payment_in_progress"


class PaymentRepository(Protocol):
    """Every payment and its attempts."""

    async def add(self, payment: Payment) -> None: ...

    async def save(self, payment: Payment) -> None:
        """Store the payment as it now stands."""
        ...

    async def of_booking(self, booking_id: UUID, *, lock: bool = False) -> tuple[Payment, ...]:
        """Return the booking's payments, oldest first; `lock` keeps other writers out."""
        ...

    async def add_attempt(self, attempt: PaymentAttempt) -> None:
        """Store a new attempt.

        Raises:
            LiveAttemptExistsError: it is live and the booking has a live one.
        """
        ...

    async def save_attempt(self, attempt: PaymentAttempt) -> None: ...

    async def attempts(self, booking_id: UUID) -> tuple[PaymentAttempt, ...]:
        """Return every attempt for the booking, oldest first."""
        ...

    async def attempt_of_intent(self, intent_id: str) -> PaymentAttempt | None:
        """Return the attempt that has this intent of Stripe's, None if we have none."""
        ...

    async def attempts_to_check(
        self, *, checked_before: datetime, limit: int
    ) -> tuple[PaymentAttempt, ...]:
        """Return live attempts made and last checked before an instant, longest unchecked first."""
        ...


class RefundRepository(Protocol):
    """Every refund."""

    async def add(self, refund: Refund) -> None:
        """Store a new refund.

        Raises:
            RefundExceedsPaymentError: with those that count already it exceeds its payment.
        """
        ...

    async def save(self, refund: Refund) -> None:
        """Store the refund as it now stands."""
        ...

    async def get(self, refund_id: UUID, *, lock: bool = False) -> Refund:
        """Return the refund; `lock` keeps other writers out until commit.

        Raises:
            RefundNotFoundError: no refund has this id.
        """
        ...

    async def of_booking(self, booking_id: UUID) -> tuple[Refund, ...]:
        """Return the booking's refunds, oldest first."""
        ...

    async def page(
        self, *, status: RefundStatus | None, after: tuple[datetime, UUID] | None, limit: int
    ) -> tuple[Refund, ...]:
        """Return refunds newest first by (`created_at`, `id`), those older than `after`."""
        ...


class Disputes(Protocol):
    """Every dispute. Its writers hold the lock of its booking."""

    async def add(self, dispute: Dispute) -> None: ...

    async def save(self, dispute: Dispute) -> None:
        """Store the dispute as it now stands."""
        ...

    async def find(self, stripe_dispute_id: str) -> Dispute | None:
        """Return the dispute that Stripe has under this id, None if we do not have it."""
        ...

    async def of_booking(self, booking_id: UUID) -> tuple[Dispute, ...]:
        """Return the booking's disputes, oldest first."""
        ...
