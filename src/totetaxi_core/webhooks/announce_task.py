"""Tell client systems how far the courier has got with a leg of a locked booking."""

from datetime import datetime
from typing import Final

from totetaxi_core.bookings.booking import Booking
from totetaxi_core.logistics.courier_task import CourierTask, CourierTaskStatus
from totetaxi_core.unit_of_work import UnitOfWork
from totetaxi_core.webhooks.announce import announce
from totetaxi_core.webhooks.event_type import EventType
from totetaxi_core.webhooks.webhook_event import Facts, instant_text

OF_TASK: Final = {
    CourierTaskStatus.ASSIGNED: EventType.DELIVERY_ASSIGNED,
    CourierTaskStatus.ACTIVE: EventType.DELIVERY_STARTED,
    CourierTaskStatus.COMPLETED: EventType.DELIVERY_COMPLETED,
    CourierTaskStatus.FAILED: EventType.DELIVERY_FAILED,
}


async def announce_task(
    uow: UnitOfWork, task: CourierTask, booking: Booking, *, at: datetime
) -> None:
    """Announce a task whose status has just changed; nothing of one not yet given to a driver."""
    event_type = OF_TASK.get(task.status)
    if event_type is None:
        return
    arrival_at = task.estimated_arrival_at
    facts: Facts = {
        "task_id": str(task.id),
        "leg": task.leg.value,
        "task_status": task.status.value,
        "estimated_arrival_at": None if arrival_at is None else instant_text(arrival_at),
    }
    await announce(uow, event_type, booking, at=at, facts=facts)
