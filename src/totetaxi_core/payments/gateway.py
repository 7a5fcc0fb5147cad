"""The port to the payment provider: intents in, refunds out, events back."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol
from uuid import UUID

from totetaxi_core.refusal import DomainError

CARD_GONE = "This card can no longer be used. Please use another card."


class IntentStatus(StrEnum):
    """Where a payment intent stands. A decline returns it to `requires_payment_method`."""

    REQUIRES_PAYMENT_METHOD = "requires_payment_method"
    REQUIRES_CONFIRMATION = "requires_confirmation"
    REQUIRES_ACTION = "requires_action"
    PROCESSING = "processing"
    REQUIRES_CAPTURE = "requires_capture"
    SUCCEEDED = "succeeded"
    CANCELED = "canceled"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class IntentOrder:
    """What to charge, for which of our rows. Nothing volatile: a keyed call must repeat itself.

    `stripe_customer_id` is whose saved cards it may be confirmed with; only those, if any.
    """

    booking_id: UUID
    booking_number: str
    payment_id: UUID
    attempt: int
    amount_cents: int
    receipt_email: str
    stripe_customer_id: str | None = None

    @property
    def idempotency_key(self) -> str:
        return f"payment:{self.payment_id}:{self.attempt}"


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentIntent:
    """Stripe's attempt to charge, as it stood when asked.

    `client_secret` is for the paying browser alone: never logged, stored or put in an event.
    `booking_id` and `payment_id` come from our metadata; None marks an intent that is not ours.
    `attempt` is the number of ours that made it, from there too.
    `stripe_customer_id` is whose saved cards it may be confirmed with; only a browser, if None.
    `stripe_payment_method_id` is the card it is being paid with.
    `decline_message` is Stripe's sentence for the payer after the last attempt was declined.
    `charged_at` is the instant of its last charge, in whole seconds, where Stripe showed it, and
    `refunded_cents` what has been sent back of that charge, by whomever.
    """

    id: str
    status: IntentStatus
    amount_cents: int
    amount_received_cents: int
    client_secret: str
    created_at: datetime
    booking_id: UUID | None
    payment_id: UUID | None
    attempt: int | None = None
    charge_id: str | None = None
    card_brand: str | None = None
    card_last_four: str | None = None
    decline_message: str | None = None
    charged_at: datetime | None = None
    refunded_cents: int = 0
    stripe_customer_id: str | None = None
    stripe_payment_method_id: str | None = None


class RefundState(StrEnum):
    """Where a refund stands at Stripe. Even `succeeded` may turn `failed` days later."""

    PENDING = "pending"
    REQUIRES_ACTION = "requires_action"
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    CANCELED = "canceled"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class RefundOrder:
    """Money to send back, for which of our rows."""

    refund_id: UUID
    booking_id: UUID
    intent_id: str
    amount_cents: int

    @property
    def idempotency_key(self) -> str:
        return f"refund:{self.refund_id}"


@dataclass(frozen=True, slots=True, kw_only=True)
class ProviderRefund:
    """A refund as Stripe knows it. `refund_id` is ours, None when Stripe's dashboard made it."""

    id: str
    state: RefundState
    amount_cents: int
    intent_id: str | None
    refund_id: UUID | None
    failure_reason: str | None = None
    created_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentEvent:
    """One signed event: what it is about, never what it claims. Ask Stripe for the present state.

    Exactly one of the ids is set for kinds that concern us; all are None otherwise.
    `stripe_customer_id` is set for what may have changed a customer's saved cards.
    `is_of_new_intent`: all it is about is that the intent was made.
    """

    id: str
    kind: str
    intent_id: str | None
    provider_refund_id: str | None
    provider_dispute_id: str | None = None
    session_id: str | None = None
    stripe_customer_id: str | None = None
    is_of_new_intent: bool = False


class PaymentDeclinedError(DomainError):
    """The bank refused. The message may be shown to the payer."""

    code = "payment_declined"


class PaymentUnavailableError(DomainError):
    """Stripe did not answer, or answered that it cannot now. The call may have acted.

    `answered` tells that it did answer: Stripe then keeps that answer for the call's key, so the
    same key would only bring it again.
    """

    code = "payment_unavailable"

    def __init__(self, message: str, *, answered: bool = False) -> None:
        super().__init__(message)
        self.answered = answered


class PaymentMisconfiguredError(DomainError):
    """Stripe refuses our key or our request: a person must look, retrying cannot help."""

    code = "payment_misconfigured"


class PayerGoneError(DomainError):
    """Stripe has no such customer, or has deleted it: no intent was made for it."""

    code = "payer_gone"


class IntentNotFoundError(DomainError):
    """Stripe knows no intent of this id."""

    code = "intent_not_found"


class WebhookSignatureError(DomainError):
    """The webhook is not signed by Stripe for us, is too old, or is for the other mode."""

    code = "invalid_signature"


class PaymentGateway(Protocol):
    """The payment provider.

    Every method may raise PaymentUnavailableError or PaymentMisconfiguredError, and is never
    called inside a transaction.
    """

    async def create_intent(self, order: IntentOrder) -> PaymentIntent:
        """Create the intent, or return the one this order's key made within the last 24 h.

        Raises:
            PayerGoneError: Stripe has no customer of the order's `stripe_customer_id`.
        """
        ...

    async def confirm_intent(
        self, intent_id: str, *, stripe_payment_method_id: str
    ) -> PaymentIntent:
        """Charge a saved card of the intent's customer; return how the intent stands then.

        A decline, and a bank that asks for authentication, only show in it. An intent that takes
        no card any more is returned as it stands, so that it can never be paid twice.

        Raises:
            IntentNotFoundError: Stripe has no such intent.
            PaymentDeclinedError: the card is detached, or not that customer's.
        """
        ...

    async def get_intent(self, intent_id: str) -> PaymentIntent:
        """Return the intent as it stands now.

        Raises:
            IntentNotFoundError: Stripe has no such intent.
        """
        ...

    async def find_intents(
        self, payment_id: UUID, *, created_from: datetime
    ) -> tuple[PaymentIntent, ...]:
        """Return the intents that carry our payment's id, newest first, made since that instant."""
        ...

    async def cancel_intent(self, intent_id: str) -> PaymentIntent:
        """Cancel the intent and return how it stands: `succeeded` if the payer was faster.

        Raises:
            IntentNotFoundError: Stripe has no such intent.
        """
        ...

    async def create_refund(self, order: RefundOrder) -> ProviderRefund:
        """Send money back, or return the refund this order's key made within the last 24 h.

        Raises:
            PaymentDeclinedError: Stripe refuses this refund for good (more than is left).
        """
        ...

    async def get_refund(self, provider_refund_id: str) -> ProviderRefund:
        """Return the refund as it stands now."""
        ...

    async def find_refunds(self, intent_id: str) -> tuple[ProviderRefund, ...]:
        """Return every refund of the intent, newest first."""
        ...


class PaymentEventReader(Protocol):
    """Verifies and reads what the provider sends to our webhook."""

    def read(self, body: bytes, signature: str) -> PaymentEvent:
        """Return the event of a raw body and its signature header.

        Raises:
            WebhookSignatureError: not Stripe's signature, too old, or of the other mode.
        """
        ...
