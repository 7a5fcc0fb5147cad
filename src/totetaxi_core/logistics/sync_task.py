"""Look at the courier's tasks, and store how they stand."""

from collections.abc import Sequence
from uuid import UUID

from totetaxi_core.logistics.courier_gateway import (
    CourierMisconfiguredError,
    CourierTaskNotFoundError,
    CourierUnavailableError,
    ProviderTask,
)
from totetaxi_core.logistics.courier_task import CourierTask, CourierTaskStatus
from totetaxi_core.logistics.keep_state import keep_state
from totetaxi_core.ports import Ports, Terms
from totetaxi_core.refusal import DomainError


async def sync_task(task_id: UUID, ports: Ports, terms: Terms) -> CourierTask:
    """Ask the courier how the task stands, and let its booking follow.

    One that the courier was never asked for, or that is deleted, is returned as it is.

    Raises:
        CourierTaskNotFoundError: no task of ours has this id.
        CourierUnavailableError, CourierMisconfiguredError: no answer to go by.
        BookingNotFoundError: its booking is gone.
        PaymentUnderWayError, PaymentUnavailableError: of a reschedule that must end first.
    """
    async with ports.unit_of_work() as uow:
        task = await uow.courier_tasks.get(task_id)
    if task.status is CourierTaskStatus.DELETED or task.asked_at is None:
        return task
    seen = await look_up(task, ports)
    if seen is None and task.is_waiting:
        return task  # whoever creates it looks again
    name = await _worker_name(task, seen, ports)
    return await keep_state(task_id, seen, ports, terms, worker_name=name)


async def look_up(task: CourierTask, ports: Ports) -> ProviderTask | None:
    """Return the courier's task, by our reference as long as its own id is unknown; None if none.

    Raises:
        CourierUnavailableError, CourierMisconfiguredError: no answer to go by.
    """
    if task.onfleet_task_id is None:
        return await ports.couriers.find_task(task.id)
    try:
        return await ports.couriers.get_task(task.onfleet_task_id)
    except CourierTaskNotFoundError:
        return None


async def _worker_name(task: CourierTask, seen: ProviderTask | None, ports: Ports) -> str:
    """Return the driver's name, asking for it when there is a new one."""
    if seen is None or seen.worker_id is None:
        return ""
    if seen.worker_id == task.worker_id and task.worker_name:
        return task.worker_name
    workers = await ports.couriers.list_workers()
    return next((one.name for one in workers if one.id == seen.worker_id), "")


async def sync_open_tasks(ports: Ports, terms: Terms, *, limit: int) -> int:
    """Sync the tasks that are not over, those longest unseen first; return how many.

    Raises:
        CourierUnavailableError, CourierMisconfiguredError: no answer; the next call goes on there.
        DomainError: of the last booking that could not follow its task.
    """
    async with ports.unit_of_work() as uow:
        tasks = await uow.courier_tasks.open(limit=limit)
    await sync_each(tasks, ports, terms)
    return len(tasks)


async def sync_each(tasks: Sequence[CourierTask], ports: Ports, terms: Terms) -> None:
    """Sync each; a booking that cannot follow its task does not keep the others from it.

    Raises:
        CourierUnavailableError, CourierMisconfiguredError: no answer; the rest was not asked for.
        DomainError: of the last booking that could not follow.
    """
    failure: DomainError | None = None
    for task in tasks:
        try:
            await sync_task(task.id, ports, terms)
        except (CourierUnavailableError, CourierMisconfiguredError):
            raise
        except DomainError as error:
            failure = error
    if failure is not None:
        raise failure
