"""Where the refunds and disputes of a booking differ from Stripe's.

Source: docs/reconciliation.md.
"""

from collections.abc import Iterator
from datetime import datetime

from totetaxi_core.payments.dispute import status_of
from totetaxi_core.payments.dispute_gateway import ProviderDispute
from totetaxi_core.payments.gateway import ProviderRefund, RefundState
from totetaxi_core.payments.refund import STATUS_OF_STATE, Refund, RefundStatus
from totetaxi_core.payments.refundable import UNCOUNTED
from totetaxi_core.reconciliation.booking_record import BookingRecord
from totetaxi_core.reconciliation.drift import Drift, DriftKind, Repair
from totetaxi_core.reconciliation.provider_picture import ProviderPicture

NOT_GONE = frozenset({RefundState.FAILED, RefundState.CANCELED})
MADE = frozenset({RefundStatus.SENT, RefundStatus.SUCCEEDED})
ON_THE_WAY = frozenset({RefundStatus.APPROVED, RefundStatus.SENT})


def refund_drifts(
    record: BookingRecord,
    picture: ProviderPicture,
    *,
    settled_before: datetime,
    sent_before: datetime,
) -> Iterator[Drift]:
    """Yield what differs.

    What was made since `settled_before` is on its way here; a refund approved since `sent_before`
    is on its way there.
    """
    for provider in picture.refunds:
        ours = _ours(record, provider)
        if ours is None:
            yield from _there_only(record, provider, made_before=settled_before)
        else:
            yield from _pair(record, ours, provider, settled_before=settled_before)
    known = {one.id for provider in picture.refunds if (one := _ours(record, provider))}
    for refund in record.refunds:
        if refund.id not in known:
            yield from _here_only(record, refund, picture, sent_before=sent_before)
    for dispute in picture.disputes:
        yield from _dispute(record, dispute, made_before=settled_before)


def _ours(record: BookingRecord, provider: ProviderRefund) -> Refund | None:
    return next(
        (
            one
            for one in record.refunds
            if one.stripe_refund_id == provider.id or one.id == provider.refund_id
        ),
        None,
    )


def _there_only(
    record: BookingRecord, provider: ProviderRefund, *, made_before: datetime
) -> Iterator[Drift]:
    is_young = provider.created_at is not None and provider.created_at >= made_before
    if provider.state in NOT_GONE or is_young:
        return
    yield Drift(
        kind=DriftKind.REFUNDED_AT_STRIPE_ONLY,
        booking_id=record.booking_id,
        booking_number=record.booking_number,
        intent_id=provider.intent_id,
        provider_refund_id=provider.id,
        expected_cents=0,
        actual_cents=provider.amount_cents,
        detail=f"Stripe has the refund {provider.id}, and we have none",
        repair=Repair.FOLLOW_REFUND,
    )


def _pair(
    record: BookingRecord, ours: Refund, provider: ProviderRefund, *, settled_before: datetime
) -> Iterator[Drift]:
    if ours.amount_cents != provider.amount_cents:
        detail = f"{provider.id} is not of the refund's amount here"
        why = "which of the two was meant is for a person to say"
        yield _drift(DriftKind.AMOUNT_DIFFERS, record, ours, provider, detail, left_because=why)
    there = STATUS_OF_STATE.get(provider.state, RefundStatus.SENT)
    is_failed_here = ours.status in UNCOUNTED
    if is_failed_here and there is not RefundStatus.FAILED:
        detail = f"the refund is {ours.status} here, and {provider.state} at Stripe"
        why = "a refund that is over here is final, and its amount may have been asked for again"
        yield _drift(
            DriftKind.REFUNDED_AT_STRIPE_ONLY, record, ours, provider, detail, left_because=why
        )
    elif not is_failed_here and _is_behind(ours, there) and ours.updated_at < settled_before:
        detail = f"the refund is {ours.status} here, and {provider.state} at Stripe"
        yield _drift(
            DriftKind.REFUND_STUCK_HERE, record, ours, provider, detail, repair=Repair.FOLLOW_REFUND
        )


def _is_behind(ours: Refund, there: RefundStatus) -> bool:
    """Tell whether Stripe is further; a success here that pends there again is nothing to do."""
    if ours.status is RefundStatus.SUCCEEDED:
        return there is RefundStatus.FAILED
    return ours.status in ON_THE_WAY and ours.status is not there


def _here_only(
    record: BookingRecord, refund: Refund, picture: ProviderPicture, *, sent_before: datetime
) -> Iterator[Drift]:
    if refund.status is RefundStatus.APPROVED and refund.updated_at < sent_before:
        detail = "the refund is approved, and has not been sent"
        yield _drift(
            DriftKind.REFUND_STUCK_HERE, record, refund, None, detail, repair=Repair.SEND_REFUND
        )
    payment = next(one for one in record.payments if one.id == refund.payment_id)
    attempt = record.attempt_that_paid(payment)
    intent_id = attempt.intent_id if attempt else None
    if refund.status in MADE and intent_id in picture.all_refunds_of:
        detail = f"the refund is {refund.status} here, and Stripe has none"
        why = "the payer may still be owed it: ask for another once that is certain"
        yield _drift(DriftKind.REFUNDED_HERE_ONLY, record, refund, None, detail, left_because=why)


def _drift(
    kind: DriftKind,
    record: BookingRecord,
    ours: Refund,
    provider: ProviderRefund | None,
    detail: str,
    *,
    repair: Repair | None = None,
    left_because: str | None = None,
) -> Drift:
    return Drift(
        kind=kind,
        booking_id=record.booking_id,
        booking_number=record.booking_number,
        payment_id=ours.payment_id,
        refund_id=ours.id,
        provider_refund_id=provider.id if provider else None,
        expected_cents=ours.amount_cents,
        actual_cents=provider.amount_cents if provider else 0,
        detail=detail,
        repair=repair,
        left_because=left_because,
    )


def _dispute(
    record: BookingRecord, provider: ProviderDispute, *, made_before: datetime
) -> Iterator[Drift]:
    ours = next((one for one in record.disputes if one.stripe_dispute_id == provider.id), None)
    known_cents = ours.withdrawn_cents if ours else 0
    if provider.created_at >= made_before:
        return
    is_same = ours is not None and ours.status is status_of(provider)
    if not is_same or known_cents != provider.withdrawn_cents:
        yield Drift(
            kind=DriftKind.DISPUTED_AT_STRIPE_ONLY,
            booking_id=record.booking_id,
            booking_number=record.booking_number,
            intent_id=provider.intent_id,
            stripe_dispute_id=provider.id,
            expected_cents=known_cents,
            actual_cents=provider.withdrawn_cents,
            detail=f"Stripe's dispute {provider.id} is not what we have of it",
            repair=Repair.FOLLOW_DISPUTE,
        )
