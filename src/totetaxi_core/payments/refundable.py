"""How much of a booking's payment is left to send back."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

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
    *,
    purpose: PaymentPurpose = PaymentPurpose.BOOKING,
) -> Refundable:
    """Return what is left of the booking's payment: all but rejected and failed refunds count.

    Of several payments of that purpose it is the first that has something left.
    """
    paid = [
        Refundable(payment, left_of(payment, refunds))
        for payment in payments
        if (payment.purpose, payment.status) == (purpose, PaymentStatus.SUCCEEDED)
    ]
    nothing_left = paid[0] if paid else Refundable(None, 0)
    return next((each for each in paid if each.left_cents), nothing_left)


def left_of(payment: Payment, refunds: Iterable[Refund]) -> int:
    """Return the cents of a payment that no refund has claimed."""
    return payment.amount_cents - sum(
        refund.amount_cents
        for refund in refunds
        if refund.payment_id == payment.id and refund.status not in UNCOUNTED
    )
