"""End a booking that was not paid: at Stripe first, then here.

The crews are freed only once nobody can pay any more. While Stripe does not answer, or the payment
is under way, the hold stays.
"""

from uuid import UUID

from totetaxi_core.bookings.booking import Booking, InvalidTransitionError
from totetaxi_core.bookings.booking_status import BookingStatus, CancellationReason
from totetaxi_core.bookings.booking_version import require_version
from totetaxi_core.bookings.occupancy import occupied
from totetaxi_core.bookings.owed_by_booking import owed_message
from totetaxi_core.bookings.status_change import StatusChange, status_act
from totetaxi_core.notifications.message import MessageKind
from totetaxi_core.payments.call_off import CalledOff, call_off, settle_paid
from totetaxi_core.payments.payable import PaymentUnderWayError
from totetaxi_core.ports import Ports, Terms
from totetaxi_core.unit_of_work import UnitOfWork
from totetaxi_core.webhooks.announce import announce
from totetaxi_core.webhooks.event_type import EventType

MAX_TRIES = 5


async def cancel_unpaid(
    booking_id: UUID, ports: Ports, terms: Terms, *, by: StatusChange | None = None
) -> Booking:
    """Cancel a pending booking for its customer, or as a member of staff.

    Raises:
        BookingNotFoundError: no booking has this id.
        StaleVersionError: it has changed since staff saw it.
        InvalidTransitionError: it is not pending, or its payer was faster.
        PaymentUnderWayError: its payment is being processed.
        PaymentUnavailableError: Stripe does not answer; the hold stays.
    """
    reason = CancellationReason.STAFF if by else CancellationReason.CUSTOMER
    booking = await end_unpaid(booking_id, ports, terms, reason=reason, by=by)
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
    by: StatusChange | None = None,
) -> Booking:
    """End a pending booking and return it as it then stands.

    Confirmed if it turned out to be paid; still pending if its payment is under way; unchanged
    if it was not pending. `by` is the member of staff who ends it.

    Raises:
        StaleVersionError: it has changed since staff saw it.
    """
    for _ in range(MAX_TRIES):
        async with ports.unit_of_work() as uow:
            booking = await uow.bookings.get(booking_id)
            payments = await uow.payments.of_booking(booking_id)
            attempts = await uow.payments.attempts(booking_id)
        if booking.status is not BookingStatus.PENDING:
            return booking
        called_off = await call_off(booking, payments, attempts, ports)
        if called_off.paying is not None:
            return await settle_paid(called_off.paying, booking, ports, terms)
        ended = await _Ending(ports, terms, reason, by, called_off).end(booking_id)
        if ended is not None:
            return ended
    raise PaymentUnderWayError("somebody keeps starting payments for this booking")


class _Ending:
    """The transaction that ends a booking which nobody can pay any more."""

    def __init__(
        self,
        ports: Ports,
        terms: Terms,
        reason: CancellationReason,
        by: StatusChange | None,
        called_off: CalledOff,
    ) -> None:
        self.ports, self.terms = ports, terms
        self.reason, self.by, self.called_off = reason, by, called_off
        self.now = ports.clock()

    async def end(self, booking_id: UUID) -> Booking | None:
        """Return the booking, ended; None if another payment can be made meanwhile."""
        async with self.ports.unit_of_work() as uow:
            booking = await uow.bookings.get(booking_id, lock=True)
            if self.by is not None:
                require_version(booking, self.by.seen_versions)
            if booking.status is not BookingStatus.PENDING:
                return booking
            if not await self.called_off.end(booking, uow, at=self.now):
                return None
            ended = booking.cancel(reason=self.reason, at=self.now)
            await uow.bookings.save(ended)
            await announce(uow, EventType.BOOKING_CANCELLED, ended, at=self.now)
            await uow.discount_uses.give_back(booking_id)
            on = booking.quote.request.pickup_date
            await uow.crews.release(on, occupied(booking))
            await self._owe(booking, ended, uow)
            await uow.commit()
            return ended

    async def _owe(self, booking: Booking, ended: Booking, uow: UnitOfWork) -> None:
        timed_out = self.reason is CancellationReason.PAYMENT_TIMEOUT
        kind = MessageKind.HOLD_EXPIRED if timed_out else MessageKind.BOOKING_CANCELLED
        await uow.outbox.owe(owed_message(self.ports.ids, kind, ended, at=self.now))
        if self.by is not None:
            said = f"cancelled {ended.booking_number}, unpaid"
            who, notes = self.by.staff_name, self.by.notes
            await uow.staff_acts.add(
                status_act(booking, ended, self.ports.ids, staff_name=who, said=said, notes=notes)
            )
