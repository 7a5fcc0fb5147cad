"""A customer's saved card. Stripe has the number; we have what tells it from others."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final, Protocol, Self
from uuid import UUID

from totetaxi_core.page import Place
from totetaxi_core.refusal import DomainError

MOST: Final = 20
BRAND_NAMES = {
    "amex": "American Express",
    "cartes_bancaires": "Cartes Bancaires",
    "diners": "Diners Club",
    "discover": "Discover",
    "eftpos_au": "Eftpos",
    "jcb": "JCB",
    "mastercard": "Mastercard",
    "unionpay": "UnionPay",
    "visa": "Visa",
}


class PaymentMethodNotFoundError(DomainError):
    """The customer has no such card, or no longer: another's is none of theirs."""

    code = "payment_method_not_found"
    field = "payment_method_id"

    def __init__(self) -> None:
        super().__init__("you have no such saved card")


class TooManySavedCardsError(DomainError):
    """The list is full: one must go before another can be saved."""

    code = "too_many_saved_cards"

    def __init__(self) -> None:
        super().__init__(f"at most {MOST} cards can be saved: remove one first")


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentMethod:
    """A card that can be charged while it is active. Exactly one active card is the default."""

    id: UUID
    customer_id: UUID
    stripe_payment_method_id: str
    card_brand: str
    card_last_four: str
    card_exp_month: int
    card_exp_year: int
    is_default: bool
    is_active: bool
    created_at: datetime

    @property
    def display_name(self) -> str:
        """Such as "Visa ending in 4242"."""
        brand = BRAND_NAMES.get(self.card_brand, "Card")
        return f"{brand} ending in {self.card_last_four}"

    def with_default(self, *, is_default: bool) -> Self:
        return replace(self, is_default=is_default)

    def removed(self) -> Self:
        """Return the card as it is once the customer, or Stripe, has taken it away."""
        return replace(self, is_active=False, is_default=False)


class PaymentMethods(Protocol):
    """Every saved card. Its writers hold the lock of its customer."""

    async def add(self, method: PaymentMethod) -> None: ...

    async def save(self, method: PaymentMethod) -> None:
        """Store the card as it now stands."""
        ...

    async def get(self, customer_id: UUID, method_id: UUID) -> PaymentMethod:
        """Return the customer's active card.

        Raises:
            PaymentMethodNotFoundError: it is another's, was removed, or there is none.
        """
        ...

    async def find(self, stripe_payment_method_id: str) -> PaymentMethod | None:
        """Return the card that Stripe has under this id, active or not; None if we have none."""
        ...

    async def active(self, customer_id: UUID) -> tuple[PaymentMethod, ...]:
        """Return the customer's active cards, newest first."""
        ...

    async def page(
        self,
        customer_id: UUID,
        *,
        before: Place | None = None,
        after: Place | None = None,
        limit: int,
    ) -> tuple[PaymentMethod, ...]:
        """Return active cards newest first: the newest, those older than `before`, or next newer.

        Only one of the two places may be given.
        """
        ...
