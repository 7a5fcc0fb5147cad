"""Create one task at the courier's, once."""

from contextlib import suppress
from dataclasses import dataclass, replace
from uuid import UUID

from totetaxi_core.bookings.booking import Booking
from totetaxi_core.logistics.claim_task import claim_task, leg_before, loosen_claim, release_task
from totetaxi_core.logistics.courier_alert import owed_alert
from totetaxi_core.logistics.courier_gateway import (
    CourierMisconfiguredError,
    CourierRefusedError,
    CourierTaskNotFoundError,
    CourierUnavailableError,
    ProviderTask,
    TaskOrder,
)
from totetaxi_core.logistics.courier_task import CourierTask, Leg
from totetaxi_core.logistics.drive_legs import UNDER_COURIER
from totetaxi_core.logistics.drive_window import drive_window
from totetaxi_core.logistics.keep_state import keep_state, locked_task
from totetaxi_core.logistics.task_order import task_order
from totetaxi_core.notifications.staff_alert import AlertReason
from totetaxi_core.ports import Ports, Terms
from totetaxi_core.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True, kw_only=True)
class _Claimed:
    """A task that is ours to create. `order` is None where its time has passed meanwhile.

    `was_asked`: the courier may have it already. `must_wait`: it is not to be made, as its pickup
    is not driven any more, or not yet.
    """

    task: CourierTask
    order: TaskOrder | None
    was_asked: bool
    must_wait: bool


async def create_task(task_id: UUID, ports: Ports, terms: Terms) -> None:
    """Create a waiting task, or adopt it where the courier has it; a drop-off after its pickup.

    Raises:
        CourierTaskBusyError: somebody is at it.
        CourierUnavailableError, CourierMisconfiguredError: no answer to go by.
        CourierRefusedError: the courier never takes it as it is; staff are told.
    """
    claimed = await _claim(task_id, ports, terms)
    if claimed is None:
        return
    try:
        found = await ports.couriers.find_task(task_id) if claimed.was_asked else None
    except CourierUnavailableError:
        await release_task(claimed.task, ports)
        raise
    except CourierMisconfiguredError:
        await release_task(claimed.task, ports, alert=AlertReason.COURIER_MISCONFIGURED)
        raise
    if found is None and claimed.must_wait:
        await release_task(claimed.task, ports)
        return
    if found is None and claimed.order is None:
        await release_task(claimed.task, ports, alert=AlertReason.COURIER_TASK_PAST, is_over=True)
        return
    seen = await (_create(claimed, ports) if found is None else _adopt(claimed, found, ports))
    await keep_state(task_id, seen, ports, terms, claim=claimed.task.claimed_until)


async def _claim(task_id: UUID, ports: Ports, terms: Terms) -> _Claimed | None:
    """Take the task for us alone; None when it is not, or not yet, to be created."""
    now = ports.clock()
    async with ports.unit_of_work() as uow:
        booking, task = await locked_task(task_id, uow)
        if not task.is_waiting or booking.status not in UNDER_COURIER:
            return None
        before = await leg_before(task, uow)
        must_wait = task.leg is Leg.DROPOFF and (before is None or not before.is_driven)
        if must_wait and task.asked_at is None:
            return None
        task.require_free(at=now)
        order = _order(booking, task, before, ports, terms)
        if order is None and task.asked_at is None:
            await _give_up(booking, task, uow, ports)
            await uow.commit()
            return None
        claimed = await claim_task(replace(task, asked_at=task.asked_at or now), uow, at=now)
        await uow.commit()
    return _Claimed(
        task=claimed, order=order, was_asked=task.asked_at is not None, must_wait=must_wait
    )


def _order(
    booking: Booking, task: CourierTask, before: CourierTask | None, ports: Ports, terms: Terms
) -> TaskOrder | None:
    window = drive_window(booking, task.leg, terms).ahead_of(ports.clock())
    if window is None:
        return None
    return task_order(booking, task, window, before=before)


async def _give_up(booking: Booking, task: CourierTask, uow: UnitOfWork, ports: Ports) -> None:
    now = ports.clock()
    await uow.courier_tasks.save(task.drop(at=now))
    await uow.outbox.owe(
        owed_alert(ports.ids, AlertReason.COURIER_TASK_PAST, booking, task, at=now)
    )


async def _create(claimed: _Claimed, ports: Ports) -> ProviderTask:
    if claimed.order is None:
        raise RuntimeError(f"task {claimed.task.id} is of the past")
    try:
        return await ports.couriers.create_task(claimed.order)
    except CourierUnavailableError:
        await loosen_claim(claimed.task, ports)
        raise
    except CourierMisconfiguredError:
        await release_task(claimed.task, ports, alert=AlertReason.COURIER_MISCONFIGURED)
        raise
    except CourierRefusedError as error:
        await release_task(
            claimed.task, ports, alert=AlertReason.COURIER_TASK_REFUSED, refusal=str(error)
        )
        raise


async def _adopt(claimed: _Claimed, found: ProviderTask, ports: Ports) -> ProviderTask | None:
    """Return the courier's task, moved if its booking has moved since it was asked for."""
    order = claimed.order
    if order is None or found.window_start_at == order.window_start_at:
        return found
    with suppress(CourierRefusedError):  # its driver was faster: it stays as it is
        try:
            return await ports.couriers.update_task(found.id, order)
        except CourierTaskNotFoundError:
            return None
    return found
