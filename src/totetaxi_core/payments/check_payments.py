"""Look after live intents: this confirms a booking whose webhook was lost."""

from dataclasses import replace
from datetime import timedelta

from totetaxi_core.payments.checkout import SessionNotFoundError
from totetaxi_core.payments.gateway import IntentNotFoundError, PaymentUnavailableError
from totetaxi_core.payments.payment import AttemptState, PaymentAttempt
from totetaxi_core.payments.settle_payment import settle_intent
from totetaxi_core.payments.settle_session import settle_session
from totetaxi_core.ports import Ports, Terms
from totetaxi_core.refusal import DomainError


async def check_payments(ports: Ports, terms: Terms, *, pause: timedelta, limit: int) -> int:
    """Settle up to `limit` live attempts unchecked for `pause`, and return how many.

    An attempt without a stored intent or session needs no look: neither secret nor address was
    ever handed out, so that nobody can have paid it. One that cannot be settled does not keep the
    others from it.

    Raises:
        PaymentUnavailableError: Stripe does not answer; the rest waits for the next time.
        DomainError: of the last attempt that could not be settled.
    """
    async with ports.unit_of_work() as uow:
        attempts = await uow.payments.attempts_to_check(
            checked_before=ports.clock() - pause, limit=limit
        )
    failure: DomainError | None = None
    for attempt in attempts:
        try:
            await _check(attempt, ports, terms)
        except DomainError as error:
            if is_outage(error):
                raise
            failure = error
            await _mark_checked(attempt, ports)
    if failure is not None:
        raise failure
    return len(attempts)


def is_outage(error: DomainError) -> bool:
    """Tell whether Stripe was silent: then the next call would only wait as long."""
    return isinstance(error, PaymentUnavailableError) and not error.answered


async def _check(attempt: PaymentAttempt, ports: Ports, terms: Terms) -> None:
    if not await _settled(attempt, ports, terms):
        await _mark_checked(attempt, ports)


async def _settled(attempt: PaymentAttempt, ports: Ports, terms: Terms) -> bool:
    """Settle the attempt; False when Stripe has forgotten it (expiry will end its booking)."""
    try:
        if attempt.session_id is not None:
            return await settle_session(attempt.session_id, ports, terms)
        if attempt.intent_id is not None:
            return await settle_intent(attempt.intent_id, ports, terms) is not None
    except (IntentNotFoundError, SessionNotFoundError):
        return False
    return False


async def _mark_checked(attempt: PaymentAttempt, ports: Ports) -> None:
    """Put the attempt at the end of the line, as it stands now: it was read without a lock."""
    async with ports.unit_of_work() as uow:
        await uow.bookings.get(attempt.booking_id, lock=True)
        for each in await uow.payments.attempts(attempt.booking_id):
            if each.id == attempt.id and each.state is AttemptState.LIVE:
                await uow.payments.save_attempt(replace(each, checked_at=ports.clock()))
        await uow.commit()
