"""The port to the tasks we gave the courier, or owe it."""

from collections.abc import Collection
from datetime import datetime
from typing import Protocol
from uuid import UUID

from totetaxi_core.logistics.courier_task import CourierTask


class CourierTasks(Protocol):
    """Every leg ever to be driven. Its writers hold the lock of the booking."""

    async def add(self, task: CourierTask) -> None:
        """Store a new task.

        Raises:
            CourierTaskExistsError: its leg has one that is not deleted.
        """
        ...

    async def save(self, task: CourierTask) -> None:
        """Store the task as it now stands."""
        ...

    async def get(self, task_id: UUID, *, lock: bool = False) -> CourierTask:
        """Return the task; `lock` keeps other writers out until commit.

        Raises:
            CourierTaskNotFoundError: no task of ours has this id.
        """
        ...

    async def of_booking(self, booking_id: UUID) -> tuple[CourierTask, ...]:
        """Return the booking's tasks, deleted ones too, oldest first."""
        ...

    async def of_bookings(self, booking_ids: Collection[UUID]) -> tuple[CourierTask, ...]:
        """Return the tasks of all these bookings, deleted ones too, oldest first."""
        ...

    async def find_by_onfleet(self, onfleet_task_id: str) -> CourierTask | None:
        """Return the task that the courier has under this id, None if we do not have it."""
        ...

    async def open(
        self, *, starting_before: datetime | None = None, limit: int
    ) -> tuple[CourierTask, ...]:
        """Return tasks at the courier's that are not over, those longest unseen first.

        `starting_before`: those whose window starts before that instant alone.
        """
        ...

    async def to_look_again(self, *, at: datetime, limit: int) -> tuple[CourierTask, ...]:
        """Return tasks that are over and whose proof of delivery is to be asked for again."""
        ...

    async def windows(
        self, *, starts_from: datetime, starts_before: datetime, limit: int
    ) -> tuple[CourierTask, ...]:
        """Return tasks, not deleted, whose window starts in `[starts_from, starts_before)`.

        Ordered by the window's start, then the id.
        """
        ...
