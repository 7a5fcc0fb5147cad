"""The port to the cards that the payment provider keeps for our customers."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol
from uuid import UUID

from totetaxi_core.refusal import DomainError


class SetupStatus(StrEnum):
    """Where a setup intent stands. A decline returns it to `requires_payment_method`."""

    REQUIRES_PAYMENT_METHOD = "requires_payment_method"
    REQUIRES_CONFIRMATION = "requires_confirmation"
    REQUIRES_ACTION = "requires_action"
    PROCESSING = "processing"
    SUCCEEDED = "succeeded"
    CANCELED = "canceled"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomerOrder:
    """Whose customer Stripe shall make. `email` and `full_name` may change between two calls."""

    customer_id: UUID
    email: str
    full_name: str

    @property
    def idempotency_key(self) -> str:
        return f"customer:{self.customer_id}"


@dataclass(frozen=True, slots=True, kw_only=True)
class SetupIntent:
    """Stripe's attempt to save a card. `client_secret` is for the customer's browser alone."""

    id: str
    status: SetupStatus
    client_secret: str
    stripe_customer_id: str | None
    stripe_payment_method_id: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ProviderCard:
    """A card as Stripe has it. `stripe_customer_id` is None when it is attached to nobody."""

    id: str
    stripe_customer_id: str | None
    brand: str
    last_four: str
    exp_month: int
    exp_year: int


class CardNotFoundError(DomainError):
    """Stripe knows no such card, setup intent or customer, or has deleted it."""

    code = "card_not_found"


class CardGateway(Protocol):
    """The provider's customers and their cards.

    Every method may raise PaymentUnavailableError or PaymentMisconfiguredError, and is never
    called inside a transaction.
    """

    async def create_customer(self, order: CustomerOrder) -> str:
        """Create Stripe's customer and return its id; within 24 h the key brings the same one.

        Raises:
            CardNotFoundError: the one that the key brings was deleted since.
        """
        ...

    async def delete_customer(self, stripe_customer_id: str) -> None:
        """Delete Stripe's customer, which detaches its cards for ever; one that is gone is fine."""
        ...

    async def create_setup_intent(self, stripe_customer_id: str, *, key: str) -> SetupIntent:
        """Begin to save a card for the customer; `key` is the call's idempotency key.

        Raises:
            CardNotFoundError: Stripe has no such customer.
        """
        ...

    async def get_setup_intent(self, setup_intent_id: str) -> SetupIntent:
        """Return the setup intent as it stands now.

        Raises:
            CardNotFoundError: Stripe has no such setup intent.
        """
        ...

    async def get_payment_method(self, stripe_payment_method_id: str) -> ProviderCard:
        """Return the card as it stands now.

        Raises:
            CardNotFoundError: Stripe has no such card.
        """
        ...

    async def list_payment_methods(self, stripe_customer_id: str) -> tuple[ProviderCard, ...]:
        """Return every card attached to the customer, newest first.

        Raises:
            CardNotFoundError: Stripe has no such customer.
        """
        ...

    async def detach(self, stripe_payment_method_id: str) -> None:
        """Detach the card for ever; one that is detached or gone is fine."""
        ...
