"""Look at the courier's tasks because a member of staff asks: that they asked is on record."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Final, NamedTuple
from uuid import UUID

from totetaxi_core.logistics.courier_gateway import (
    CourierMisconfiguredError,
    CourierUnavailableError,
)
from totetaxi_core.logistics.courier_task import CourierTask
from totetaxi_core.logistics.sync_task import sync_task
from totetaxi_core.ports import Ports, Terms
from totetaxi_core.refusal import DomainError
from totetaxi_core.staff.staff_act import StaffAct

OUTAGES: Final = (CourierUnavailableError, CourierMisconfiguredError)
TOLD: Final = (
    "status",
    "window_start_at",
    "window_end_at",
    "onfleet_task_id",
    "tracking_url",
    "worker_name",
    "estimated_arrival_at",
    "started_at",
    "completed_at",
    "failure_reason",
    "driver_notes",
    "photo_ids",
    "signature_id",
    "address_warnings",
)
"""Whose change is news to staff."""

OnProgress = Callable[[int, int], None]


class TaskLook(NamedTuple):
    """A task before and after we looked at the courier's."""

    before: CourierTask
    after: CourierTask

    @property
    def changed(self) -> tuple[str, ...]:
        """Return the names of the fields that are otherwise now."""
        before, after = self.before, self.after
        return tuple(name for name in TOLD if getattr(before, name) != getattr(after, name))


@dataclass(frozen=True, slots=True, kw_only=True)
class SyncRound:
    """How many tasks were looked at, had news, whose booking could not follow, and are left."""

    synced: int
    changed: int
    refused: int
    left: int


async def sync_one(task_id: UUID, ports: Ports, terms: Terms, *, staff_name: str) -> TaskLook:
    """Look at one task.

    Raises:
        CourierTaskNotFoundError: no task of ours has this id.
        CourierUnavailableError, CourierMisconfiguredError: no answer to go by.
        BookingNotFoundError: its booking is gone.
        PaymentUnderWayError, PaymentUnavailableError: of a reschedule that must end first.
    """
    look = await _look(task_id, ports, terms)
    async with ports.unit_of_work() as uow:
        await uow.staff_acts.add(
            StaffAct(
                id=ports.ids.new_id(),
                staff_name=staff_name,
                action_type="courier_task_synced",
                description=f"looked at the {look.after.leg} at the courier's",
                booking_id=look.after.booking_id,
                created_at=ports.clock(),
                subject=f"courier_task:{task_id}",
                before={"status": look.before.status.value},
                after={"status": look.after.status.value},
            )
        )
        await uow.commit()
    return look


async def sync_open(
    ports: Ports,
    terms: Terms,
    *,
    staff_name: str,
    limit: int,
    within: timedelta | None = None,
    on_progress: OnProgress | None = None,
) -> SyncRound:
    """Look at the tasks that are not over, at most `limit`, those longest unseen first.

    None is begun after `within`. `on_progress` is told how many are done, and of how many.

    Raises:
        CourierUnavailableError, CourierMisconfiguredError: no answer; the next call goes on there.
    """
    async with ports.unit_of_work() as uow:
        tasks = await uow.courier_tasks.open(limit=limit)
        of_all = (await uow.dispatch_desk.backlog()).open
    began_at = ports.clock()
    synced = changed = refused = 0
    for task in tasks:
        if within is not None and ports.clock() >= began_at + within:
            break
        synced += 1
        try:
            changed += bool((await _look(task.id, ports, terms)).changed)
        except OUTAGES:
            raise
        except DomainError:
            refused += 1  # its booking follows with the next look
        if on_progress is not None:
            on_progress(synced, len(tasks))
    left = max(0, of_all - synced)
    ended = SyncRound(synced=synced, changed=changed, refused=refused, left=left)
    await _record(ended, ports, staff_name=staff_name)
    return ended


async def _look(task_id: UUID, ports: Ports, terms: Terms) -> TaskLook:
    async with ports.unit_of_work() as uow:
        before = await uow.courier_tasks.get(task_id)
    return TaskLook(before, await sync_task(task_id, ports, terms))


async def _record(ended: SyncRound, ports: Ports, *, staff_name: str) -> None:
    async with ports.unit_of_work() as uow:
        await uow.staff_acts.add(
            StaffAct(
                id=ports.ids.new_id(),
                staff_name=staff_name,
                action_type="courier_tasks_synced",
                description=f"looked at {ended.synced} tasks at the courier's",
                booking_id=None,
                created_at=ports.clock(),
                after={"synced": ended.synced, "changed": ended.changed},
            )
        )
        await uow.commit()
