"""A booking's drive as its customer follows it: each leg, and what proves the delivery."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Self

from totetaxi_core.bookings.booking import Booking
from totetaxi_core.bookings.booking_status import STANDING, BookingStatus
from totetaxi_core.documents.document import Document
from totetaxi_core.logistics.courier_task import CourierTask, CourierTaskStatus, Leg, standing
from totetaxi_core.logistics.drive_legs import legs_of


@dataclass(frozen=True, slots=True, kw_only=True)
class LegView:
    """One leg; without a task it waits, and nothing else is known. The window's ends are included.

    `tracking_url` shows where the driver is: it is for the customer and for staff alone.
    """

    leg: Leg
    status: CourierTaskStatus = CourierTaskStatus.WAITING
    window_start_at: datetime | None = None
    window_end_at: datetime | None = None
    estimated_arrival_at: datetime | None = None
    started_at: datetime | None = None
    completed_at: datetime | None = None
    tracking_url: str | None = None

    @classmethod
    def of(cls, task: CourierTask) -> Self:
        return cls(
            leg=task.leg,
            status=task.status,
            window_start_at=task.window_start_at,
            window_end_at=task.window_end_at,
            estimated_arrival_at=task.estimated_arrival_at,
            started_at=task.started_at,
            completed_at=task.completed_at,
            tracking_url=task.tracking_url or None,
        )


def legs_seen(booking: Booking, tasks: Sequence[CourierTask]) -> tuple[LegView, ...]:
    """Return each leg as it stands; none of a booking that is not to be driven."""
    by_leg = {task.leg: task for task in standing(tasks)}
    is_undriven = booking.status is BookingStatus.COMPLETED and not by_leg
    if booking.status not in STANDING or is_undriven:
        return ()
    legs = [(leg, by_leg.get(leg)) for leg in legs_of(booking)]
    return tuple(LegView(leg=leg) if task is None else LegView.of(task) for leg, task in legs)


def proof_among(documents: Iterable[Document]) -> tuple[Document, ...]:
    """Return the photos and signatures that the courier brought, in their order."""
    return tuple(one for one in documents if one.is_stored and one.is_proof)
