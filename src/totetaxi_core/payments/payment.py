"""What a booking owes us, and each attempt to collect it."""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Self
from uuid import UUID

from totetaxi_core.payments.gateway import PaymentIntent


class PaymentPurpose(StrEnum):
    """`reschedule` is the difference to a dearer slot that the booking moves to once it is paid.

    `duplicate` is money that came a second time for the same booking, to be sent back.
    """

    BOOKING = "booking"
    RESCHEDULE = "reschedule"
    DUPLICATE = "duplicate"


class PaymentStatus(StrEnum):
    PENDING = "pending"
    PROCESSING = "processing"
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    CANCELED = "canceled"


class AttemptState(StrEnum):
    """A booking has at most one live attempt."""

    LIVE = "live"
    SUCCEEDED = "succeeded"
    ENDED = "ended"


class AttemptKind(StrEnum):
    """Where the payer pays: on our own page by an intent, or on Stripe's by a Checkout session."""

    INTENT = "intent"
    CHECKOUT = "checkout"


@dataclass(frozen=True, slots=True, kw_only=True)
class Payment:
    """Instants in UTC. The charge and card are known once it succeeded."""

    id: UUID
    booking_id: UUID
    purpose: PaymentPurpose
    status: PaymentStatus
    amount_cents: int
    customer_email: str
    created_at: datetime
    updated_at: datetime
    completed_at: datetime | None = None
    stripe_charge_id: str | None = None
    card_brand: str | None = None
    card_last_four: str | None = None

    def succeed(self, intent: PaymentIntent, *, at: datetime) -> Self:
        """Return this payment, paid by the intent. A success is never undone."""
        return replace(
            self,
            status=PaymentStatus.SUCCEEDED,
            completed_at=at,
            updated_at=at,
            stripe_charge_id=intent.charge_id,
            card_brand=intent.card_brand,
            card_last_four=intent.card_last_four,
        )

    def move_to(self, status: PaymentStatus, *, at: datetime) -> Self:
        """Return this payment in another state; one that succeeded stays as it is."""
        if self.status in (PaymentStatus.SUCCEEDED, status):
            return self
        return replace(self, status=status, updated_at=at)


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentAttempt:
    """One intent or Checkout session of a payment. `number`, from 1, makes its idempotency key.

    `intent_id` and `session_id` are None until Stripe's answer is stored; Stripe may know them
    before us. A session has no intent until its payer begins to pay. `expires_at` is when the
    session ends at Stripe; both it and `session_id` are a checkout attempt's alone.
    `stripe_customer_id` is whose saved cards its intent may be confirmed with, an intent's alone.
    """

    id: UUID
    payment_id: UUID
    booking_id: UUID
    number: int
    state: AttemptState
    created_at: datetime
    intent_id: str | None = None
    checked_at: datetime | None = None
    kind: AttemptKind = AttemptKind.INTENT
    session_id: str | None = None
    expires_at: datetime | None = None
    stripe_customer_id: str | None = None
