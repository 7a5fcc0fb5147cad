"""Where the payments of a booking and Stripe's intents differ.

Source: docs/reconciliation.md.
"""

from collections.abc import Iterator
from datetime import datetime

from totetaxi_core.payments.gateway import IntentStatus, PaymentIntent
from totetaxi_core.payments.payment import (
    AttemptState,
    Payment,
    PaymentPurpose,
)
from totetaxi_core.payments.refundable import unclaimed_of
from totetaxi_core.reconciliation.booking_record import BookingRecord
from totetaxi_core.reconciliation.drift import Drift, DriftKind, Repair
from totetaxi_core.reconciliation.provider_picture import ProviderPicture

NO_PAYMENT = "the booking has no payment that it could settle"
WRONG_SUM = "whether the price or the payment is wrong is for a person to say"
NO_MONEY_THERE = "the money may have come in another way, or the record may be wrong"


def unknown_booking_drifts(
    picture: ProviderPicture, *, settled_before: datetime
) -> Iterator[Drift]:
    """Yield the intents that bear the id of a booking which we do not have."""
    for intent in picture.intents.values():
        if intent is None or intent.status is IntentStatus.CANCELED:
            continue
        if _charged_at(intent) < settled_before:
            yield Drift(
                kind=DriftKind.INTENT_WITHOUT_PAYMENT,
                booking_id=None,
                booking_number=None,
                intent_id=intent.id,
                expected_cents=0,
                actual_cents=intent.amount_received_cents or intent.amount_cents,
                detail=f"{intent.id} is {intent.status} for an unknown booking {intent.booking_id}",
                left_because="the booking may be lost, or belong to another house on this account",
            )


def payment_drifts(
    record: BookingRecord, picture: ProviderPicture, *, settled_before: datetime
) -> Iterator[Drift]:
    """Yield what differs; intents made or charged since `settled_before` are still on their way."""
    seen = [intent for intent in picture.intents.values() if intent is not None]
    for intent in seen:
        if intent.status is IntentStatus.SUCCEEDED:
            yield from _settled_amount(record, intent)
        elif intent.status is not IntentStatus.CANCELED:
            yield from _unpaid(record, intent, made_before=settled_before)
    yield from _unsettled(record, seen, charged_before=settled_before)
    yield from _unknown_there(record, picture)
    yield from _kept_twice(record)


def _settled_amount(record: BookingRecord, intent: PaymentIntent) -> Iterator[Drift]:
    attempt = record.attempt_of_intent(intent.id)
    if attempt is None or attempt.state is not AttemptState.SUCCEEDED:
        return
    payment = next(one for one in record.payments if one.id == attempt.payment_id)
    if payment.amount_cents != intent.amount_received_cents:
        yield _amount(record, payment, intent, actual_cents=intent.amount_received_cents)


def _unpaid(
    record: BookingRecord, intent: PaymentIntent, *, made_before: datetime
) -> Iterator[Drift]:
    if intent.created_at >= made_before:
        return
    attempt = record.attempt_of_intent(intent.id)
    if attempt is None:
        if not _has_nameless(record, intent):
            yield _unheard_of(record, intent)
        return
    payment = next(one for one in record.payments if one.id == attempt.payment_id)
    if attempt.state is AttemptState.LIVE and payment.amount_cents != intent.amount_cents:
        yield _amount(record, payment, intent, actual_cents=intent.amount_cents)


def _unheard_of(record: BookingRecord, intent: PaymentIntent) -> Drift:
    can_settle = record.payment_named(intent.payment_id) is not None
    return Drift(
        kind=DriftKind.INTENT_WITHOUT_PAYMENT,
        booking_id=record.booking_id,
        booking_number=record.booking_number,
        intent_id=intent.id,
        actual_cents=intent.amount_cents,
        detail=f"Stripe waits for the payment of {intent.id}, which no attempt here has",
        repair=Repair.SETTLE_INTENT if can_settle else None,
        left_because=None if can_settle else NO_PAYMENT,
    )


def _has_nameless(record: BookingRecord, intent: PaymentIntent) -> bool:
    """Tell whether an attempt may be this intent's, of which Stripe's answer never came."""
    number = intent.attempt
    return any(
        one.intent_id is None
        and (one.state is AttemptState.LIVE if number is None else one.number == number)
        for one in record.attempts
    )


