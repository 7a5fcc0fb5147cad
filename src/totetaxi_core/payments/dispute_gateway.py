"""The port to the provider's disputes: a payer asked the bank to take a charge back."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from totetaxi_core.refusal import DomainError


class DisputeState(StrEnum):
    """Where a dispute stands at Stripe; a `warning` is an inquiry, for which no money moved yet.

    Stripe's own words, with its appeals and whatever it may add taken together as `unknown`.
    """

    WARNING_NEEDS_RESPONSE = "warning_needs_response"
    WARNING_UNDER_REVIEW = "warning_under_review"
    WARNING_CLOSED = "warning_closed"
    NEEDS_RESPONSE = "needs_response"
    UNDER_REVIEW = "under_review"
    WON = "won"
    LOST = "lost"
    PREVENTED = "prevented"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class ProviderDispute:
    """A dispute as Stripe knows it now.

    `withdrawn_cents` is what Stripe holds of ours for it at present, its fee apart: 0 for an
    inquiry and again once the money was reinstated. `is_refundable` tells that refunding the
    charge can still end it. `due_by` is when our evidence must be in.
    """

    id: str
    state: DisputeState
    amount_cents: int
    withdrawn_cents: int
    intent_id: str | None
    charge_id: str | None
    reason: str
    is_refundable: bool
    due_by: datetime | None
    created_at: datetime


class DisputeNotFoundError(DomainError):
    """Stripe knows no dispute of this id."""

    code = "dispute_not_found"


class DisputeGateway(Protocol):
    """The provider's disputes.

    Every method may raise PaymentUnavailableError or PaymentMisconfiguredError, and is never
    called inside a transaction.
    """

    async def get_dispute(self, stripe_dispute_id: str) -> ProviderDispute:
        """Return the dispute as it stands now.

        Raises:
            DisputeNotFoundError: Stripe has no such dispute.
        """
        ...

    async def find_disputes(self, intent_id: str) -> tuple[ProviderDispute, ...]:
        """Return every dispute of the intent's charges, newest first."""
        ...
