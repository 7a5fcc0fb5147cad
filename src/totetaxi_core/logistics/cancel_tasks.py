"""Call a booking's drive off, cancelled or done without it: first the drop-off, which waits.

Source: docs/dispatch.md, "What is sent to the courier".
"""

from uuid import UUID

from totetaxi_core.bookings.booking_status import BookingStatus
from totetaxi_core.logistics.claim_task import claim_task, open_tasks, release_task, tell_staff
from totetaxi_core.logistics.courier_gateway import (
    CourierMisconfiguredError,
    CourierRefusedError,
    CourierUnavailableError,
    ProviderTask,
)
from totetaxi_core.logistics.courier_task import UNTOUCHED, CourierTask
from totetaxi_core.logistics.keep_state import keep_state, locked_task
from totetaxi_core.logistics.sync_task import look_up
from totetaxi_core.notifications.staff_alert import AlertReason
from totetaxi_core.ports import Ports, Terms

MAX_LOOKS = 3


async def cancel_tasks(booking_id: UUID, ports: Ports, terms: Terms) -> None:
    """Delete what no driver has begun; of what one has, tell staff, who decide.

    Of a completed booking only what waits is: it was done without the courier. Nothing is done for
    a booking that goes on.

    Raises:
        BookingNotFoundError: no booking has this id.
        CourierTaskBusyError: somebody is at it: once they are done, it is to be called off.
        CourierUnavailableError, CourierMisconfiguredError: no answer to go by.
    """
    for task in reversed(await open_tasks(booking_id, ports)):
        claimed = await _claim(task.id, ports)
        if claimed is not None:
            await _call_off(claimed, ports, terms)


async def _claim(task_id: UUID, ports: Ports) -> CourierTask | None:
    """Take the task for us alone; None when there is nothing to say to the courier."""
    now = ports.clock()
    async with ports.unit_of_work() as uow:
        booking, task = await locked_task(task_id, uow)
        if not _is_to_be_called_off(task, booking.status):
            return None
        if task.asked_at is None:
            await uow.courier_tasks.save(task.drop(at=now))
            await uow.commit()
            return None
        claimed = await claim_task(task, uow, at=now)
        await uow.commit()
    return claimed


def _is_to_be_called_off(task: CourierTask, status: BookingStatus) -> bool:
    is_left_over = status is BookingStatus.COMPLETED and task.is_waiting
    return is_left_over or (status is BookingStatus.CANCELLED and not task.is_final)


async def _call_off(claimed: CourierTask, ports: Ports, terms: Terms) -> None:
    try:
        seen = await _deleted(claimed, ports)
    except (CourierUnavailableError, CourierMisconfiguredError):
        await release_task(claimed, ports)
        raise
    after = await keep_state(claimed.id, seen, ports, terms, claim=claimed.claimed_until)
    if not after.is_final:
        await tell_staff(AlertReason.COURIER_TASK_NOT_CANCELLED, after, ports)


async def _deleted(claimed: CourierTask, ports: Ports) -> ProviderTask | None:
    """Delete it at the courier's; return it where that cannot be, None where it is gone.

    A driver may set out between our look and the delete, which is then refused: look again.
    """
    for _ in range(MAX_LOOKS):
        seen = await look_up(claimed, ports)
        if seen is None or seen.status not in UNTOUCHED:
            return seen
        try:
            await ports.couriers.delete_task(seen.id)
        except CourierRefusedError:
            continue
        return None
    raise CourierUnavailableError(f"the courier keeps refusing to delete task {claimed.id}")
