"""The money of a booking: what came, what went back, what is on its way."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Self

from totetaxi_core.payments.payment import Payment, PaymentStatus
from totetaxi_core.payments.refund import Refund, RefundStatus

PENDING = frozenset({RefundStatus.REQUESTED, RefundStatus.APPROVED, RefundStatus.SENT})


class MovementKind(StrEnum):
    CHARGE = "charge"
    REFUND = "refund"


@dataclass(frozen=True, slots=True, kw_only=True)
class MoneyMovement:
    """A charge or a refund. `at` is the UTC instant since which it stands as it does."""

    kind: MovementKind
    status: PaymentStatus | RefundStatus
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


@dataclass(frozen=True, slots=True, kw_only=True)
class BookingMoney:
    """`pending_cents` is asked for or on its way back; `net_cents` is charged less refunded.

    `movements` has charges that succeeded and every refund, oldest first.
    """

    charged_cents: int
    refunded_cents: int
    pending_cents: int
    movements: tuple[MoneyMovement, ...]

    @property
    def net_cents(self) -> int:
        return self.charged_cents - self.refunded_cents

    @classmethod
    def of(cls, payments: Iterable[Payment], refunds: Iterable[Refund]) -> Self:
        """Add up a booking's payments and refunds."""
        charges = [one for one in payments if one.status is PaymentStatus.SUCCEEDED]
        backs = tuple(refunds)
        movements = (
            *(MoneyMovement.of_payment(one) for one in charges),
            *(MoneyMovement.of_refund(one) for one in backs),
        )
        done = (one.amount_cents for one in backs if one.status is RefundStatus.SUCCEEDED)
        return cls(
            charged_cents=sum(one.amount_cents for one in charges),
            refunded_cents=sum(done),
            pending_cents=sum(one.amount_cents for one in backs if one.status in PENDING),
            movements=tuple(sorted(movements, key=lambda movement: movement.at)),
        )
