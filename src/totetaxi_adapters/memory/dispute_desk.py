"""What the payers' banks do: dispute a charge, take its money, decide."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Final

from totetaxi_core.clock import Clock
from totetaxi_core.ids import IdSource
from totetaxi_core.payments.dispute_gateway import (
    DisputeNotFoundError,
    DisputeState,
    ProviderDispute,
)
from totetaxi_core.payments.gateway import PaymentIntent

EVIDENCE_TIME: Final = timedelta(days=9)
WITH_THE_BANK: Final = frozenset({DisputeState.NEEDS_RESPONSE, DisputeState.UNDER_REVIEW})
INQUIRIES: Final = frozenset(
    {DisputeState.WARNING_NEEDS_RESPONSE, DisputeState.WARNING_UNDER_REVIEW}
)


class DisputeDesk:
    """Disputes by id, oldest first.

    `charge` returns an intent and what is left of it in cents; `tell` takes the kind of each event
    and the dispute's id.
    """

    def __init__(
        self,
        charge: Callable[[str], tuple[PaymentIntent, int]],
        tell: Callable[[str, str], None],
        *,
        ids: IdSource,
        clock: Clock,
    ) -> None:
        self._charge, self._tell = charge, tell
        self._ids, self._clock = ids, clock
        self._disputes: dict[str, ProviderDispute] = {}

    def all(self) -> tuple[ProviderDispute, ...]:
        return tuple(self._disputes.values())

    def get(self, stripe_dispute_id: str) -> ProviderDispute:
        """Return the dispute.

        Raises:
            DisputeNotFoundError: there is none.
        """
        dispute = self._disputes.get(stripe_dispute_id)
        if dispute is None:
            raise DisputeNotFoundError(f"there is no dispute {stripe_dispute_id}")
        return dispute

    def of(self, intent_id: str) -> tuple[ProviderDispute, ...]:
        """Return the intent's disputes, oldest first."""
        return tuple(one for one in self.all() if one.intent_id == intent_id)

    def has(self, intent_id: str) -> bool:
        """Tell whether a bank has the intent's charge under dispute, an inquiry apart."""
        return any(one.state in WITH_THE_BANK for one in self.of(intent_id))

    def withdrawn_cents(self, intent_id: str) -> int:
        return sum(one.withdrawn_cents for one in self.of(intent_id))

    def open(
        self,
        intent_id: str,
        amount_cents: int | None = None,
        *,
        inquiry: bool = False,
        reason: str = "fraudulent",
    ) -> ProviderDispute:
        """Dispute a charge, by default all that is left of it; no money moves for an inquiry.

        Raises:
            IntentNotFoundError: there is no such intent.
            ValueError: it is not paid, under dispute already, or has less left.
        """
        intent, left_cents = self._charge(intent_id)
        cents = left_cents if amount_cents is None else amount_cents
        if self.has(intent_id) or not 0 < cents <= left_cents:
            raise ValueError(f"{cents} cents of {left_cents} cannot be disputed")
        dispute = self._dispute(intent, cents, reason=reason)
        self._keep(dispute if inquiry else _withdrawn(dispute), "created")
        if not inquiry:
            self._tell_of("funds_withdrawn", dispute.id)
        return self.get(dispute.id)

    def close(self, stripe_dispute_id: str, *, won: bool) -> ProviderDispute:
        """Let the bank decide, which it may do again; a lost inquiry takes its money at last.

        Raises:
            DisputeNotFoundError: there is no such dispute.
            ValueError: it would take money that has been sent back since.
        """
        dispute = self.get(stripe_dispute_id)
        more_cents = dispute.amount_cents - dispute.withdrawn_cents
        if not won and more_cents > self._charge(dispute.intent_id or "")[1]:
            raise ValueError(f"less than {more_cents} cents are left to take")
        if won and dispute.state in INQUIRIES:
            closed = replace(dispute, state=DisputeState.WARNING_CLOSED)
        elif won:
            closed = replace(dispute, state=DisputeState.WON, withdrawn_cents=0, is_refundable=True)
        else:
            closed = replace(_withdrawn(dispute), state=DisputeState.LOST)
        self._keep(closed, "closed")
        if closed.withdrawn_cents != dispute.withdrawn_cents:
            self._tell_of("funds_reinstated" if won else "funds_withdrawn", dispute.id)
        return closed

    def _dispute(self, intent: PaymentIntent, amount_cents: int, *, reason: str) -> ProviderDispute:
        now = self._clock().replace(microsecond=0)
        return ProviderDispute(
            id=f"dp_{self._ids.new_id().hex}",
            state=DisputeState.WARNING_NEEDS_RESPONSE,
            amount_cents=amount_cents,
            withdrawn_cents=0,
            intent_id=intent.id,
            charge_id=intent.charge_id,
            reason=reason,
            is_refundable=True,
            due_by=now + EVIDENCE_TIME,
            created_at=now,
        )

    def _keep(self, dispute: ProviderDispute, kind: str) -> None:
        self._disputes[dispute.id] = dispute
        self._tell_of(kind, dispute.id)

    def _tell_of(self, kind: str, stripe_dispute_id: str) -> None:
        self._tell(f"charge.dispute.{kind}", stripe_dispute_id)


def _withdrawn(dispute: ProviderDispute) -> ProviderDispute:
    return replace(
        dispute,
        state=DisputeState.NEEDS_RESPONSE,
        withdrawn_cents=dispute.amount_cents,
        is_refundable=False,
    )