def _amount(
    record: BookingRecord, payment: Payment, intent: PaymentIntent, *, actual_cents: int
) -> Drift:
    return Drift(
        kind=DriftKind.AMOUNT_DIFFERS,
        booking_id=record.booking_id,
        booking_number=record.booking_number,
        payment_id=payment.id,
        intent_id=intent.id,
        expected_cents=payment.amount_cents,
        actual_cents=actual_cents,
        detail=f"{intent.id} is not for the amount of its payment here",
        left_because=WRONG_SUM,
    )


def _unsettled(
    record: BookingRecord, seen: list[PaymentIntent], *, charged_before: datetime
) -> Iterator[Drift]:
    """Yield the successes that are not taken in: but for the first of a payment, as second ones."""
    paid = {one.id for one in record.paid_for_booking}
    for intent in sorted(seen, key=_charged_at):
        attempt = record.attempt_of_intent(intent.id)
        is_settled = attempt is not None and attempt.state is AttemptState.SUCCEEDED
        if intent.status is not IntentStatus.SUCCEEDED or is_settled:
            continue
        payment = record.payment_named(intent.payment_id)
        is_paid = payment is not None and payment.id in paid
        if _charged_at(intent) < charged_before:
            yield _second(record, intent) if is_paid else _first(record, intent, payment)
        if payment is not None:
            paid.add(payment.id)


def _charged_at(intent: PaymentIntent) -> datetime:
    return intent.charged_at or intent.created_at


def _second(record: BookingRecord, intent: PaymentIntent) -> Drift:
    return Drift(
        kind=DriftKind.TWO_SUCCESSES,
        booking_id=record.booking_id,
        booking_number=record.booking_number,
        intent_id=intent.id,
        expected_cents=0,
        actual_cents=intent.amount_received_cents,
        detail=f"{intent.id} paid a second time for one booking",
        repair=Repair.SETTLE_INTENT,
    )


def _first(record: BookingRecord, intent: PaymentIntent, payment: Payment | None) -> Drift:
    expected_cents = payment.amount_cents if payment else 0
    if payment is not None and expected_cents != intent.amount_received_cents:
        return _amount(record, payment, intent, actual_cents=intent.amount_received_cents)
    return Drift(
        kind=DriftKind.PAID_AT_STRIPE_PENDING_HERE,
        booking_id=record.booking_id,
        booking_number=record.booking_number,
        payment_id=payment.id if payment else None,
        intent_id=intent.id,
        expected_cents=expected_cents,
        actual_cents=intent.amount_received_cents,
        detail=f"{intent.id} is paid, and the payment here is not",
        repair=Repair.SETTLE_INTENT if payment else None,
        left_because=None if payment else NO_PAYMENT,
    )


def _unknown_there(record: BookingRecord, picture: ProviderPicture) -> Iterator[Drift]:
    for payment in record.paid:
        attempt = record.attempt_that_paid(payment)
        intent_id = attempt.intent_id if attempt else None
        if intent_id is None:
            found = "none of its attempts has an intent"
        elif intent_id not in picture.intents:
            continue
        else:
            intent = picture.intents[intent_id]
            if intent is not None and intent.status is IntentStatus.SUCCEEDED:
                continue
            found = f"at Stripe {intent_id} is {intent.status if intent else 'unknown'}"
        yield Drift(
            kind=DriftKind.PAYMENT_WITHOUT_INTENT,
            booking_id=record.booking_id,
            booking_number=record.booking_number,
            payment_id=payment.id,
            intent_id=intent_id,
            expected_cents=payment.amount_cents,
            actual_cents=0,
            detail=f"the payment here has succeeded, but {found}",
            left_because=NO_MONEY_THERE,
        )


def _kept_twice(record: BookingRecord) -> Iterator[Drift]:
    """Yield money that came twice, was taken in, and of which something does not go back."""
    own = (one for one in record.paid if one.purpose is PaymentPurpose.BOOKING)
    wanted = (next(own, None), *(one for one in record.paid if _is_difference(one)))
    for payment in record.paid:
        kept_cents = unclaimed_of(payment, record.refunds, record.disputes)
        is_second = all(payment is not one for one in wanted)
        if is_second and kept_cents > 0:
            yield Drift(
                kind=DriftKind.TWO_SUCCESSES,
                booking_id=record.booking_id,
                booking_number=record.booking_number,
                payment_id=payment.id,
                expected_cents=0,
                actual_cents=kept_cents,
                detail="a second payment was taken in and no refund of it is on its way",
                left_because="its refund failed or was rejected: ask for another",
            )


def _is_difference(payment: Payment) -> bool:
    return payment.purpose is PaymentPurpose.RESCHEDULE
