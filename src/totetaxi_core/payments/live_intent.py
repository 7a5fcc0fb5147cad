"""Finds the payment intent of an attempt, whether or not we ever heard of it."""

from datetime import datetime, timedelta

from totetaxi_core.bookings.booking import Booking
from totetaxi_core.payments.gateway import (
    IntentOrder,
    IntentStatus,
    PayerGoneError,
    PaymentGateway,
    PaymentIntent,
    PaymentUnavailableError,
)
from totetaxi_core.payments.payment import Payment, PaymentAttempt

KEY_KEPT = timedelta(hours=23)
CLOCK_SKEW = timedelta(minutes=5)


async def intent_of_attempt(
    attempt: PaymentAttempt,
    payment: Payment,
    booking: Booking,
    *,
    gateway: PaymentGateway,
    now: datetime,
) -> PaymentIntent | None:
    """Return the attempt's intent as it stands, creating it if Stripe has none yet.

    Its create is replayed under its own key, which Stripe keeps for a day. After that, and where
    Stripe keeps a failure under the key or has deleted the payer, the intent is looked for by our
    metadata; None means that there is none and that the key can bring none.

    Raises:
        PaymentUnavailableError: Stripe gave no answer to go by.
    """
    if attempt.intent_id is not None:
        return await gateway.get_intent(attempt.intent_id)
    if now - attempt.created_at > KEY_KEPT:
        return await _by_metadata(attempt, gateway)
    order = IntentOrder(
        booking_id=booking.id,
        booking_number=booking.booking_number,
        payment_id=payment.id,
        attempt=attempt.number,
        amount_cents=payment.amount_cents,
        receipt_email=payment.customer_email,
        stripe_customer_id=attempt.stripe_customer_id,
    )
    try:
        return await gateway.create_intent(order)
    except PayerGoneError:
        return await _by_metadata(attempt, gateway)
    except PaymentUnavailableError as error:
        if not error.answered:
            raise
        return await _by_metadata(attempt, gateway)


async def _by_metadata(attempt: PaymentAttempt, gateway: PaymentGateway) -> PaymentIntent | None:
    found = await gateway.find_intents(
        attempt.payment_id, created_from=attempt.created_at - CLOCK_SKEW
    )
    alive = (
        intent
        for intent in found
        if intent.status is not IntentStatus.CANCELED and intent.attempt == attempt.number
    )
    return next(alive, None)
