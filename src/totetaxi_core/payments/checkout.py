"""The port to Stripe's own pay page: a Checkout session for one attempt to collect a payment."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol
from uuid import UUID

from totetaxi_core.refusal import DomainError


class SessionStatus(StrEnum):
    """`complete` says that the payer is through the page, not that we have the money."""

    OPEN = "open"
    COMPLETE = "complete"
    EXPIRED = "expired"
    UNKNOWN = "unknown"


class SessionPayment(StrEnum):
    """`unpaid` on a complete session: a bank is still at it, or has refused."""

    PAID = "paid"
    UNPAID = "unpaid"
    NO_PAYMENT_REQUIRED = "no_payment_required"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionOrder:
    """What to collect, for which of our rows. Nothing volatile: a keyed call must repeat itself.

    `expires_at` is the attempt's own, stored before the call: a whole second in UTC, 30 min to
    24 h ahead.
    """

    booking_id: UUID
    booking_number: str
    payment_id: UUID
    attempt: int
    amount_cents: int
    receipt_email: str
    expires_at: datetime

    @property
    def idempotency_key(self) -> str:
        return f"payment:{self.payment_id}:{self.attempt}"


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckoutSession:
    """A pay page at Stripe, as it stood when asked.

    `url` is where the payer pays, None unless the session is open. `intent_id` is None until the
    payer begins to pay. `booking_id`, `payment_id` and `attempt` come from our metadata; None
    marks a session that is not ours.
    """

    id: str
    status: SessionStatus
    payment_status: SessionPayment
    url: str | None
    intent_id: str | None
    expires_at: datetime
    booking_id: UUID | None
    payment_id: UUID | None
    attempt: int | None = None


class SessionNotFoundError(DomainError):
    """Stripe knows no Checkout session of this id."""

    code = "checkout_session_not_found"


class SessionEndError(DomainError):
    """Stripe makes no session that ends so soon or so late, and made none for this order's key."""

    code = "checkout_session_end"


class CheckoutGateway(Protocol):
    """The payment provider's pay pages.

    Every method may raise PaymentUnavailableError or PaymentMisconfiguredError, and is never
    called inside a transaction.
    """

    async def create_session(self, order: SessionOrder) -> CheckoutSession:
        """Create the session, or return the one this order's key made within the last 24 h.

        Raises:
            SessionEndError: it would end in less than 30 min or more than 24 h; none was made.
        """
        ...

    async def get_session(self, session_id: str) -> CheckoutSession:
        """Return the session as it stands now.

        Raises:
            SessionNotFoundError: Stripe has no such session.
        """
        ...

    async def expire_session(self, session_id: str) -> CheckoutSession:
        """End the session and return how it stands: `complete` if the payer was faster.

        Raises:
            SessionNotFoundError: Stripe has no such session.
        """
        ...
