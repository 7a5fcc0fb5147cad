"""The port to the courier service: tasks out, their states back."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from uuid import UUID

from totetaxi_core.geography.address import Address
from totetaxi_core.logistics.courier_task import CourierTaskStatus, Leg
from totetaxi_core.refusal import DomainError


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskOrder:
    """What to drive, for which of our rows.

    `task_id` is our reference, by which a task is found again. `phone` is the customer's own in
    E.164, None where there is no valid one: then no recipient is named, and `notes` say whom to
    call. `after_onfleet_task_id` is the task that must be done first. `service_minutes` is how long
    the stop lasts. The window's ends are both included.
    """

    task_id: UUID
    booking_id: UUID
    booking_number: str
    leg: Leg
    address: Address
    full_name: str
    phone: str | None
    window_start_at: datetime
    window_end_at: datetime
    notes: str
    quantity: int
    service_minutes: int
    after_onfleet_task_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ProviderTask:
    """A task as the courier has it. Our ids are None where its metadata names none of ours.

    `status` maps its state and outcome; never `waiting` or `deleted`. `changed_at` is the courier's
    own time of its last change.
    """

    id: str
    short_id: str
    status: CourierTaskStatus
    task_id: UUID | None
    booking_id: UUID | None
    leg: Leg | None
    changed_at: datetime
    created_at: datetime
    tracking_url: str = ""
    worker_id: str | None = None
    window_start_at: datetime | None = None
    window_end_at: datetime | None = None
    estimated_arrival_at: datetime | None = None
    started_at: datetime | None = None
    completed_at: datetime | None = None
    failure_reason: str = ""
    driver_notes: str = ""
    photo_ids: tuple[str, ...] = ()
    signature_id: str | None = None
    address_warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class CourierWorker:
    """A driver, as the courier service knows them."""

    id: str
    name: str
    is_on_duty: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class CourierEvent:
    """One signed webhook: which task to look at again. `key` tells a repetition apart.

    `onfleet_task_id` is None where it is about no task, or of a kind that does not concern us.
    """

    key: str
    kind: str
    onfleet_task_id: str | None
    is_deletion: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class CourierWebhook:
    """A kind of event, and the address it is told to."""

    id: str
    url: str
    kind: str
    is_enabled: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ProofFile:
    """A photo or signature of the proof of delivery."""

    content: bytes
    content_type: str


class CourierUnavailableError(DomainError):
    """The courier service did not answer, is busy, or cannot now. The call may have acted."""

    code = "courier_unavailable"


class CourierMisconfiguredError(DomainError):
    """Our key or its rights are wrong: staff must act, no retry helps."""

    code = "courier_misconfigured"


class CourierRefusedError(DomainError):
    """The courier refuses this for good: an address, a phone or a window it cannot use."""

    code = "courier_refused"


class CourierTaskNotFoundError(DomainError):
    """The courier knows no such task, or has deleted it."""

    code = "courier_task_not_found"


class CourierSignatureError(DomainError):
    """The webhook is not signed by the courier service for us."""

    code = "invalid_signature"


class CourierEventReader(Protocol):
    """Reads the courier service's webhooks."""

    def read(self, body: bytes, signature: str) -> CourierEvent:
        """Return the event of a raw body and its signature header.

        Raises:
            CourierSignatureError: it is not the courier's.
        """
        ...


class CourierGateway(Protocol):
    """The courier service.

    Every method may raise CourierUnavailableError or CourierMisconfiguredError, and is never
    called inside a transaction.
    """

    async def check(self) -> None:
        """Ask whether our key is good, and nothing else."""
        ...

    async def create_task(self, order: TaskOrder) -> ProviderTask:
        """Create the task. Never repeated blindly: ask `find_task` first, after any failure.

        Raises:
            CourierRefusedError: it can never be created as it is.
        """
        ...

    async def find_task(self, task_id: UUID) -> ProviderTask | None:
        """Return the task that carries our reference, the oldest if there are several."""
        ...

    async def get_task(self, onfleet_task_id: str) -> ProviderTask:
        """Return the task as it stands now.

        Raises:
            CourierTaskNotFoundError: there is none, or no more.
        """
        ...

    async def update_task(self, onfleet_task_id: str, order: TaskOrder) -> ProviderTask:
        """Give the task the order's window, notes, place and pickup; one under way its notes alone.

        Raises:
            CourierTaskNotFoundError: there is none, or no more.
            CourierRefusedError: it is completed, or the place or window is refused.
        """
        ...

    async def assign_task(self, onfleet_task_id: str, worker_id: str) -> ProviderTask:
        """Give the task to a driver.

        Raises:
            CourierTaskNotFoundError: there is no such task.
            CourierRefusedError: there is no such driver, or the task is under way.
        """
        ...

    async def delete_task(self, onfleet_task_id: str) -> None:
        """Delete the task; one that is gone is fine.

        Raises:
            CourierRefusedError: it is under way or completed.
        """
        ...

    async def complete_task(self, onfleet_task_id: str, *, success: bool, notes: str) -> None:
        """End a task that is under way.

        Raises:
            CourierTaskNotFoundError: there is none, or no more.
            CourierRefusedError: it is not under way.
        """
        ...

    async def list_tasks(
        self, *, since: datetime, statuses: Sequence[CourierTaskStatus]
    ) -> tuple[ProviderTask, ...]:
        """Return every task with one of the statuses, created or, if over, ended since then.

        Tasks that are not ours are among them.
        """
        ...

    async def list_workers(self) -> tuple[CourierWorker, ...]:
        """Return every driver, by name."""
        ...

    async def read_proof(self, upload_id: str) -> ProofFile:
        """Return a photo or signature.

        Raises:
            CourierTaskNotFoundError: there is none, or not yet.
        """
        ...

    async def list_webhooks(self) -> tuple[CourierWebhook, ...]:
        """Return all that are registered, others' too."""
        ...

    async def register_webhooks(self, url: str) -> tuple[CourierWebhook, ...]:
        """Have each change of a task told to `url`, once; return those webhooks.

        Those that stand are kept, disabled ones enabled.

        Raises:
            CourierRefusedError: the address does not answer as the courier asks.
        """
        ...
