"""The one live attempt of a booking: found, begun, or made to give way to another."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID

from totetaxi_core.bookings.booking import Booking
from totetaxi_core.payments.close_attempt import Closing, close_attempt
from totetaxi_core.payments.payable import (
    Awaited,
    NotPayableError,
    PaymentUnderWayError,
    require_awaited,
)
from totetaxi_core.payments.payer import payer_of
from totetaxi_core.payments.payment import (
    AttemptKind,
    AttemptState,
    Payment,
    PaymentAttempt,
)
from totetaxi_core.payments.repositories import LiveAttemptExistsError
from totetaxi_core.payments.settle_payment import settle_intent
from totetaxi_core.ports import Ports, Terms
from totetaxi_core.unit_of_work import UnitOfWork

# Stripe's 30 min and 24 h, less what its clock and a slow call may take of them.
SHORTEST_SESSION = timedelta(minutes=32)
LONGEST_SESSION = timedelta(hours=24) - timedelta(minutes=2)


@dataclass(frozen=True, slots=True)
class LiveAttempt:
    """A booking that waits for a payment, and the attempt to collect it.

    `is_spare`: it collects what was paid otherwise, and has to give way.
    """

    booking: Booking
    payment: Payment
    attempt: PaymentAttempt
    is_spare: bool = False


async def live_attempt(
    booking_id: UUID,
    ports: Ports,
    kind: AttemptKind,
    *,
    receipt_email: str | None = None,
    stripe_customer_id: str | None = None,
) -> LiveAttempt | None:
    """Return the live attempt, of either kind, begun as `kind` if there is none.

    None when another was begun meanwhile. `receipt_email` replaces the payment's own for a new one,
    and `stripe_customer_id` is whose saved cards that may be paid with: without it, the account's.

    Raises:
        BookingNotFoundError: no booking has this id.
        NotPayableError: it waits for no payment, or its hold has lapsed.
    """
    try:
        async with ports.unit_of_work() as uow:
            booking = await uow.bookings.get(booking_id, lock=True)
            awaited = await require_awaited(booking, uow, ports, lock=True)
            payment = awaited.payment
            attempts = await uow.payments.attempts(booking_id)
            live = next((each for each in attempts if each.state is AttemptState.LIVE), None)
            if live is not None and live.payment_id != payment.id:
                return await _spare(booking, live, uow)
            if live is None:
                if receipt_email is not None:
                    payment = replace(payment, customer_email=receipt_email)
                    await uow.payments.save(payment)
                begun = _begun(kind, awaited, payment, ports, number=len(attempts) + 1)
                if kind is AttemptKind.INTENT and stripe_customer_id is None:
                    stripe_customer_id = await payer_of(booking, uow)
                live = replace(begun, stripe_customer_id=stripe_customer_id)
                await uow.payments.add_attempt(live)
            await uow.commit()
            return LiveAttempt(booking, payment, live)
    except LiveAttemptExistsError:
        return None


async def end_attempt(attempt: PaymentAttempt, closing: Closing, ports: Ports) -> bool:
    """End a closed attempt here too, unless it was ended or paid meanwhile.

    False: it has got a page or an intent meanwhile that was not closed; it goes on.
    """
    is_covered = True
    async with ports.unit_of_work() as uow:
        await uow.bookings.get(attempt.booking_id, lock=True)
        for each in await uow.payments.attempts(attempt.booking_id):
            if each.id == attempt.id and each.state is AttemptState.LIVE:
                is_covered = closing.covers(each)
                if is_covered:
                    await uow.payments.save_attempt(closing.ended(each))
        await uow.commit()
    return is_covered


async def give_way(live: LiveAttempt, ports: Ports, terms: Terms) -> None:
    """Close the attempt at Stripe and end it here, so that another may be begun.

    Raises:
        NotPayableError: its payer was faster; the payment is settled.
        PaymentUnderWayError: its payer was faster, and a bank is still at it.
        PaymentUnavailableError: Stripe gave no answer to go by.
    """
    closing = await close_attempt(live.attempt, live.payment, live.booking, ports)
    if closing.is_closed:
        await end_attempt(live.attempt, closing, ports)
        return
    if closing.intent_id is not None:
        settlement = await settle_intent(closing.intent_id, ports, terms)
        if settlement is not None and live.is_spare and settlement.is_received:
            return
        if settlement is not None and not settlement.is_open(at=ports.clock()):
            raise NotPayableError(settlement.booking)
    raise PaymentUnderWayError(f"the payment of {live.booking.booking_number} is under way")


def _begun(
    kind: AttemptKind, awaited: Awaited, payment: Payment, ports: Ports, *, number: int
) -> PaymentAttempt:
    now = ports.clock()
    is_checkout = kind is AttemptKind.CHECKOUT
    return PaymentAttempt(
        id=ports.ids.new_id(),
        payment_id=payment.id,
        booking_id=payment.booking_id,
        number=number,
        state=AttemptState.LIVE,
        created_at=now,
        kind=kind,
        expires_at=session_end(awaited.until, now=now) if is_checkout else None,
    )


def session_end(until: datetime, *, now: datetime) -> datetime:
    """Return when a session begun now ends: with the hold, as nearly as Stripe allows.

    One that outlives the hold is expired at Stripe when the hold ends.
    """
    end = min(until, now + LONGEST_SESSION)
    return max(end, now + SHORTEST_SESSION).replace(microsecond=0)


async def _spare(booking: Booking, live: PaymentAttempt, uow: UnitOfWork) -> LiveAttempt:
    """Return an attempt that collects what was paid otherwise, and is not closed yet."""
    payments = await uow.payments.of_booking(booking.id)
    payment = next(each for each in payments if each.id == live.payment_id)
    return LiveAttempt(booking, payment, live, is_spare=True)
