"""How much of a booking's payment is left to send back.

Source: docs/payments.md, "Disputes".
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from totetaxi_core.payments.dispute import Dispute
from totetaxi_core.payments.payment import Payment, PaymentPurpose, PaymentStatus
from totetaxi_core.payments.refund import Refund, RefundStatus
from totetaxi_core.refusal import DomainError

FOR_THE_BOOKING = frozenset({PaymentPurpose.BOOKING, PaymentPurpose.RESCHEDULE})
UNCOUNTED = frozenset({RefundStatus.REJECTED, RefundStatus.FAILED})


class RefundExceedsPaymentError(DomainError):
    """More than is left of the charge, or nothing at all."""

    code = "refund_exceeds_payment"
    field = "amount_cents"


@dataclass(frozen=True, slots=True)
class Refundable:
    """A payment that succeeded, and what is left of it in cents."""

    payment: Payment
    left_cents: int


def refundable(
    payments: Iterable[Payment], refunds: Collection[Refund], disputes: Collection[Dispute]
) -> tuple[Refundable, ...]:
    """Return each payment that succeeded, see `left_of`; what came twice is the first."""
    paid = [each for each in payments if each.status is PaymentStatus.SUCCEEDED]
    paid.sort(key=lambda each: each.purpose is not PaymentPurpose.DUPLICATE)
    return tuple(Refundable(each, left_of(each, refunds, disputes)) for each in paid)


def fitting(parts: Iterable[Refundable], amount_cents: int | None) -> Refundable | None:
    """Return the first that has so much left, or anything at all; None if none has."""
    wanted_cents = 1 if amount_cents is None else amount_cents
    return next((each for each in parts if each.left_cents >= wanted_cents), None)


def left_of_each(
    payments: Iterable[Payment], refunds: Collection[Refund], disputes: Collection[Dispute]
) -> tuple[Refundable, ...]:
    """Return each payment for the booking that succeeded, with what is left of it."""
    return tuple(
        Refundable(payment, left_of(payment, refunds, disputes))
        for payment in payments
        if payment.purpose in FOR_THE_BOOKING and payment.status is PaymentStatus.SUCCEEDED
    )


def share_out(parts: Iterable[Refundable], amount_cents: int) -> tuple[tuple[Payment, int], ...]:
    """Return which payment sends back how much of the amount, the first ones first."""
    shares: list[tuple[Payment, int]] = []
    for part in parts:
        cents = min(part.left_cents, amount_cents)
        if cents:
            shares.append((part.payment, cents))
            amount_cents -= cents
    return tuple(shares)


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
