"""Close an attempt at Stripe, so that nobody can pay it any more."""

from dataclasses import dataclass, replace

from totetaxi_core.bookings.booking import Booking
from totetaxi_core.payments.checkout import CheckoutSession, SessionNotFoundError, SessionStatus
from totetaxi_core.payments.gateway import IntentNotFoundError, IntentStatus
from totetaxi_core.payments.live_intent import intent_of_attempt
from totetaxi_core.payments.live_session import session_or_none
from totetaxi_core.payments.payment import AttemptKind, AttemptState, Payment, PaymentAttempt
from totetaxi_core.ports import Ports

# A complete session takes no more cards: its intent can only have been refused by the bank.
REFUSED = frozenset({IntentStatus.REQUIRES_PAYMENT_METHOD, IntentStatus.CANCELED})


@dataclass(frozen=True, slots=True, kw_only=True)
class Closing:
    """How the attempt stands at Stripe. Unless `is_closed`, its payer was faster."""

    is_closed: bool
    intent_id: str | None
    session_id: str | None = None

    def covers(self, attempt: PaymentAttempt) -> bool:
        """Tell whether nothing else of the attempt can be paid.

        Somebody may have been handed a page or a secret meanwhile, by a call that Stripe answered
        otherwise than ours.
        """
        if attempt.kind is AttemptKind.CHECKOUT:
            return attempt.session_id in (None, self.session_id)
        return attempt.intent_id in (None, self.intent_id)

    def ended(self, attempt: PaymentAttempt) -> PaymentAttempt:
        """Return the attempt, ended, with what Stripe calls it: later news of it is known then."""
        return replace(
            attempt,
            state=AttemptState.ENDED,
            intent_id=self.intent_id or attempt.intent_id,
            session_id=self.session_id or attempt.session_id,
        )


async def close_attempt(
    attempt: PaymentAttempt, payment: Payment, booking: Booking, ports: Ports
) -> Closing:
    """Cancel the attempt's intent, or expire its session: Stripe cancels no intent of a session.

    Raises:
        PaymentUnavailableError: Stripe gave no answer to go by.
    """
    if attempt.kind is AttemptKind.CHECKOUT:
        return await _close_session(attempt, payment, booking, ports)
    try:
        intent = await intent_of_attempt(
            attempt, payment, booking, gateway=ports.payments, now=ports.clock()
        )
        if intent is None:
            return Closing(is_closed=True, intent_id=attempt.intent_id)
        intent = await ports.payments.cancel_intent(intent.id)
    except IntentNotFoundError:
        return Closing(is_closed=True, intent_id=attempt.intent_id)
    return Closing(is_closed=intent.status is IntentStatus.CANCELED, intent_id=intent.id)


async def _close_session(
    attempt: PaymentAttempt, payment: Payment, booking: Booking, ports: Ports
) -> Closing:
    try:
        session = await session_or_none(attempt, payment, booking, ports)
        if session is not None and not await is_session_over(session, ports):
            session = await ports.checkout.expire_session(session.id)
    except SessionNotFoundError:
        session = None
    if session is None:
        return Closing(is_closed=True, intent_id=attempt.intent_id, session_id=attempt.session_id)
    return Closing(
        is_closed=await is_session_over(session, ports),
        intent_id=session.intent_id,
        session_id=session.id,
    )


async def is_session_over(session: CheckoutSession, ports: Ports) -> bool:
    """Tell whether no money can come of it: it has expired, or a bank refused what it began."""
    if session.status is SessionStatus.EXPIRED:
        return True
    if session.status is not SessionStatus.COMPLETE or session.intent_id is None:
        return False
    return (await ports.payments.get_intent(session.intent_id)).status in REFUSED
