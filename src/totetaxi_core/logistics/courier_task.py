"""One leg of a booking's drive, as we keep it and as the courier service last told us."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Self
from uuid import UUID

from totetaxi_core.refusal import DomainError


class Leg(StrEnum):
    """A booking without a delivery address has its pickup alone."""

    PICKUP = "pickup"
    DROPOFF = "dropoff"


class CourierTaskStatus(StrEnum):
    """`waiting`: owed, not yet at the courier's. The last three are final."""

    WAITING = "waiting"
    CREATED = "created"
    ASSIGNED = "assigned"
    ACTIVE = "active"
    COMPLETED = "completed"
    FAILED = "failed"
    DELETED = "deleted"


FINAL = frozenset(
    {CourierTaskStatus.COMPLETED, CourierTaskStatus.FAILED, CourierTaskStatus.DELETED}
)
UNTOUCHED = frozenset({CourierTaskStatus.CREATED, CourierTaskStatus.ASSIGNED})
"""At the courier's, and no driver has set out: it may be moved, given away or deleted."""
OPEN = tuple(status for status in CourierTaskStatus if status not in FINAL)
LEGS = tuple(Leg)


class CourierTaskBusyError(DomainError):
    """Somebody is telling the courier of this task, or died doing so: ask again in a minute."""

    code = "courier_task_busy"

    def __init__(self, task_id: UUID, until: datetime) -> None:
        super().__init__(f"the courier is being told of task {task_id}, at most until {until}")
        self.task_id, self.until = task_id, until


class CourierTaskExistsError(DomainError):
    """This leg of the booking has a task that is not deleted."""

    code = "courier_task_exists"


@dataclass(frozen=True, slots=True, kw_only=True)
class CourierTask:
    """Instants are aware and in UTC. `id` is the reference the courier's task carries.

    A booking has one task per leg that is not deleted. `onfleet_task_id` is None while waiting,
    and case-sensitive. `window_start_at` and `window_end_at` bound the drive, both included.
    `changed_at` is when the courier last changed it, by the courier's clock: what is older is no
    news. `photo_ids` and `signature_id` are the courier's, of the proof of delivery.

    While `claimed_until` is ahead, one worker alone tells the courier of this task. `asked_at` is
    when the courier was first asked to create it: from then on it may exist there. `refusal` says
    why the courier would not. `look_again_at` is set once it is over, as long as proof may come.
    """

    id: UUID
    booking_id: UUID
    leg: Leg
    status: CourierTaskStatus
    window_start_at: datetime
    window_end_at: datetime
    created_at: datetime
    updated_at: datetime
    onfleet_task_id: str | None = None
    onfleet_short_id: str = ""
    tracking_url: str = ""
    worker_id: str | None = None
    worker_name: str = ""
    estimated_arrival_at: datetime | None = None
    started_at: datetime | None = None
    completed_at: datetime | None = None
    failure_reason: str = ""
    driver_notes: str = ""
    photo_ids: tuple[str, ...] = ()
    signature_id: str | None = None
    address_warnings: tuple[str, ...] = ()
    changed_at: datetime | None = None
    last_synced_at: datetime | None = None
    claimed_until: datetime | None = None
    asked_at: datetime | None = None
    refusal: str = ""
    look_again_at: datetime | None = None

    @property
    def is_final(self) -> bool:
        return self.status in FINAL

    @property
    def is_waiting(self) -> bool:
        return self.status is CourierTaskStatus.WAITING

    @property
    def is_driven(self) -> bool:
        """Tell whether the courier has it, and it did not come to nothing."""
        lost = {CourierTaskStatus.FAILED, CourierTaskStatus.DELETED}
        return self.onfleet_task_id is not None and self.status not in lost

    @property
    def has_begun(self) -> bool:
        """Tell whether its driver has set out, now or at some time."""
        moved = self.status in {CourierTaskStatus.ACTIVE, CourierTaskStatus.COMPLETED}
        return moved or self.started_at is not None

    @property
    def upload_ids(self) -> tuple[str, ...]:
        """The courier's ids of the files that prove the delivery."""
        return (*self.photo_ids, *((self.signature_id,) if self.signature_id else ()))

    def require_free(self, *, at: datetime) -> None:
        """Refuse while another tells the courier of it.

        Raises:
            CourierTaskBusyError: its claim lasts.
        """
        if self.claimed_until is not None and at < self.claimed_until:
            raise CourierTaskBusyError(self.id, self.claimed_until)

    def claim(self, *, at: datetime, until: datetime) -> Self:
        """Return this task, which the caller alone tells the courier of.

        Raises:
            CourierTaskBusyError: somebody else does.
        """
        self.require_free(at=at)
        return replace(self, claimed_until=until, updated_at=at)

    def release(self, claim: datetime) -> Self:
        """Return this task, free for others, if the claim is still the caller's."""
        return replace(self, claimed_until=None) if self.claimed_until == claim else self

    def forget(self) -> Self:
        """Return this task without what was said, shown or photographed of its customer."""
        return replace(
            self,
            tracking_url="",
            failure_reason="",
            driver_notes="",
            refusal="",
            photo_ids=(),
            signature_id=None,
            look_again_at=None,
        )

    def drop(self, *, at: datetime) -> Self:
        """Return this task, deleted; one that is over stays what it is."""
        if self.is_final:
            return self
        return replace(
            self, status=CourierTaskStatus.DELETED, updated_at=at, estimated_arrival_at=None
        )


def in_order(tasks: Iterable[CourierTask]) -> tuple[CourierTask, ...]:
    """Return the tasks in the order in which their legs are driven."""
    return tuple(sorted(tasks, key=lambda task: (LEGS.index(task.leg), task.created_at)))


def standing(tasks: Iterable[CourierTask]) -> tuple[CourierTask, ...]:
    """Return those that are not deleted, one per leg at most, in order."""
    return in_order(task for task in tasks if task.status is not CourierTaskStatus.DELETED)
