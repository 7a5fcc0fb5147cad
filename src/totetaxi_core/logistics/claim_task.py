"""One worker at a time tells the courier of a task; what it claims, it gives back."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from totetaxi_core.logistics.courier_alert import owed_alert
from totetaxi_core.logistics.courier_task import CourierTask, Leg, in_order, standing
from totetaxi_core.logistics.keep_state import locked_task
from totetaxi_core.notifications.staff_alert import AlertReason
from totetaxi_core.ports import Ports
from totetaxi_core.unit_of_work import UnitOfWork

CLAIM: Final = timedelta(minutes=2)  # longer than the calls that one claim is for
UNCERTAIN: Final = timedelta(seconds=75)  # a create without an answer may act for 70 s yet


async def claim_task(task: CourierTask, uow: UnitOfWork, *, at: datetime) -> CourierTask:
    """Store the task, which is locked, as claimed by the caller, who commits.

    Raises:
        CourierTaskBusyError: somebody else has it.
    """
    claimed = task.claim(at=at, until=at + CLAIM)
    await uow.courier_tasks.save(claimed)
    return claimed


async def release_task(
    claimed: CourierTask,
    ports: Ports,
    *,
    alert: AlertReason | None = None,
    refusal: str = "",
    is_over: bool = False,
) -> CourierTask:
    """Give a claim back, and tell staff why nothing came of it.

    `is_over`: nobody drives it any more. A claim that ran out and is another's by now is left.
    """
    now, claim = ports.clock(), _claim_of(claimed)
    async with ports.unit_of_work() as uow:
        booking, task = await locked_task(claimed.id, uow)
        if task.claimed_until != claim:
            return task
        after = replace(task.release(claim), refusal=refusal or task.refusal, updated_at=now)
        after = after.drop(at=now) if is_over else after
        await uow.courier_tasks.save(after)
        if alert is not None:
            await uow.outbox.owe(owed_alert(ports.ids, alert, booking, after, at=now))
        await uow.commit()
    return after


async def tell_staff(reason: AlertReason, task: CourierTask, ports: Ports) -> None:
    """Owe staff word of a task that could not be dealt with, once for this reason."""
    async with ports.unit_of_work() as uow:
        booking = await uow.bookings.get(task.booking_id)
        await uow.outbox.owe(owed_alert(ports.ids, reason, booking, task, at=ports.clock()))
        await uow.commit()


async def loosen_claim(claimed: CourierTask, ports: Ports) -> None:
    """Let the claim end as soon as a call without an answer can act no more."""
    now, claim = ports.clock(), _claim_of(claimed)
    async with ports.unit_of_work() as uow:
        _, task = await locked_task(claimed.id, uow)
        if task.claimed_until == claim:
            soon = min(claim, now + UNCERTAIN)
            await uow.courier_tasks.save(replace(task, claimed_until=soon))
            await uow.commit()


def _claim_of(task: CourierTask) -> datetime:
    if task.claimed_until is None:
        raise RuntimeError(f"task {task.id} is not claimed")
    return task.claimed_until


async def leg_before(task: CourierTask, uow: UnitOfWork) -> CourierTask | None:
    """Return the pickup that a drop-off comes after; a pickup comes after nothing."""
    tasks = standing(await uow.courier_tasks.of_booking(task.booking_id))
    return next((one for one in tasks if one.leg is Leg.PICKUP and one.id != task.id), None)


async def open_tasks(booking_id: UUID, ports: Ports) -> tuple[CourierTask, ...]:
    """Return the booking's tasks that are not over, the pickup first."""
    async with ports.unit_of_work() as uow:
        tasks = await uow.courier_tasks.of_booking(booking_id)
    return in_order(task for task in tasks if not task.is_final)
