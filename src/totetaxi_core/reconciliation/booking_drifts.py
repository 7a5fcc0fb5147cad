"""Where our own records of one booking contradict each other.

Source: docs/reconciliation.md.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import datetime

from totetaxi_core.bookings.booking_status import STANDING, BookingStatus, CancellationReason
from totetaxi_core.ledger.post_cash import cash_cause
from totetaxi_core.ledger.post_movement import (
    charge_cause,
    dispute_causes,
    refund_cause,
    refund_failure_cause,
)
from totetaxi_core.money import BASIS_POINTS, share_down
from totetaxi_core.payments.payment import Payment
from totetaxi_core.payments.refund import Refund, RefundStatus
from totetaxi_core.payments.refundable import UNCOUNTED
from totetaxi_core.price_book import CancellationTerms
from totetaxi_core.reconciliation.booking_record import BookingRecord
from totetaxi_core.reconciliation.drift import Drift, DriftKind, Repair
from totetaxi_core.reconciliation.refund_drifts import MADE

DECIDED = MADE | {RefundStatus.APPROVED}


def booking_drifts(
    record: BookingRecord, terms: Mapping[int, CancellationTerms]
) -> Iterator[Drift]:
    """Yield what cannot be true together; `terms` has those of each price book's version."""
    in_cash = cash_cause(record.booking_id) in record.ledger_causes
    was_paid = bool(record.paid_for_booking) or in_cash
    if record.status in STANDING and record.total_cents and not was_paid:
        yield Drift(
            kind=DriftKind.CONFIRMED_WITHOUT_PAYMENT,
            booking_id=record.booking_id,
            booking_number=record.booking_number,
            expected_cents=record.total_cents,
            actual_cents=0,
            detail=f"the booking is {record.status}, and nothing was paid for it",
            left_because="it may have been paid in another way, or must be charged or cancelled",
        )
    yield from _kept(record, terms)
    yield from _ledger(record)
    is_over = record.status is BookingStatus.CANCELLED
    if record.has_code_use and is_over and not (record.paid or in_cash):
        yield Drift(
            kind=DriftKind.CODE_USE_WITHOUT_BOOKING,
            booking_id=record.booking_id,
            booking_number=record.booking_number,
            detail="the booking ended unpaid, and still counts against its discount code",
            repair=Repair.GIVE_CODE_BACK,
        )


def _kept(record: BookingRecord, terms: Mapping[int, CancellationTerms]) -> Iterator[Drift]:
    """Yield a cancelled booking of which less goes back than its terms say.

    The terms take their share of all its payments together, whichever it then goes back of.
    """
    if record.status is not BookingStatus.CANCELLED or not record.paid_for_booking:
        return
    left_by_share: Counter[int] = Counter()
    since_cents = 0
    for payment in record.paid_for_booking:
        before_cents, gone_cents = _gone_back(record, payment)
        left_cents = max(0, payment.amount_cents - before_cents)
        left_by_share[_refund_bp(record, payment, terms)] += left_cents
        since_cents += gone_cents
    owed_cents = sum(share_down(cents, share_bp) for share_bp, cents in left_by_share.items())
    if since_cents < owed_cents:
        yield Drift(
            kind=DriftKind.CANCELLED_YET_KEPT_MONEY,
            booking_id=record.booking_id,
            booking_number=record.booking_number,
            payment_id=record.paid_for_booking[0].id,
            expected_cents=owed_cents,
            actual_cents=since_cents,
            detail="the booking is cancelled, and less goes back than its terms say",
            left_because="its refund is missing, failed or was rejected: ask for the rest",
        )


def _refund_bp(
    record: BookingRecord, payment: Payment, terms: Mapping[int, CancellationTerms]
) -> int:
    """Return the share owed: a customer's cancellation goes by the book, all else goes back whole.

    So does a payment that came after the booking had ended; one of the same instant may have come
    before, and accuses nobody.
    """
    ended_at, paid_at = record.cancelled_at, payment.completed_at
    is_late = paid_at is not None and ended_at is not None and paid_at > ended_at
    by_book = record.cancellation_reason is CancellationReason.CUSTOMER and not is_late
    if ended_at is None or not by_book:
        return BASIS_POINTS
    book = terms[record.price_book_version]
    return book.refund_bp(pickup_at=record.pickup_at, at=ended_at)


def _gone_back(record: BookingRecord, payment: Payment) -> tuple[int, int]:
    """Return the cents on their way back before the cancellation, and those since.

    One decided before and moved on since may be either: it counts as since, which accuses nobody.
    So does what a dispute holds.
    """
    refunds = [one for one in record.refunds if one.payment_id == payment.id]
    before = sum(one.amount_cents for one in refunds if _went_before(one, record.cancelled_at))
    since = sum(one.amount_cents for one in refunds if _goes_since(one, record.cancelled_at))
    return before, since + record.withdrawn_cents(payment)


def _went_before(refund: Refund, ended_at: datetime | None) -> bool:
    """Tell whether it took from what the terms owe; one that failed since had taken from it."""
    if ended_at is None or refund.created_at >= ended_at:
        return False
    if refund.status is RefundStatus.FAILED:
        return refund.updated_at >= ended_at
    return refund.status in DECIDED and refund.updated_at < ended_at


def _goes_since(refund: Refund, ended_at: datetime | None) -> bool:
    is_since = ended_at is None or max(refund.created_at, refund.updated_at) >= ended_at
    return refund.status not in UNCOUNTED and is_since


def _ledger(record: BookingRecord) -> Iterator[Drift]:
    """Yield a sum that is not that of our records, or an entry that the ledger lacks."""
    paid_cents = sum(one.amount_cents for one in record.paid)
    made_cents = sum(one.amount_cents for one in record.refunds if one.status in MADE)
    withdrawn_cents = sum(one.withdrawn_cents for one in record.disputes)
    net_cents = paid_cents - made_cents - withdrawn_cents
    is_missing = _lacks_entries(record)
    if net_cents == record.ledger_stripe_cents and not is_missing:
        return
    yield Drift(
        kind=DriftKind.LEDGER_DISAGREES,
        booking_id=record.booking_id,
        booking_number=record.booking_number,
        expected_cents=net_cents,
        actual_cents=record.ledger_stripe_cents,
        detail="the ledger has not the entries that the booking's payments, refunds, disputes make",
        repair=Repair.POST_ENTRIES if is_missing else None,
        left_because=None if is_missing else "no entry is missing, so that one of them is wrong",
    )


def _lacks_entries(record: BookingRecord) -> bool:
    posted = record.ledger_causes
    causes = {charge_cause(one.id) for one in record.paid}
    for refund in record.refunds:
        if refund.status in MADE:
            causes.add(refund_cause(refund.id))
        elif refund.status is RefundStatus.FAILED and refund_cause(refund.id) in posted:
            causes.add(refund_failure_cause(refund.id))
    withdrawn = [one for one in record.disputes if one.withdrawn_cents]
    return bool(causes - posted) or any(
        not any(cause.startswith(dispute_causes(one.stripe_dispute_id)) for cause in posted)
        for one in withdrawn
    )
