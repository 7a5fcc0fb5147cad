"""Delete a task at the courier's that nobody wants driven: a second one, or a lost one."""

from totetaxi_core.bookings.booking_status import BookingStatus
from totetaxi_core.logistics.cancel_tasks import cancel_tasks
from totetaxi_core.logistics.courier_gateway import CourierTaskNotFoundError
from totetaxi_core.logistics.courier_task import UNTOUCHED, CourierTaskStatus
from totetaxi_core.ports import Ports, Terms


async def delete_stray(onfleet_task_id: str, ports: Ports, terms: Terms) -> None:
    """Delete it, unless it is the task of a leg that stands, or a driver has begun it.

    Raises:
        CourierRefusedError: its driver has begun since we looked.
        CourierTaskBusyError: its booking is just being called off.
        CourierUnavailableError, CourierMisconfiguredError: no answer to go by.
    """
    async with ports.unit_of_work() as uow:
        task = await uow.courier_tasks.find_by_onfleet(onfleet_task_id)
        booking = await uow.bookings.get(task.booking_id) if task else None
    is_ours = task is not None and task.status is not CourierTaskStatus.DELETED
    if is_ours and booking is not None:
        if booking.status is BookingStatus.CANCELLED:
            await cancel_tasks(booking.id, ports, terms)
        return
    try:
        seen = await ports.couriers.get_task(onfleet_task_id)
    except CourierTaskNotFoundError:
        return
    if seen.status in UNTOUCHED:
        await ports.couriers.delete_task(onfleet_task_id)
