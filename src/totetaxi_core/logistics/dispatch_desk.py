"""The port by which staff see what is driven, and what waits to be."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple, Protocol
from uuid import UUID

from totetaxi_core.bookings.booking_status import BookingStatus
from totetaxi_core.catalog import ServiceType
from totetaxi_core.logistics.courier_task import CourierTask, CourierTaskStatus, Leg
from totetaxi_core.logistics.drive_legs import UNDER_COURIER
from totetaxi_core.page import Place


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskFilter:
    """Which tasks; what is None does not matter. The window starts before `starts_before`.

    Deleted ones are among them only where a booking or that status is asked for.
    """

    status: CourierTaskStatus | None = None
    booking_number: str | None = None
    starts_from: datetime | None = None
    starts_before: datetime | None = None

    @property
    def has_deleted(self) -> bool:
        return self.booking_number is not None or self.status is CourierTaskStatus.DELETED


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundTask:
    """A task, and its booking's number and status."""

    task: CourierTask
    booking_number: str
    booking_status: BookingStatus

    @property
    def place(self) -> Place:
        """Where it stands in the list: by the start of its window."""
        return Place(self.task.window_start_at, self.task.id)


class KeptProof(NamedTuple):
    """A photo or signature, kept as a document of the booking."""

    document_id: UUID
    file_name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BoardEntry:
    """A booking of a day and its tasks that are not deleted, the pickup first.

    `delivery_city` is None where there is no drop-off. Name and telephone number are empty once
    the customer is forgotten. `proof` is in the order in which it came.
    """

    booking_id: UUID
    booking_number: str
    status: BookingStatus
    service_type: ServiceType
    pickup_at: datetime
    full_name: str
    phone: str
    pickup_city: str
    delivery_city: str | None
    tasks: tuple[CourierTask, ...] = ()
    proof: tuple[KeptProof, ...] = ()

    @property
    def legs(self) -> tuple[tuple[Leg, CourierTask | None], ...]:
        """Return each leg with its task, None where it has none."""
        by_leg = {task.leg: task for task in self.tasks}
        needed = {Leg.PICKUP} if self.delivery_city is None else set(Leg)
        return tuple((leg, by_leg.get(leg)) for leg in Leg if leg in needed or leg in by_leg)

    @property
    def is_to_be_driven(self) -> bool:
        return self.status in UNDER_COURIER


@dataclass(frozen=True, slots=True, kw_only=True)
class CourierBacklog:
    """What the courier does not know yet, and how fresh what we know of it is.

    `waiting` tasks are not at the courier's, the oldest since `waiting_since`; `refused` of them it
    would not take. `owed` creations, changes and cancellations are still to be told to it, or made
    sure of, the oldest since `owed_since`. `open` tasks are there and not over: one was looked at
    at `last_sync_at`, every other since `oldest_sync_at`. `worker_silent_s` and `round_silent_s`
    are the seconds since the worker's last sign of life and since its last round over the tasks;
    None if there never was one.
    """

    waiting: int = 0
    refused: int = 0
    waiting_since: datetime | None = None
    owed: int = 0
    owed_since: datetime | None = None
    open: int = 0
    last_sync_at: datetime | None = None
    oldest_sync_at: datetime | None = None
    worker_silent_s: int | None = None
    round_silent_s: int | None = None


class DispatchDesk(Protocol):
    """Reads for staff, in its unit of work's transaction: each one statement, by an index."""

    async def board(self, on: date) -> tuple[BoardEntry, ...]:
        """Return the bookings picked up on a day, by pickup time.

        Those that stand, and others whose drive nobody called off.
        """
        ...

    async def page(
        self,
        wanted: TaskFilter,
        *,
        before: Place | None = None,
        after: Place | None = None,
        limit: int,
    ) -> tuple[FoundTask, ...]:
        """Return tasks by the start of their window, the last first.

        They are the last of all, those before `before`, or the next after `after`: only one of the
        two places may be given.
        """
        ...

    async def find(self, task_id: UUID) -> FoundTask:
        """Return the task.

        Raises:
            CourierTaskNotFoundError: no task of ours has this id.
        """
        ...

    async def by_status(
        self, *, starts_from: datetime, starts_before: datetime
    ) -> Mapping[CourierTaskStatus, int]:
        """Count the tasks, not deleted, whose window starts in `[starts_from, starts_before)`."""
        ...

    async def under_way(self, *, limit: int) -> tuple[FoundTask, ...]:
        """Return tasks whose driver is on the way, the first due first."""
        ...

    async def late(self, *, at: datetime, limit: int) -> tuple[FoundTask, ...]:
        """Return tasks that are late, the first due first."""
        ...

    async def failed(self, *, since: datetime, limit: int) -> tuple[FoundTask, ...]:
        """Return failed tasks of bookings that are not over, whose window started since then."""
        ...

    async def backlog(self) -> CourierBacklog: ...
