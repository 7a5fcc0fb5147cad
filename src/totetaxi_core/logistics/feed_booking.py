"""What its drive makes of a booking: under way, then done; never back, never out of its end."""

from collections.abc import Sequence
from datetime import datetime

from totetaxi_core.bookings.booking import Booking
from totetaxi_core.bookings.booking_status import BookingStatus
from totetaxi_core.logistics.courier_task import CourierTask, CourierTaskStatus
from totetaxi_core.logistics.drive_legs import UNDER_COURIER, last_leg
from totetaxi_core.unit_of_work import UnitOfWork
from totetaxi_core.webhooks.announce import announce
from totetaxi_core.webhooks.event_type import EventType

ANNOUNCED = {
    BookingStatus.IN_PROGRESS: EventType.BOOKING_STARTED,
    BookingStatus.COMPLETED: EventType.BOOKING_COMPLETED,
}


def driven(booking: Booking, tasks: Sequence[CourierTask], *, at: datetime) -> Booking:
    """Return the booking as its tasks say it stands; the same where they bring nothing new."""
    if booking.status not in UNDER_COURIER:
        return booking
    standing = [task for task in tasks if task.status is not CourierTaskStatus.DELETED]
    end = last_leg(booking)
    if any(one.leg is end and one.status is CourierTaskStatus.COMPLETED for one in standing):
        return booking.complete(at=at)
    has_begun = any(task.has_begun for task in standing)
    if booking.status is BookingStatus.CONFIRMED and has_begun:
        return booking.start(at=at)
    return booking


async def feed_booking(booking: Booking, uow: UnitOfWork, *, at: datetime) -> bool:
    """Store the booking, which is locked, as its drive says, and announce it.

    False where a reschedule that waits for its payment must end first.
    """
    after = driven(booking, await uow.courier_tasks.of_booking(booking.id), at=at)
    if after is booking:
        return True
    if await uow.reschedules.pending_of(booking.id) is not None:
        return False
    await uow.bookings.save(after)
    await announce(uow, ANNOUNCED[after.status], after, at=at)
    return True
