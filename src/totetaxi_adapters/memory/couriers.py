"""The port to the courier service, without a network."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import TypeVar
from uuid import UUID

from totetaxi_adapters.memory.outage import Outage, OutagePlan
from totetaxi_core.clock import Clock
from totetaxi_core.ids import IdSource
from totetaxi_core.logistics.courier_gateway import (
    CourierRefusedError,
    CourierTaskNotFoundError,
    CourierUnavailableError,
    CourierWebhook,
    CourierWorker,
    ProofFile,
    ProviderTask,
    TaskOrder,
)
from totetaxi_core.logistics.courier_task import CourierTaskStatus

Answer = TypeVar("Answer")
UNTOUCHED = frozenset({CourierTaskStatus.CREATED, CourierTaskStatus.ASSIGNED})
WEBHOOK_KINDS = ("taskStarted", "taskCompleted", "taskFailed", "taskUpdated", "taskDeleted")


class MemoryCourierGateway:
    """A create that is repeated makes a second task, as the real one does.

    What a driver does is done by `drive`; `outages` makes calls fail before or after acting.
    """

    def __init__(self, *, ids: IdSource, clock: Clock) -> None:
        self._ids, self._clock = ids, clock
        self.tasks: dict[str, ProviderTask] = {}
        self.orders: dict[str, TaskOrder] = {}
        self.workers: list[CourierWorker] = []
        self.proofs: dict[str, ProofFile] = {}
        self.webhooks: list[CourierWebhook] = []
        self.outages = OutagePlan()

    async def check(self) -> None:
        await self._answer(lambda: None)

    async def create_task(self, order: TaskOrder) -> ProviderTask:
        return await self._answer(lambda: self._create(order))

    async def find_task(self, task_id: UUID) -> ProviderTask | None:
        return await self._answer(
            lambda: next((one for one in self.tasks.values() if one.task_id == task_id), None)
        )

    async def get_task(self, onfleet_task_id: str) -> ProviderTask:
        """Return the task.

        Raises:
            CourierTaskNotFoundError: there is none, or no more.
        """
        return await self._answer(lambda: self._get(onfleet_task_id))

    async def update_task(self, onfleet_task_id: str, order: TaskOrder) -> ProviderTask:
        """Give the task the order's window; one under way keeps its own.

        Raises:
            CourierTaskNotFoundError: there is none.
            CourierRefusedError: it is over.
        """
        return await self._answer(lambda: self._update(onfleet_task_id, order))

    async def assign_task(self, onfleet_task_id: str, worker_id: str) -> ProviderTask:
        """Give the task to a driver.

        Raises:
            CourierTaskNotFoundError: there is no such task.
            CourierRefusedError: there is no such driver, or it is under way.
        """
        return await self._answer(lambda: self._assign(onfleet_task_id, worker_id))

    async def delete_task(self, onfleet_task_id: str) -> None:
        """Delete the task; one that is gone is fine.

        Raises:
            CourierRefusedError: it is under way or completed.
        """
        await self._answer(lambda: self._delete(onfleet_task_id))

    async def complete_task(self, onfleet_task_id: str, *, success: bool, notes: str) -> None:
        """End a task that is under way.

        Raises:
            CourierTaskNotFoundError: there is none.
            CourierRefusedError: it is not under way.
        """
        await self._answer(lambda: self._complete(onfleet_task_id, success=success, notes=notes))

    async def list_tasks(
        self, *, since: datetime, statuses: Sequence[CourierTaskStatus]
    ) -> tuple[ProviderTask, ...]:
        """Return the tasks that have one of the statuses, as of their creation or end."""
        return await self._answer(
            lambda: tuple(
                one
                for one in self.tasks.values()
                if (one.completed_at or one.created_at) >= since and one.status in statuses
            )
        )

    async def list_workers(self) -> tuple[CourierWorker, ...]:
        return await self._answer(lambda: tuple(sorted(self.workers, key=lambda one: one.name)))

    async def read_proof(self, upload_id: str) -> ProofFile:
        """Return a photo or signature.

        Raises:
            CourierTaskNotFoundError: there is none.
        """
        return await self._answer(lambda: self._proof(upload_id))

    async def list_webhooks(self) -> tuple[CourierWebhook, ...]:
        return await self._answer(lambda: tuple(self.webhooks))

    async def register_webhooks(self, url: str) -> tuple[CourierWebhook, ...]:
        """Have each change of a task told to `url`, once; return those webhooks."""
        return await self._answer(lambda: self._register(url))

    def drive(self, onfleet_task_id: str, status: CourierTaskStatus, **facts: object) -> None:
        """Do as a driver does: start, complete or fail the task, leave proof."""
        task = self._get(onfleet_task_id)
        changed: ProviderTask = replace(task, status=status, changed_at=self._clock(), **facts)  # type: ignore[arg-type]  # checked by the class
        self.tasks[onfleet_task_id] = changed

    def remove(self, onfleet_task_id: str) -> None:
        """Delete the task as a dispatcher does on the courier's own pages."""
        del self.tasks[onfleet_task_id]

    async def _answer(self, act: Callable[[], Answer]) -> Answer:
        outage = self.outages.take()
        if outage is Outage.BEFORE_ACTING:
            raise CourierUnavailableError("no answer")
        answer = act()
        if outage is Outage.AFTER_ACTING:
            raise CourierUnavailableError("no answer")
        return answer

    def _create(self, order: TaskOrder) -> ProviderTask:
        # Letters of both cases, as in the real ids.
        made_id, now = f"Ta~{self._ids.new_id().hex[:20]}K", self._clock()
        task = ProviderTask(
            id=made_id,
            short_id=made_id[3:11],
            status=CourierTaskStatus.CREATED,
            task_id=order.task_id,
            booking_id=order.booking_id,
            leg=order.leg,
            changed_at=now,
            created_at=now,
            tracking_url=f"https://onf.lt/{made_id[3:13]}",
            window_start_at=order.window_start_at,
            window_end_at=order.window_end_at,
        )
        self.tasks[made_id], self.orders[made_id] = task, order
        return task

    def _get(self, onfleet_task_id: str) -> ProviderTask:
        if onfleet_task_id not in self.tasks:
            raise CourierTaskNotFoundError(f"there is no task {onfleet_task_id}")
        return self.tasks[onfleet_task_id]

    def _update(self, onfleet_task_id: str, order: TaskOrder) -> ProviderTask:
        task = self._get(onfleet_task_id)
        if task.status not in {*UNTOUCHED, CourierTaskStatus.ACTIVE}:
            raise CourierRefusedError(f"{onfleet_task_id} is {task.status}")
        if task.status is CourierTaskStatus.ACTIVE:
            self.orders[task.id] = replace(self.orders[task.id], notes=order.notes)
            self.tasks[task.id] = replace(task, changed_at=self._clock())
            return self.tasks[task.id]
        after_id = order.after_onfleet_task_id or self.orders[task.id].after_onfleet_task_id
        self.orders[task.id] = replace(order, after_onfleet_task_id=after_id)
        self.tasks[onfleet_task_id] = replace(
            task,
            window_start_at=order.window_start_at,
            window_end_at=order.window_end_at,
            changed_at=self._clock(),
        )
        return self.tasks[onfleet_task_id]

    def _assign(self, onfleet_task_id: str, worker_id: str) -> ProviderTask:
        task = self._get(onfleet_task_id)
        if task.status not in UNTOUCHED or worker_id not in {one.id for one in self.workers}:
            raise CourierRefusedError(f"{onfleet_task_id} cannot go to {worker_id}")
        status, now = CourierTaskStatus.ASSIGNED, self._clock()
        self.tasks[task.id] = replace(task, status=status, worker_id=worker_id, changed_at=now)
        return self.tasks[task.id]

    def _delete(self, onfleet_task_id: str) -> None:
        task = self.tasks.get(onfleet_task_id)
        if task is not None and task.status not in UNTOUCHED:
            raise CourierRefusedError(f"{onfleet_task_id} is {task.status}")
        self.tasks.pop(onfleet_task_id, None)

    def _complete(self, onfleet_task_id: str, *, success: bool, notes: str) -> None:
        if self._get(onfleet_task_id).status is not CourierTaskStatus.ACTIVE:
            raise CourierRefusedError(f"{onfleet_task_id} is not under way")
        status = CourierTaskStatus.COMPLETED if success else CourierTaskStatus.FAILED
        self.drive(onfleet_task_id, status, completed_at=self._clock(), driver_notes=notes)

    def _proof(self, upload_id: str) -> ProofFile:
        if upload_id not in self.proofs:
            raise CourierTaskNotFoundError(f"there is no upload {upload_id}")
        return self.proofs[upload_id]

    def _register(self, url: str) -> tuple[CourierWebhook, ...]:
        standing = {one.kind: one for one in self.webhooks if one.url == url and one.is_enabled}
        ours = tuple(standing.get(kind) or self._webhook(url, kind) for kind in WEBHOOK_KINDS)
        self.webhooks = [*(one for one in self.webhooks if one.url != url), *ours]
        return ours

    def _webhook(self, url: str, kind: str) -> CourierWebhook:
        webhook_id = f"Wh*{self._ids.new_id().hex[:20]}Q"
        return CourierWebhook(id=webhook_id, url=url, kind=kind, is_enabled=True)
