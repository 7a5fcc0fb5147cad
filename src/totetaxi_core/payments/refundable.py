"""How much of a booking's payment is left to send back.

Source: docs/payments.md, "Disputes".
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from totetaxi_core.payments.dispute import Dispute
from totetaxi_core.payments.payment import Payment, PaymentPurpose, PaymentStatus
from totetaxi_core.payments.refund import Refund, RefundStatus
from totetaxi_core.refusal import DomainError

UNCOUNTED = frozenset({RefundStatus.REJECTED, RefundStatus.FAILED})


class RefundExceedsPaymentError(DomainError):
    """More than is left of the charge, or nothing at all."""

    code = "refund_exceeds_payment"
    field = "amount_cents"


@dataclass(frozen=True, slots=True)
class Refundable:
    """A payment that succeeded, None where nothing was charged, and what is left of it in cents."""

    payment: Payment | None
    left_cents: int


def refundable(
    payments: Iterable[Payment],
    refunds: Collection[Refund],
    disputes: Collection[Dispute],
    *,
    purpose: PaymentPurpose = PaymentPurpose.BOOKING,
) -> Refundable:
    """Return what is left of the booking's payment, see `left_of`.

    Of several payments of that purpose it is the first that has something left.
    """
    paid = [
        Refundable(payment, left_of(payment, refunds, disputes))
        for payment in payments
        if (payment.purpose, payment.status) == (purpose, PaymentStatus.SUCCEEDED)
    ]
    nothing_left = paid[0] if paid else Refundable(None, 0)
    return next((each for each in paid if each.left_cents), nothing_left)


def left_of(payment: Payment, refunds: Iterable[Refund], disputes: Collection[Dispute]) -> int:
    """Return the cents of a payment that may be sent back; none while an open dispute has it."""
    if any(one.blocks_refunds for one in disputes if one.payment_id == payment.id):
        return 0
    return max(0, unclaimed_of(payment, refunds, disputes))


def unclaimed_of(payment: Payment, refunds: Iterable[Refund], disputes: Iterable[Dispute]) -> int:
    """Return a payment's cents less all refunds but rejected and failed ones, and less disputes.

    Below zero where a dispute took money that a refund on its way claims, or that one sent back.
    """
    refunded_cents = sum(
        refund.amount_cents
        for refund in refunds
        if refund.payment_id == payment.id and refund.status not in UNCOUNTED
    )
    disputed_cents = sum(one.withdrawn_cents for one in disputes if one.payment_id == payment.id)
    return payment.amount_cents - refunded_cents - disputed_cents
