"""Call a booking's payment off: at Stripe first, then here.

Nobody can pay any more once the attempts are closed; while Stripe does not answer, or a payment
is under way, nothing changes here.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from totetaxi_core.bookings.booking import Booking
from totetaxi_core.payments.close_attempt import Closing, close_attempt
from totetaxi_core.payments.payment import (
    AttemptState,
    Payment,
    PaymentAttempt,
    PaymentPurpose,
    PaymentStatus,
)
from totetaxi_core.payments.settle_payment import settle_intent
from totetaxi_core.ports import Ports, Terms
from totetaxi_core.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True, kw_only=True)
class CalledOff:
    """What was closed at Stripe, by attempt; `paying` is what its payer was faster with."""

    closed: Mapping[UUID, Closing] = field(default_factory=dict)
    paying: Closing | None = None

    async def end(self, booking: Booking, uow: UnitOfWork, *, at: datetime) -> bool:
        """End the attempts and cancel the payment of the locked booking.

        False, and the transaction is to be left, when there is another payment to close first.
        """
        payments = await uow.payments.of_booking(booking.id, lock=True)
        for attempt in await uow.payments.attempts(booking.id):
            if attempt.state is AttemptState.LIVE and not await self._end(attempt, uow):
                return False
        for payment in payments:
            if payment.purpose is PaymentPurpose.BOOKING:
                await uow.payments.save(payment.move_to(PaymentStatus.CANCELED, at=at))
        return True

    async def _end(self, attempt: PaymentAttempt, uow: UnitOfWork) -> bool:
        closing = self.closed.get(attempt.id)
        if closing is None or not closing.covers(attempt):
            return False
        await uow.payments.save_attempt(closing.ended(attempt))
        return True


async def call_off(
    booking: Booking,
    payments: tuple[Payment, ...],
    attempts: tuple[PaymentAttempt, ...],
    ports: Ports,
) -> CalledOff:
    """Close every live attempt at Stripe; stop at one that its payer was faster with.

    Raises:
        PaymentUnavailableError: Stripe gave no answer to go by.
    """
    closed: dict[UUID, Closing] = {}
    for attempt in attempts:
        if attempt.state is not AttemptState.LIVE:
            continue
        payment = next(each for each in payments if each.id == attempt.payment_id)
        closing = await close_attempt(attempt, payment, booking, ports)
        if not closing.is_closed:
            return CalledOff(closed=closed, paying=closing)
        closed[attempt.id] = closing
    return CalledOff(closed=closed)


async def settle_paid(closing: Closing, booking: Booking, ports: Ports, terms: Terms) -> Booking:
    """Settle what the payer did before it was closed; return the booking as it then stands."""
    if closing.intent_id is None:
        return booking
    settlement = await settle_intent(closing.intent_id, ports, terms)
    return settlement.booking if settlement else booking
