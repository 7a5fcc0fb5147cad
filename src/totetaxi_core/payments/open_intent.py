"""Give the payer an intent to pay: the live one if there is one, a new one otherwise."""

from dataclasses import replace
from uuid import UUID

from totetaxi_core.payments.close_attempt import Closing
from totetaxi_core.payments.gateway import (
    IntentNotFoundError,
    IntentStatus,
    PaymentIntent,
    PaymentUnavailableError,
)
from totetaxi_core.payments.live_attempt import LiveAttempt, end_attempt, give_way, live_attempt
from totetaxi_core.payments.live_intent import intent_of_attempt
from totetaxi_core.payments.payable import NotPayableError, is_awaited
from totetaxi_core.payments.payment import AttemptKind, AttemptState, PaymentAttempt
from totetaxi_core.ports import Ports, Terms
from totetaxi_core.unit_of_work import UnitOfWork

MAX_ATTEMPTS_A_CALL = 3


async def open_intent(
    booking_id: UUID, ports: Ports, terms: Terms, *, receipt_email: str | None = None
) -> PaymentIntent:
    """Return the booking's intent; its secret goes to the payer only while the hold stands.

    `receipt_email` replaces the booking's own for an intent not made yet. A Checkout session that
    is open gives way to it.

    Raises:
        BookingNotFoundError: no booking has this id.
        NotPayableError: it waits for no payment, or its hold has lapsed.
        PaymentUnderWayError: a bank is still at what was paid in the session.
        PaymentUnavailableError: Stripe does not answer; the booking stands, ask again.
        PaymentMisconfiguredError: Stripe refuses us; a person must look.
    """
    for _ in range(MAX_ATTEMPTS_A_CALL):
        opened = await live_attempt(
            booking_id, ports, AttemptKind.INTENT, receipt_email=receipt_email
        )
        if opened is None:
            continue
        if opened.attempt.kind is AttemptKind.CHECKOUT or opened.is_spare:
            await give_way(opened, ports, terms)
            continue
        intent = await find_intent(opened, ports)
        if intent is None or intent.status is IntentStatus.CANCELED:
            gone_id = intent.id if intent else opened.attempt.intent_id
            gone = Closing(is_closed=True, intent_id=gone_id)
            await end_attempt(opened.attempt, gone, ports)
        elif await is_handed_out(intent, opened, ports):
            return intent
    raise PaymentUnavailableError("the payment could not be started: please try again")


async def find_intent(opened: LiveAttempt, ports: Ports) -> PaymentIntent | None:
    """Return the attempt's intent; None when Stripe has none, or has none any more."""
    try:
        return await intent_of_attempt(
            opened.attempt,
            opened.payment,
            opened.booking,
            gateway=ports.payments,
            now=ports.clock(),
        )
    except IntentNotFoundError:
        return None


async def is_handed_out(intent: PaymentIntent, opened: LiveAttempt, ports: Ports) -> bool:
    """Store whose intent it is; False when the attempt was ended while we were at Stripe.

    A booking that ended meanwhile gets its intent cancelled.

    Raises:
        NotPayableError: the booking ended, or its hold has lapsed.
    """
    async with ports.unit_of_work() as uow:
        booking = await uow.bookings.get(opened.booking.id, lock=True)
        if await is_awaited(opened.payment, booking, uow, at=ports.clock()):
            return await _is_stored(intent, opened.attempt, uow)
    await ports.payments.cancel_intent(intent.id)
    raise NotPayableError(booking)


async def _is_stored(intent: PaymentIntent, attempt: PaymentAttempt, uow: UnitOfWork) -> bool:
    """Name the attempt's intent, if the attempt is live still and no other intent is its own."""
    attempts = await uow.payments.attempts(attempt.booking_id)
    present = next(each for each in attempts if each.id == attempt.id)
    if present.state is not AttemptState.LIVE or present.intent_id not in (None, intent.id):
        return False
    await uow.payments.save_attempt(replace(present, intent_id=intent.id))
    await uow.commit()
    return True
