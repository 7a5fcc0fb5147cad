"""How far a booking's drive is, in one word: for the customer, and for whoever asks by number."""

from collections.abc import Sequence
from dataclasses import dataclass

from totetaxi_core.bookings.booking import Booking
from totetaxi_core.bookings.booking_status import STANDING, BookingStatus
from totetaxi_core.logistics.courier_task import CourierTask, CourierTaskStatus, Leg, standing
from totetaxi_core.logistics.drive_legs import legs_of


@dataclass(frozen=True, slots=True, kw_only=True)
class CourierProgress:
    """`leg` is the one that is driven now or next, `status` how that stands.

    `tracking_url` shows where the driver is: it is for the customer and for staff alone.
    """

    status: CourierTaskStatus | None = None
    leg: Leg | None = None
    tracking_url: str | None = None


NO_DRIVE = CourierProgress()


def courier_progress(booking: Booking, tasks: Sequence[CourierTask]) -> CourierProgress:
    """Return how far the drive is; nothing for a booking that is not to be driven.

    It is completed once its last leg is; one that nobody drives yet is waiting.
    """
    if booking.status not in STANDING:
        return NO_DRIVE
    by_leg = {task.leg: task for task in standing(tasks)}
    if not by_leg and booking.status is BookingStatus.COMPLETED:
        return NO_DRIVE
    for leg in legs_of(booking):
        task = by_leg.get(leg)
        if task is None:
            return CourierProgress(status=CourierTaskStatus.WAITING, leg=leg)
        if task.status is not CourierTaskStatus.COMPLETED or leg is legs_of(booking)[-1]:
            return CourierProgress(
                status=task.status, leg=leg, tracking_url=task.tracking_url or None
            )
    return NO_DRIVE
