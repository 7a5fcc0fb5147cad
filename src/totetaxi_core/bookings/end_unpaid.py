"""End a booking that was not paid: at Stripe first, then here.

The crews are freed only once nobody can pay any more. While Stripe does not answer, or the payment
is under way, the hold stays.
"""

from collections.abc import Mapping
from uuid import UUID

from totetaxi_core.bookings.booking import Booking, InvalidTransitionError
from totetaxi_core.bookings.booking_status import BookingStatus, CancellationReason
from totetaxi_core.bookings.occupancy import occupied
from totetaxi_core.bookings.owed_by_booking import owed_message
from totetaxi_core.notifications.message import MessageKind
from totetaxi_core.payments.close_attempt import Closing, close_attempt
from totetaxi_core.payments.payable import PaymentUnderWayError
from totetaxi_core.payments.payment import (
    AttemptState,
    Payment,
    PaymentPurpose,
    PaymentStatus,
)
from totetaxi_core.payments.settle_payment import settle_intent
from totetaxi_core.ports import Ports, Terms
from totetaxi_core.staff.staff_act import StaffAct
from totetaxi_core.unit_of_work import UnitOfWork

MAX_TRIES = 5


async def cancel_unpaid(
    booking_id: UUID, ports: Ports, terms: Terms, *, staff_name: str | None = None
) -> Booking:
    """Cancel a pending booking for its customer, or for a member of staff by name.

    Raises:
        BookingNotFoundError: no booking has this id.
        InvalidTransitionError: it is not pending, or its payer was faster.
        PaymentUnderWayError: its payment is being processed.
        PaymentUnavailableError: Stripe does not answer; the hold stays.
    """
    reason = CancellationReason.STAFF if staff_name else CancellationReason.CUSTOMER
    booking = await end_unpaid(booking_id, ports, terms, reason=reason, staff_name=staff_name)
    if booking.status is BookingStatus.PENDING:
        raise PaymentUnderWayError(f"the payment of {booking.booking_number} is under way")
    if booking.cancellation_reason is not reason:
        raise InvalidTransitionError(
            booking.booking_number, booking.status, BookingStatus.CANCELLED
        )
    return booking


async def end_unpaid(
    booking_id: UUID,
    ports: Ports,
    terms: Terms,
    *,
    reason: CancellationReason,
    staff_name: str | None = None,
) -> Booking:
    """End a pending booking and return it as it then stands.

    Confirmed if it turned out to be paid; still pending if its payment is under way; unchanged
    if it was not pending.
    """
    for _ in range(MAX_TRIES):
        async with ports.unit_of_work() as uow:
            booking = await uow.bookings.get(booking_id)
            payments = await uow.payments.of_booking(booking_id)
            attempts = await uow.payments.attempts(booking_id)
        if booking.status is not BookingStatus.PENDING:
            return booking
        closed: dict[UUID, Closing] = {}
        for attempt in attempts:
            if attempt.state is not AttemptState.LIVE:
                continue
            payment = next(each for each in payments if each.id == attempt.payment_id)
            closing = await close_attempt(attempt, payment, booking, ports)
            if not closing.is_closed:
                return await _settled(closing, booking, ports, terms)
            closed[attempt.id] = closing
        ending = _Ending(ports, terms, reason, staff_name, closed=closed)
        ended = await ending.end(booking_id)
        if ended is not None:
            return ended
    raise PaymentUnderWayError("somebody keeps starting payments for this booking")


async def _settled(closing: Closing, booking: Booking, ports: Ports, terms: Terms) -> Booking:
    """Settle what the payer did before we closed it, and return the booking as it then stands."""
    if closing.intent_id is None:
        return booking
    settlement = await settle_intent(closing.intent_id, ports, terms)
    return settlement.booking if settlement else booking


class _Ending:
    """The transaction that ends a booking. Nobody can pay the attempts in `closed` any more."""

    def __init__(
        self,
        ports: Ports,
        terms: Terms,
        reason: CancellationReason,
        staff_name: str | None,
        *,
        closed: Mapping[UUID, Closing],
    ) -> None:
        self.ports, self.terms = ports, terms
        self.reason, self.staff_name, self.closed = reason, staff_name, closed
        self.now = ports.clock()

    async def end(self, booking_id: UUID) -> Booking | None:
        """Return the booking, ended; None if another payment can be made meanwhile."""
        async with self.ports.unit_of_work() as uow:
            booking = await uow.bookings.get(booking_id, lock=True)
            if booking.status is not BookingStatus.PENDING:
                return booking
            payments = await uow.payments.of_booking(booking_id, lock=True)
            if not await self._end_attempts(booking_id, uow):
                return None
            await self._cancel_payment(payments, uow)
            ended = booking.cancel(reason=self.reason, at=self.now)
            await uow.bookings.save(ended)
            await uow.discount_uses.give_back(booking_id)
            on = booking.quote.request.pickup_date
            await uow.crews.release(on, occupied(booking, self.terms.schedule))
            await self._owe(ended, uow)
            await uow.commit()
            return ended

    async def _end_attempts(self, booking_id: UUID, uow: UnitOfWork) -> bool:
        for attempt in await uow.payments.attempts(booking_id):
            if attempt.state is AttemptState.LIVE:
                closing = self.closed.get(attempt.id)
                if closing is None or not closing.covers(attempt):
                    return False
                await uow.payments.save_attempt(closing.ended(attempt))
        return True

    async def _cancel_payment(self, payments: tuple[Payment, ...], uow: UnitOfWork) -> None:
        for payment in payments:
            if payment.purpose is PaymentPurpose.BOOKING:
                canceled = payment.move_to(PaymentStatus.CANCELED, at=self.now)
                await uow.payments.save(canceled)

    async def _owe(self, ended: Booking, uow: UnitOfWork) -> None:
        timed_out = self.reason is CancellationReason.PAYMENT_TIMEOUT
        kind = MessageKind.HOLD_EXPIRED if timed_out else MessageKind.BOOKING_CANCELLED
        await uow.outbox.owe(owed_message(self.ports.ids, kind, ended, at=self.now))
        if self.staff_name:
            await uow.staff_acts.add(
                StaffAct(
                    id=self.ports.ids.new_id(),
                    staff_name=self.staff_name,
                    action_type="booking_update",
                    description=f"cancelled {ended.booking_number}, unpaid",
                    booking_id=ended.id,
                    created_at=self.now,
                )
            )
