"""The money of a booking: what came, what went back or is disputed, what is on its way."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Self

from totetaxi_core.ledger.account import Account
from totetaxi_core.ledger.entry import LedgerEntry
from totetaxi_core.payments.dispute import Dispute, DisputeStatus
from totetaxi_core.payments.payment import Payment, PaymentStatus
from totetaxi_core.payments.refund import Refund, RefundStatus

PENDING = frozenset({RefundStatus.REQUESTED, RefundStatus.APPROVED, RefundStatus.SENT})


class MovementKind(StrEnum):
    CHARGE = "charge"
    REFUND = "refund"
    DISPUTE = "dispute"
    CASH = "cash"
    CASH_RETURNED = "cash_returned"


@dataclass(frozen=True, slots=True, kw_only=True)
class MoneyMovement:
    """A charge, a refund, a dispute, or cash: what moved, and how it stands.

    `at` is the UTC instant since which it stands so.
    """

    kind: MovementKind
    status: PaymentStatus | RefundStatus | DisputeStatus
    amount_cents: int
    at: datetime
    stripe_id: str | None

    @classmethod
    def of_payment(cls, payment: Payment) -> Self:
        return cls(
            kind=MovementKind.CHARGE,
            status=payment.status,
            amount_cents=payment.amount_cents,
            at=payment.completed_at or payment.updated_at,
            stripe_id=payment.stripe_charge_id,
        )

    @classmethod
    def of_refund(cls, refund: Refund) -> Self:
        return cls(
            kind=MovementKind.REFUND,
            status=refund.status,
            amount_cents=refund.amount_cents,
            at=refund.updated_at,
            stripe_id=refund.stripe_refund_id,
        )

    @classmethod
    def of_dispute(cls, dispute: Dispute) -> Self:
        return cls(
            kind=MovementKind.DISPUTE,
            status=dispute.status,
            amount_cents=dispute.amount_cents,
            at=dispute.updated_at,
            stripe_id=dispute.stripe_dispute_id,
        )

    @classmethod
    def of_cash(cls, entry: LedgerEntry) -> Self:
        cents = entry.amount_in(Account.CASH)
        came = cents > 0
        return cls(
            kind=MovementKind.CASH if came else MovementKind.CASH_RETURNED,
            status=PaymentStatus.SUCCEEDED if came else RefundStatus.SUCCEEDED,
            amount_cents=abs(cents),
            at=entry.posted_at,
            stripe_id=None,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class BookingMoney:
    """`pending_cents` is asked for or on its way back; `disputed_cents` is what Stripe withdrew.

    `net_cents` is what was charged less what was refunded and what is withdrawn; cash counts as
    charged, and as refunded once it is handed back. `movements` has charges that succeeded, every
    refund, every dispute and all cash, oldest first.
    """

    charged_cents: int
    refunded_cents: int
    pending_cents: int
    disputed_cents: int
    movements: tuple[MoneyMovement, ...]

    @property
    def net_cents(self) -> int:
        return self.charged_cents - self.refunded_cents - self.disputed_cents

    @classmethod
    def of(
        cls,
        payments: Iterable[Payment],
        refunds: Iterable[Refund],
        disputes: Iterable[Dispute],
        entries: Iterable[LedgerEntry] = (),
    ) -> Self:
        """Add up a booking's payments, refunds and disputes, and the cash in its entries."""
        charges = [one for one in payments if one.status is PaymentStatus.SUCCEEDED]
        backs, disputed = tuple(refunds), tuple(disputes)
        cash = [one for one in entries if one.amount_in(Account.CASH)]
        movements = (
            *(MoneyMovement.of_payment(one) for one in charges),
            *(MoneyMovement.of_refund(one) for one in backs),
            *(MoneyMovement.of_dispute(one) for one in disputed),
            *(MoneyMovement.of_cash(one) for one in cash),
        )
        done = sum(one.amount_cents for one in backs if one.status is RefundStatus.SUCCEEDED)
        taken = sum(max(0, one.amount_in(Account.CASH)) for one in cash)
        handed_back = sum(max(0, -one.amount_in(Account.CASH)) for one in cash)
        return cls(
            charged_cents=sum(one.amount_cents for one in charges) + taken,
            refunded_cents=done + handed_back,
            pending_cents=sum(one.amount_cents for one in backs if one.status in PENDING),
            disputed_cents=sum(one.withdrawn_cents for one in disputed),
            movements=tuple(sorted(movements, key=lambda movement: movement.at)),
        )
