"""End a reschedule that waits for its difference: at Stripe first, then here.

The new slot's crews are freed only once nobody can pay for it any more; the booking stays where it
is.

Source: docs/payments.md, "A reschedule".
"""

from dataclasses import replace
from uuid import UUID

from totetaxi_core.bookings.booking import Booking
from totetaxi_core.bookings.owed_by_booking import owed_message
from totetaxi_core.bookings.reschedule import Reschedule
from totetaxi_core.notifications.message import MessageKind
from totetaxi_core.payments.call_off import CalledOff, call_off, settle_paid
from totetaxi_core.payments.move_for_difference import MovingForDifference
from totetaxi_core.payments.payable import PaymentUnderWayError
from totetaxi_core.payments.payment import AttemptState, PaymentStatus
from totetaxi_core.ports import Ports, Terms
from totetaxi_core.unit_of_work import UnitOfWork

MAX_TRIES = 5


async def close_reschedule(booking_id: UUID, ports: Ports, terms: Terms) -> None:
    """End the booking's pending reschedule, if it has one, as it gives way to something else.

    If its payer was faster, the booking has moved.

    Raises:
        BookingNotFoundError: no booking has this id.
        PaymentUnderWayError: a bank is still at its payment.
        PaymentUnavailableError: Stripe gave no answer to go by.
    """
    if not await _end(booking_id, ports, terms, has_expired=False):
        raise PaymentUnderWayError("the payment of a reschedule is under way")


async def expire_reschedule(booking_id: UUID, ports: Ports, terms: Terms) -> None:
    """End the booking's reschedule once its time is over, and tell the customer.

    One whose payment is under way goes on holding its crews.

    Raises:
        BookingNotFoundError: no booking has this id.
        PaymentUnavailableError: Stripe gave no answer to go by.
    """
    await _end(booking_id, ports, terms, has_expired=True)


async def _end(booking_id: UUID, ports: Ports, terms: Terms, *, has_expired: bool) -> bool:
    """Return whether none is pending any more."""
    for _ in range(MAX_TRIES):
        async with ports.unit_of_work() as uow:
            booking = await uow.bookings.get(booking_id)
            waiting = await uow.reschedules.pending_of(booking_id)
            payments = await uow.payments.of_booking(booking_id)
            attempts = await uow.payments.attempts(booking_id)
        if waiting is None or (has_expired and waiting.is_awaited(at=ports.clock())):
            return True
        own = tuple(each for each in attempts if each.payment_id == waiting.payment_id)
        called_off = await call_off(booking, payments, own, ports)
        if called_off.paying is not None:
            await settle_paid(called_off.paying, booking, ports, terms)
            return await _is_over(waiting, ports)
        ending = _Ending(waiting, called_off, ports, terms, has_expired=has_expired)
        if await ending.end():
            return True
    raise PaymentUnderWayError("somebody keeps starting payments for this booking")


async def _is_over(waiting: Reschedule, ports: Ports) -> bool:
    async with ports.unit_of_work() as uow:
        pending = await uow.reschedules.pending_of(waiting.booking_id)
    return pending is None or pending.id != waiting.id


class _Ending:
    """The transaction that ends a reschedule which nobody can pay any more."""

    def __init__(
        self,
        waiting: Reschedule,
        called_off: CalledOff,
        ports: Ports,
        terms: Terms,
        *,
        has_expired: bool,
    ) -> None:
        self.waiting, self.called_off = waiting, called_off
        self.ports, self.terms, self.has_expired = ports, terms, has_expired

    async def end(self) -> bool:
        """Return whether it is over; False when another payment can be made meanwhile."""
        async with self.ports.unit_of_work() as uow:
            booking = await uow.bookings.get(self.waiting.booking_id, lock=True)
            pending = await uow.reschedules.pending_of(booking.id)
            if pending is None or pending.id != self.waiting.id:
                return True
            if not await self._end_payment(booking, uow):
                return False
            ended = await MovingForDifference(booking, self.ports, self.terms, uow).end(pending)
            if self.has_expired:
                await self._tell(booking, ended, uow)
            await uow.commit()
            return True

    async def _end_payment(self, booking: Booking, uow: UnitOfWork) -> bool:
        payments = await uow.payments.of_booking(booking.id, lock=True)
        for attempt in await uow.payments.attempts(booking.id):
            if attempt.payment_id != self.waiting.payment_id:
                continue
            if attempt.state is AttemptState.LIVE:
                closing = self.called_off.closed.get(attempt.id)
                if closing is None or not closing.covers(attempt):
                    return False
                await uow.payments.save_attempt(closing.ended(attempt))
        payment = next(each for each in payments if each.id == self.waiting.payment_id)
        canceled = payment.move_to(PaymentStatus.CANCELED, at=self.ports.clock())
        await uow.payments.save(canceled)
        return True

    async def _tell(self, booking: Booking, ended: Reschedule, uow: UnitOfWork) -> None:
        kind = MessageKind.RESCHEDULE_EXPIRED
        message = owed_message(self.ports.ids, kind, booking, at=self.ports.clock())
        # The booking has not changed, and may be on its way to another slot again later.
        await uow.outbox.owe(replace(message, cause=f"{message.cause}:{ended.id}"))
