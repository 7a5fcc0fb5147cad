"""A charge that its payer disputes at the bank, from the first inquiry to the bank's verdict."""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Self
from uuid import UUID

from totetaxi_core.payments.dispute_gateway import DisputeState, ProviderDispute


class DisputeStatus(StrEnum):
    """`inquiry`: the bank asks, and no money moved. `open`: it has the money until it decides."""

    INQUIRY = "inquiry"
    OPEN = "open"
    WON = "won"
    LOST = "lost"


STATUS_OF_STATE = {
    DisputeState.WARNING_NEEDS_RESPONSE: DisputeStatus.INQUIRY,
    DisputeState.WARNING_UNDER_REVIEW: DisputeStatus.INQUIRY,
    DisputeState.WARNING_CLOSED: DisputeStatus.INQUIRY,
    DisputeState.NEEDS_RESPONSE: DisputeStatus.OPEN,
    DisputeState.UNDER_REVIEW: DisputeStatus.OPEN,
    DisputeState.WON: DisputeStatus.WON,
    DisputeState.LOST: DisputeStatus.LOST,
}


def status_of(provider: ProviderDispute) -> DisputeStatus:
    """Return our status of it; one we have no word for is judged by whether it has our money."""
    in_doubt = DisputeStatus.OPEN if provider.withdrawn_cents else DisputeStatus.INQUIRY
    return STATUS_OF_STATE.get(provider.state, in_doubt)


@dataclass(frozen=True, slots=True, kw_only=True)
class Dispute:
    """What a payer disputes of a payment, and what Stripe has withdrawn for it now.

    `withdrawn_cents` counts against what is left to refund. `due_by` is the UTC instant until
    which Stripe takes our evidence. `is_refundable`: refunding the charge can still end it.
    """

    id: UUID
    payment_id: UUID
    booking_id: UUID
    stripe_dispute_id: str
    amount_cents: int
    withdrawn_cents: int
    status: DisputeStatus
    reason: str
    due_by: datetime | None
    is_refundable: bool
    created_at: datetime
    updated_at: datetime

    @property
    def blocks_refunds(self) -> bool:
        """Whether a refund now would send money back a second time: the bank has a hold of it."""
        return self.status is DisputeStatus.OPEN and not self.is_refundable

    @property
    def is_undecided(self) -> bool:
        """Whether the bank still takes our evidence."""
        return self.status in (DisputeStatus.INQUIRY, DisputeStatus.OPEN)

    def follow(self, provider: ProviderDispute, *, at: datetime) -> Self:
        """Return this dispute as Stripe has it; itself when nothing about it changed.

        No status is final: a verdict may be appealed, and a lost dispute won after all. That the
        look is not older than what we know, `follow_dispute` makes sure.
        """
        moved = replace(
            self,
            amount_cents=provider.amount_cents,
            withdrawn_cents=provider.withdrawn_cents,
            status=status_of(provider),
            reason=provider.reason,
            due_by=provider.due_by,
            is_refundable=provider.is_refundable,
        )
        return self if moved == self else replace(moved, updated_at=at)
