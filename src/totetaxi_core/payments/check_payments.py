"""Look after live intents: this confirms a booking whose webhook was lost."""

from dataclasses import replace
from datetime import timedelta

from totetaxi_core.payments.gateway import IntentNotFoundError
from totetaxi_core.payments.payment import PaymentAttempt
from totetaxi_core.payments.settle_payment import settle_intent
from totetaxi_core.ports import Ports, Terms


async def check_payments(ports: Ports, terms: Terms, *, pause: timedelta, limit: int) -> int:
    """Settle up to `limit` live attempts unchecked for `pause`, and return how many.

    An attempt without a stored intent needs no look: its secret was never handed out, so that
    nobody can have paid it.

    Raises:
        PaymentUnavailableError: Stripe does not answer; the rest waits for the next time.
    """
    async with ports.unit_of_work() as uow:
        attempts = await uow.payments.attempts_to_check(
            checked_before=ports.clock() - pause, limit=limit
        )
    for attempt in attempts:
        await _check(attempt, ports, terms)
    return len(attempts)


async def _check(attempt: PaymentAttempt, ports: Ports, terms: Terms) -> None:
    if attempt.intent_id is None or not await _settled(attempt.intent_id, ports, terms):
        async with ports.unit_of_work() as uow:
            await uow.payments.save_attempt(replace(attempt, checked_at=ports.clock()))
            await uow.commit()


async def _settled(intent_id: str, ports: Ports, terms: Terms) -> bool:
    """Settle the intent; False when Stripe has forgotten it (expiry will end its booking)."""
    try:
        return await settle_intent(intent_id, ports, terms) is not None
    except IntentNotFoundError:
        return False
