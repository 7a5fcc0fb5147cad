"""Confirm a booking that was paid in cash: its payment by card is called off first.

Source: docs/payments.md, "Cash".
"""

from datetime import tzinfo

from totetaxi_core.bookings.booking import Booking, InvalidTransitionError
from totetaxi_core.bookings.booking_status import BookingStatus
from totetaxi_core.bookings.booking_version import require_version
from totetaxi_core.bookings.owed_by_booking import owe_confirmation
from totetaxi_core.bookings.status_change import StatusChange, status_act
from totetaxi_core.ledger.post_cash import post_cash
from totetaxi_core.payments.call_off import CalledOff, call_off, settle_paid
from totetaxi_core.payments.payable import PaymentUnderWayError
from totetaxi_core.ports import Ports, Terms
from totetaxi_core.webhooks.announce import announce
from totetaxi_core.webhooks.event_type import EventType

MAX_TRIES = 5


async def confirm_in_cash(change: StatusChange, ports: Ports, terms: Terms) -> Booking:
    """Confirm a pending booking whose whole price staff have taken in cash.

    Raises:
        BookingNotFoundError: no booking has this id.
        StaleVersionError: it has changed since it was seen.
        InvalidTransitionError: it is not pending, or its card was faster.
        PaymentUnderWayError: its payment by card is being processed.
        PaymentUnavailableError: Stripe does not answer; nothing has changed.
    """
    for _ in range(MAX_TRIES):
        async with ports.unit_of_work() as uow:
            booking = await uow.bookings.get(change.booking_id)
            payments = await uow.payments.of_booking(booking.id)
            attempts = await uow.payments.attempts(booking.id)
        _require_unpaid(booking, change)
        called_off = await call_off(booking, payments, attempts, ports)
        if called_off.paying is not None:
            settled = await settle_paid(called_off.paying, booking, ports, terms)
            _require_unpaid(settled, change)
            raise PaymentUnderWayError(f"the payment of {booking.booking_number} is under way")
        confirmed = await _confirm(change, called_off, ports, zone=terms.zone)
        if confirmed is not None:
            return confirmed
    raise PaymentUnderWayError("somebody keeps starting payments for this booking")


def _require_unpaid(booking: Booking, change: StatusChange) -> None:
    require_version(booking, change.seen_versions)
    if booking.status is not BookingStatus.PENDING:
        raise InvalidTransitionError(
            booking.booking_number, booking.status, BookingStatus.CONFIRMED
        )


async def _confirm(
    change: StatusChange, called_off: CalledOff, ports: Ports, *, zone: tzinfo
) -> Booking | None:
    """Return the booking, confirmed; None if another payment can be made meanwhile."""
    now, who = ports.clock(), change.staff_name
    async with ports.unit_of_work() as uow:
        booking = await uow.bookings.get(change.booking_id, lock=True)
        _require_unpaid(booking, change)
        if not await called_off.end(booking, uow, at=now):
            return None
        confirmed = booking.confirm(at=now)
        await uow.bookings.save(confirmed)
        await announce(uow, EventType.BOOKING_CONFIRMED, confirmed, at=now)
        await post_cash(uow, confirmed, ports.ids, at=now)
        await owe_confirmation(uow.outbox, ports.ids, confirmed, zone=zone, at=now)
        said = f"confirmed {booking.booking_number}, {booking.total_cents} cents taken in cash"
        await uow.staff_acts.add(
            status_act(booking, confirmed, ports.ids, staff_name=who, said=said, notes=change.notes)
        )
        await uow.commit()
    return confirmed
