"""Finds the Checkout session of an attempt, whether or not we ever heard of it."""

from totetaxi_core.bookings.booking import Booking
from totetaxi_core.payments.checkout import (
    CheckoutSession,
    SessionEndError,
    SessionNotFoundError,
    SessionOrder,
)
from totetaxi_core.payments.gateway import PaymentUnavailableError
from totetaxi_core.payments.payment import Payment, PaymentAttempt
from totetaxi_core.ports import Ports


async def session_of_attempt(
    attempt: PaymentAttempt, payment: Payment, booking: Booking, ports: Ports
) -> CheckoutSession | None:
    """Return the attempt's session as it stands, creating it if Stripe has none yet.

    Its create is replayed under its own key, which Stripe keeps for longer than a session lives.
    None: there is none, or none that anybody could have been sent to, as a session's address is
    handed out only after its id is stored.

    Raises:
        PaymentUnavailableError: Stripe gave no answer to go by. `answered`: the key can bring no
            other, and nobody was sent to what it may have made.
    """
    try:
        if attempt.session_id is not None:
            return await ports.checkout.get_session(attempt.session_id)
        if attempt.expires_at is None or ports.clock() >= attempt.expires_at:
            return None
        order = SessionOrder(
            booking_id=booking.id,
            booking_number=booking.booking_number,
            payment_id=payment.id,
            attempt=attempt.number,
            amount_cents=payment.amount_cents,
            receipt_email=payment.customer_email,
            expires_at=attempt.expires_at,
        )
        return await ports.checkout.create_session(order)
    except (SessionNotFoundError, SessionEndError):
        return None


async def session_or_none(
    attempt: PaymentAttempt, payment: Payment, booking: Booking, ports: Ports
) -> CheckoutSession | None:
    """Return the attempt's session; None also where Stripe keeps a failure under its key."""
    try:
        return await session_of_attempt(attempt, payment, booking, ports)
    except PaymentUnavailableError as error:
        if attempt.session_id is None and error.answered:
            return None
        raise
