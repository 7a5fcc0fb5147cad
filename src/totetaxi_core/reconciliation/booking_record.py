"""Everything our records say about the money of one booking."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Self
from uuid import UUID

from totetaxi_core.bookings.booking_status import BookingStatus, CancellationReason
from totetaxi_core.payments.dispute import Dispute
from totetaxi_core.payments.payment import (
    AttemptState,
    Payment,
    PaymentAttempt,
    PaymentPurpose,
    PaymentStatus,
)
from totetaxi_core.payments.refund import Refund
from totetaxi_core.payments.refundable import FOR_THE_BOOKING


@dataclass(frozen=True, slots=True, kw_only=True)
class BookingRecord:
    """Instants in UTC; payments, attempts, refunds and disputes oldest first.

    `ledger_stripe_cents` is what the ledger holds for it in the account `stripe`, and
    `ledger_causes` the causes of its entries. `has_code_use`: it counts against a discount code.
    """

    booking_id: UUID
    booking_number: str
    status: BookingStatus
    cancellation_reason: CancellationReason | None
    total_cents: int
    price_book_version: int
    pickup_at: datetime
    cancelled_at: datetime | None
    payments: tuple[Payment, ...] = ()
    attempts: tuple[PaymentAttempt, ...] = ()
    refunds: tuple[Refund, ...] = ()
    disputes: tuple[Dispute, ...] = ()
    ledger_stripe_cents: int = 0
    ledger_causes: frozenset[str] = frozenset()
    has_code_use: bool = False

    @property
    def paid(self) -> tuple[Payment, ...]:
        """The payments that succeeded, money that came twice among them."""
        return tuple(one for one in self.payments if one.status is PaymentStatus.SUCCEEDED)

    @property
    def paid_for_booking(self) -> tuple[Payment, ...]:
        """Its own price, and the differences of its reschedules."""
        return tuple(one for one in self.paid if one.purpose in FOR_THE_BOOKING)

    def payment_named(self, payment_id: UUID | None) -> Payment | None:
        """Return the payment that an intent names: a reschedule's, else the booking's own price."""
        own = None
        for one in self.payments:
            if one.id == payment_id and one.purpose is PaymentPurpose.RESCHEDULE:
                return one
            if own is None and one.purpose is PaymentPurpose.BOOKING:
                own = one
        return own

    def attempt_of_intent(self, intent_id: str) -> PaymentAttempt | None:
        return next((one for one in self.attempts if one.intent_id == intent_id), None)

    def attempt_that_paid(self, payment: Payment) -> PaymentAttempt | None:
        """Return the attempt by which the payment succeeded."""
        return next(
            (
                one
                for one in self.attempts
                if one.payment_id == payment.id and one.state is AttemptState.SUCCEEDED
            ),
            None,
        )

    def withdrawn_cents(self, payment: Payment) -> int:
        """Return what disputes hold of the payment."""
        return sum(one.withdrawn_cents for one in self.disputes if one.payment_id == payment.id)

    def at_rest(self) -> Self:
        """Return this record without what changes while nothing happens: when we last looked."""
        attempts = tuple(replace(one, checked_at=None) for one in self.attempts)
        return replace(self, attempts=attempts)
