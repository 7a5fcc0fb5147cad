"""Give the courier a rescheduled booking's new time.

Source: docs/dispatch.md, "What is sent to the courier".
"""

from dataclasses import dataclass, replace
from uuid import UUID

from totetaxi_core.logistics.claim_task import (
    claim_task,
    leg_before,
    loosen_claim,
    open_tasks,
    release_task,
    tell_staff,
)
from totetaxi_core.logistics.courier_gateway import (
    CourierMisconfiguredError,
    CourierRefusedError,
    CourierTaskNotFoundError,
    CourierUnavailableError,
    ProviderTask,
    TaskOrder,
)
from totetaxi_core.logistics.courier_task import UNTOUCHED, CourierTask, CourierTaskStatus
from totetaxi_core.logistics.drive_legs import UNDER_COURIER
from totetaxi_core.logistics.drive_window import drive_window
from totetaxi_core.logistics.keep_state import keep_state, locked_task
from totetaxi_core.logistics.sync_task import look_up
from totetaxi_core.logistics.task_order import task_order
from totetaxi_core.notifications.staff_alert import AlertReason
from totetaxi_core.ports import Ports, Terms

MAX_LOOKS = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class _Claimed:
    task: CourierTask
    order: TaskOrder


async def move_tasks(booking_id: UUID, ports: Ports, terms: Terms) -> None:
    """Change what waits here, update what the courier has, tell staff of what is under way.

    Raises:
        BookingNotFoundError: no booking has this id.
        CourierTaskBusyError: somebody is at it, or what was told before may arrive yet.
        CourierUnavailableError, CourierMisconfiguredError: no answer to go by.
        CourierRefusedError: the courier never takes it as it is; staff are told.
    """
    for task in await open_tasks(booking_id, ports):
        await tell_anew(task.id, ports, terms)


async def tell_anew(task_id: UUID, ports: Ports, terms: Terms) -> None:
    """Tell the courier a task's window, notes and place, and which pickup it comes after.

    Raises:
        CourierTaskNotFoundError, CourierTaskBusyError, CourierUnavailableError,
        CourierMisconfiguredError, CourierRefusedError: as when its booking is moved.
    """
    claimed = await _claim(task_id, ports, terms)
    if claimed is not None:
        await _move(claimed, ports, terms)


async def _claim(task_id: UUID, ports: Ports, terms: Terms) -> _Claimed | None:
    """Take the task for us alone; None when there is nothing to say to the courier."""
    now = ports.clock()
    async with ports.unit_of_work() as uow:
        booking, task = await locked_task(task_id, uow)
        if task.is_final or booking.status not in UNDER_COURIER:
            return None
        window = drive_window(booking, task.leg, terms)
        task.require_free(at=now)
        if task.is_waiting:
            start_at, end_at = window
            moved = replace(task, window_start_at=start_at, window_end_at=end_at, updated_at=now)
            await uow.courier_tasks.save(moved)
            await uow.commit()
            return None
        ahead = window.ahead_of(now)
        if ahead is None:
            return None
        order = task_order(booking, task, ahead, before=await leg_before(task, uow))
        claimed = await claim_task(task, uow, at=now)
        await uow.commit()
    return _Claimed(task=claimed, order=order)


async def _move(claimed: _Claimed, ports: Ports, terms: Terms) -> None:
    try:
        seen = await _updated(claimed, ports)
    except CourierUnavailableError:
        # What it was told may arrive yet: a later window must not be overtaken by that.
        await loosen_claim(claimed.task, ports)
        raise
    except CourierMisconfiguredError:
        await release_task(claimed.task, ports)
        raise
    except CourierRefusedError as error:
        await release_task(
            claimed.task, ports, alert=AlertReason.COURIER_TASK_REFUSED, refusal=str(error)
        )
        raise
    task = await keep_state(claimed.task.id, seen, ports, terms, claim=claimed.task.claimed_until)
    if task.status is CourierTaskStatus.ACTIVE:
        await tell_staff(AlertReason.COURIER_TASK_NOT_MOVED, task, ports)


async def _updated(claimed: _Claimed, ports: Ports) -> ProviderTask | None:
    """Return the courier's task after the update, or as it is where its driver was faster."""
    refused: CourierRefusedError | None = None
    for _ in range(MAX_LOOKS):
        seen = await look_up(claimed.task, ports)
        if seen is None or seen.status not in UNTOUCHED:
            return seen
        try:
            return await ports.couriers.update_task(seen.id, claimed.order)
        except CourierTaskNotFoundError:
            return None
        except CourierRefusedError as error:
            refused = error
    raise refused or CourierUnavailableError(f"task {claimed.task.id} was not looked at")
