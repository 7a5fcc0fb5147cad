"""The port to courier tasks."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from totetaxi_adapters.memory.database import MemoryDatabase
from totetaxi_adapters.memory.table import View
from totetaxi_adapters.memory.transaction import Transaction
from totetaxi_core.logistics.courier_gateway import CourierTaskNotFoundError
from totetaxi_core.logistics.courier_task import (
    CourierTask,
    CourierTaskExistsError,
    CourierTaskStatus,
)

DELETED = CourierTaskStatus.DELETED


class MemoryCourierTasks:
    def __init__(self, database: MemoryDatabase, transaction: Transaction) -> None:
        self._transaction = transaction
        self._rows = View(database.courier_tasks, transaction)

    async def add(self, task: CourierTask) -> None:
        """Store a new task.

        Raises:
            CourierTaskExistsError: its leg has one that is not deleted.
        """
        await self._transaction.lock("courier leg", task.booking_id, task.leg)
        others = await self.of_booking(task.booking_id)
        if any(one.leg is task.leg and one.status is not DELETED for one in others):
            self._transaction.doom()
            raise CourierTaskExistsError(f"the {task.leg} of {task.booking_id} has a task")
        await self._transaction.lock("courier task", task.id)
        self._rows.insert(task.id, task)

    async def save(self, task: CourierTask) -> None:
        """Store the task as it now stands."""
        await self._transaction.lock("courier task", task.id)
        self._rows.require_only(task.id, index="onfleet", value=task.onfleet_task_id)
        self._rows.update(task.id, task)

    async def get(self, task_id: UUID, *, lock: bool = False) -> CourierTask:
        """Return the task.

        Raises:
            CourierTaskNotFoundError: no task of ours has this id.
        """
        if lock:
            await self._transaction.lock("courier task", task_id)
        task = self._rows.get(task_id)
        if task is None:
            raise CourierTaskNotFoundError(f"there is no courier task {task_id}")
        return task

    async def of_booking(self, booking_id: UUID) -> tuple[CourierTask, ...]:
        return tuple(sorted(self._rows.where("booking", booking_id), key=_age))

    async def of_bookings(self, booking_ids: Collection[UUID]) -> tuple[CourierTask, ...]:
        found = [one for each in set(booking_ids) for one in self._rows.where("booking", each)]
        return tuple(sorted(found, key=_age))

    async def find_by_onfleet(self, onfleet_task_id: str) -> CourierTask | None:
        return next(iter(self._rows.where("onfleet", onfleet_task_id)), None)

    async def open(
        self, *, starting_before: datetime | None = None, limit: int
    ) -> tuple[CourierTask, ...]:
        """Return tasks at the courier's that are not over, those longest unseen first."""
        found = [
            one
            for one in self._rows.all()
            if not (one.is_final or one.is_waiting)
            and (starting_before is None or one.window_start_at < starting_before)
        ]
        return tuple(sorted(found, key=_last_seen)[:limit])

    async def to_look_again(self, *, at: datetime, limit: int) -> tuple[CourierTask, ...]:
        due = [(one.look_again_at, one.id, one) for one in self._rows.all() if one.look_again_at]
        return tuple(task for due_at, _, task in sorted(due)[:limit] if due_at <= at)

    async def windows(
        self, *, starts_from: datetime, starts_before: datetime, limit: int
    ) -> tuple[CourierTask, ...]:
        """Return tasks, not deleted, whose window starts in `[starts_from, starts_before)`."""
        found = [
            one
            for one in self._rows.all()
            if one.status is not DELETED and starts_from <= one.window_start_at < starts_before
        ]
        return tuple(sorted(found, key=lambda one: (one.window_start_at, one.id))[:limit])


def _age(task: CourierTask) -> tuple[datetime, UUID]:
    return task.created_at, task.id


def _last_seen(task: CourierTask) -> tuple[bool, datetime, UUID]:
    return task.last_synced_at is None, task.last_synced_at or task.created_at, task.id
