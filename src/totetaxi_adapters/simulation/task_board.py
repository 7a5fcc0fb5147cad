"""The courier's tasks, with each change they went through."""

from collections import defaultdict
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final, cast
from uuid import UUID

from totetaxi_core.logistics.courier_gateway import CourierEvent, ProviderTask
from totetaxi_core.logistics.courier_task import CourierTaskStatus

A_TICK: Final = timedelta(milliseconds=1)
KINDS: Final = {
    CourierTaskStatus.CREATED: "taskUnassigned",
    CourierTaskStatus.ASSIGNED: "taskAssigned",
    CourierTaskStatus.ACTIVE: "taskStarted",
    CourierTaskStatus.COMPLETED: "taskCompleted",
    CourierTaskStatus.FAILED: "taskFailed",
}


class TaskBoard(dict[str, ProviderTask]):
    """Tasks by the courier's id. No two changes of one are at the same instant.

    `stood` has what a task was after each of its changes, by their instant.
    """

    def __init__(self) -> None:
        super().__init__()
        self.stood: defaultdict[str, dict[datetime, CourierTaskStatus]] = defaultdict(dict)
        self._by_booking: defaultdict[UUID | None, dict[str, None]] = defaultdict(dict)
        self._events: list[CourierEvent] = []
        self._told = 0

    def __setitem__(self, task_id: str, task: ProviderTask) -> None:
        before = self.get(task_id)
        if before is not None:
            changed_at = max(task.changed_at, before.changed_at + A_TICK)
            task = replace(task, changed_at=changed_at)
            self._tell(task_id, _kind(before, task))
        super().__setitem__(task_id, task)
        self.stood[task_id][task.changed_at] = task.status
        self._by_booking[task.booking_id][task_id] = None

    def __delitem__(self, task_id: str) -> None:
        super().__delitem__(task_id)
        self._tell(task_id, "taskDeleted")

    def pop(self, task_id: str, default: object = None) -> ProviderTask:
        """Remove the task, if there is one."""
        task = self.get(task_id)
        if task is None:
            return cast("ProviderTask", default)
        del self[task_id]
        return task

    @property
    def bookings(self) -> tuple[UUID, ...]:
        """Return the bookings that ever had a task, in the order of their first."""
        return tuple(each for each in self._by_booking if each is not None)

    def of_booking(self, booking_id: UUID) -> tuple[ProviderTask, ...]:
        """Return the tasks that are there, in the order of their making."""
        known = self._by_booking.get(booking_id, {})
        return tuple(self[task_id] for task_id in known if task_id in self)

    def take_events(self) -> tuple[CourierEvent, ...]:
        """Return what was not told yet."""
        events, self._events = tuple(self._events), []
        return events

    def _tell(self, task_id: str, kind: str) -> None:
        self._told += 1
        event = CourierEvent(
            key=f"{kind}:{task_id}:{self._told}",
            kind=kind,
            onfleet_task_id=task_id,
            is_deletion=kind == "taskDeleted",
        )
        self._events.append(event)


def _kind(before: ProviderTask, after: ProviderTask) -> str:
    return KINDS[after.status] if after.status is not before.status else "taskUpdated"
