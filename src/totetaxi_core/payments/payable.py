"""What a booking waits to be paid for, and why it cannot be paid, or not now."""

from dataclasses import dataclass
from datetime import datetime

from totetaxi_core.bookings.booking import Booking, InvalidTransitionError
from totetaxi_core.bookings.booking_status import BookingStatus
from totetaxi_core.payments.payment import Payment, PaymentPurpose
from totetaxi_core.ports import Ports
from totetaxi_core.refusal import DomainError
from totetaxi_core.unit_of_work import UnitOfWork


class NotPayableError(InvalidTransitionError):
    """The booking waits for no payment: it is paid, or over, or its hold has lapsed."""

    def __init__(self, booking: Booking) -> None:
        lapsed = booking.status is BookingStatus.PENDING
        stands = "was not paid in time" if lapsed else f"is {booking.status.replace('_', ' ')}"
        DomainError.__init__(
            self, f"booking {booking.booking_number} {stands}: it is not waiting for a payment"
        )
        self.status, self.target = booking.status, BookingStatus.CONFIRMED


class PaymentUnderWayError(DomainError):
    """A payment may still come through, so the booking can neither be ended nor paid anew."""

    code = "payment_under_way"
    field = "status"


@dataclass(frozen=True, slots=True)
class Awaited:
    """The payment a booking waits for, and the UTC instant until which its crews are held."""

    payment: Payment
    until: datetime


async def awaited_payment(
    booking: Booking, uow: UnitOfWork, *, at: datetime, lock: bool = False
) -> Awaited | None:
    """Return what the booking waits for: its own price, or the difference to its next slot."""
    payments = await uow.payments.of_booking(booking.id, lock=lock)
    if booking.is_payable(at=at) and booking.hold_expires_at is not None:
        own = next(each for each in payments if each.purpose is PaymentPurpose.BOOKING)
        return Awaited(own, booking.hold_expires_at)
    reschedule = await uow.reschedules.pending_of(booking.id)
    if booking.status is not BookingStatus.CONFIRMED or reschedule is None:
        return None
    if not reschedule.is_awaited(at=at):
        return None
    difference = next(each for each in payments if each.id == reschedule.payment_id)
    return Awaited(difference, reschedule.expires_at)


async def is_awaited(payment: Payment, booking: Booking, uow: UnitOfWork, *, at: datetime) -> bool:
    """Tell whether the booking waits for just this payment."""
    awaited = await awaited_payment(booking, uow, at=at)
    return awaited is not None and awaited.payment.id == payment.id


async def require_awaited(
    booking: Booking, uow: UnitOfWork, ports: Ports, *, lock: bool = False
) -> Awaited:
    """Return what the booking waits for.

    Raises:
        NotPayableError: it waits for no payment, or its hold has lapsed.
    """
    awaited = await awaited_payment(booking, uow, at=ports.clock(), lock=lock)
    if awaited is None:
        raise NotPayableError(booking)
    return awaited
