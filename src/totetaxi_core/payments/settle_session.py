"""Settle a Checkout session: ask Stripe how it stands now, and make our side agree."""

from dataclasses import replace

from totetaxi_core.bookings.booking import BookingNotFoundError
from totetaxi_core.payments.checkout import CheckoutSession
from totetaxi_core.payments.close_attempt import is_session_over
from totetaxi_core.payments.payment import AttemptKind, AttemptState, PaymentAttempt
from totetaxi_core.payments.settle_told import settle_told
from totetaxi_core.ports import Ports, Terms


async def settle_session(session_id: str, ports: Ports, terms: Terms) -> bool:
    """Settle the session's intent, if it has one, and end the attempt of one that is over.

    The booking's hold goes on: another link or intent may be made. False when it is not ours.

    Raises:
        SessionNotFoundError: Stripe has no such session.
        PaymentUnavailableError: Stripe does not answer.
    """
    session = await ports.checkout.get_session(session_id)
    if session.booking_id is None or session.payment_id is None:
        return False
    if session.intent_id is not None:
        await settle_told(session.intent_id, ports, terms)
    return await _follow(session, ports, is_over=await is_session_over(session, ports))


async def _follow(session: CheckoutSession, ports: Ports, *, is_over: bool) -> bool:
    if session.booking_id is None:
        return False
    async with ports.unit_of_work() as uow:
        try:
            await uow.bookings.get(session.booking_id, lock=True)
        except BookingNotFoundError:
            return False
        for attempt in await uow.payments.attempts(session.booking_id):
            if _is_of(attempt, session) and attempt.state is AttemptState.LIVE:
                state = AttemptState.ENDED if is_over else AttemptState.LIVE
                seen = replace(
                    attempt, state=state, session_id=session.id, checked_at=ports.clock()
                )
                await uow.payments.save_attempt(seen)
        await uow.commit()
    return True


def _is_of(attempt: PaymentAttempt, session: CheckoutSession) -> bool:
    """Tell whether it is the session's: by its id, or by its number while its answer is missing."""
    if attempt.session_id is not None:
        return attempt.session_id == session.id
    mine = (attempt.kind, attempt.payment_id, attempt.number)
    return mine == (AttemptKind.CHECKOUT, session.payment_id, session.attempt)
