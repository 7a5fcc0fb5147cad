"""What one row may become of another: nothing leaves its end, and no older news is believed."""

from collections.abc import Iterator
from typing import Final

from totetaxi_core.bookings.booking import Booking
from totetaxi_core.bookings.booking_status import BookingStatus, CancellationReason
from totetaxi_core.logistics.courier_task import CourierTask

REACHED: Final = {
    BookingStatus.PENDING: 0,
    BookingStatus.CONFIRMED: 1,
    BookingStatus.IN_PROGRESS: 2,
    BookingStatus.COMPLETED: 3,
    BookingStatus.CANCELLED: 3,
}
REVIVED: Final = CancellationReason.PAYMENT_TIMEOUT


def no_way_back(known: Booking, booking: Booking) -> Iterator[str]:
    """A payment alone brings a booking back, of those that ended for want of it."""
    if known.cancellation_reason is REVIVED or known.status is booking.status:
        return
    if REACHED[booking.status] <= REACHED[known.status]:
        yield f"{booking.booking_number}: it was {known.status}, and is {booking.status}"


def no_older_news(known: CourierTask, task: CourierTask) -> Iterator[str]:
    if known.is_final and task.status is not known.status:
        yield f"a {task.leg} was {known.status}, and is {task.status}"
    if known.changed_at and (task.changed_at is None or task.changed_at < known.changed_at):
        yield f"of a {task.leg} we knew how it stood at {known.changed_at}: {known.status}"
