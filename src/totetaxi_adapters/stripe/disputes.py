"""The port to disputes, on the Stripe SDK."""

from datetime import UTC, datetime
from typing import Final

import attrs
import stripe

from totetaxi_adapters.stripe.connection import StripeConnection
from totetaxi_adapters.stripe.failures import is_missing, refusal_of
from totetaxi_adapters.stripe.payloads import ReferencePayload, member, structure
from totetaxi_core.payments.dispute_gateway import (
    DisputeNotFoundError,
    DisputeState,
    ProviderDispute,
)

PAGE_SIZE: Final = 100


@attrs.frozen(kw_only=True)
class BalanceMovementPayload:
    """Money that moved for the dispute: `amount` is without Stripe's fee, below zero going out."""

    amount: int


@attrs.frozen(kw_only=True)
class EvidencePayload:
    due_by: int | None = None


@attrs.frozen(kw_only=True)
class DisputePayload:
    id: str
    amount: int
    balance_transactions: list[BalanceMovementPayload]
    charge: ReferencePayload | None = None
    created: int
    evidence_details: EvidencePayload | None = None
    is_charge_refundable: bool
    payment_intent: ReferencePayload | None = None
    reason: str
    status: str


class StripeDisputeGateway:
    """Disputes, over the payment gateway's connection, which that one closes."""

    def __init__(self, connection: StripeConnection) -> None:
        self._connection = connection

    async def get_dispute(self, stripe_dispute_id: str) -> ProviderDispute:
        """Return the dispute as it stands now.

        Raises:
            DisputeNotFoundError: Stripe has no such dispute.
        """
        try:
            answer = await self._connection.call(
                lambda client: client.v1.disputes.retrieve_async(stripe_dispute_id)
            )
        except stripe.InvalidRequestError as error:
            if is_missing(error):
                raise DisputeNotFoundError(f"Stripe has no dispute {stripe_dispute_id}") from error
            raise refusal_of(error) from error
        return dispute_from(answer)

    async def find_disputes(self, intent_id: str) -> tuple[ProviderDispute, ...]:
        """Return every dispute of the intent's charges, newest first."""
        try:
            answer = await self._connection.call(
                lambda client: client.v1.disputes.list_async(
                    {"payment_intent": intent_id, "limit": PAGE_SIZE}
                )
            )
        except stripe.InvalidRequestError as error:
            raise refusal_of(error) from error
        return tuple(dispute_from(one) for one in answer.data)


def dispute_from(answer: stripe.Dispute) -> ProviderDispute:
    """Return the dispute in our words.

    Raises:
        PaymentMisconfiguredError: the answer lacks what every dispute has.
    """
    payload = structure(answer, DisputePayload)
    due_by = payload.evidence_details.due_by if payload.evidence_details else None
    return ProviderDispute(
        id=payload.id,
        state=member(DisputeState, payload.status, DisputeState.UNKNOWN),
        amount_cents=payload.amount,
        withdrawn_cents=max(0, -sum(one.amount for one in payload.balance_transactions)),
        intent_id=payload.payment_intent.id if payload.payment_intent else None,
        charge_id=payload.charge.id if payload.charge else None,
        reason=payload.reason,
        is_refundable=payload.is_charge_refundable,
        due_by=datetime.fromtimestamp(due_by, UTC) if due_by else None,
        created_at=datetime.fromtimestamp(payload.created, UTC),
    )
