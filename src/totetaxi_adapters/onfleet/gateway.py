"""The courier port on Onfleet's API."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final
from urllib.parse import quote
from uuid import UUID

import httpx

from totetaxi_adapters.onfleet import webhooks
from totetaxi_adapters.onfleet.answer_fields import Json, flag, milliseconds, parts, text
from totetaxi_adapters.onfleet.connection import CallPace, OnfleetBounds, OnfleetConnection
from totetaxi_adapters.onfleet.destination import LONGEST_NOTES, destination_of, mark_of
from totetaxi_adapters.onfleet.failures import CourierUnchangedError
from totetaxi_adapters.onfleet.proof import UPLOAD_URL, read_proof
from totetaxi_adapters.onfleet.task_answer import address_mark, provider_task, provider_tasks
from totetaxi_adapters.onfleet.task_pages import task_pages
from totetaxi_adapters.onfleet.task_request import TASK_ID, changed_task, new_task, notes_of
from totetaxi_adapters.onfleet.task_state import ACTIVE, COMPLETED, UNDER_WAY_OR_OVER, state_of
from totetaxi_core.clock import Clock
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

API_BASE: Final = "https://onfleet.com/api/v2"
DEFAULT_BOUNDS: Final = OnfleetBounds()


class OnfleetCourierGateway:
    """Tasks at Onfleet, or at the sandbox when `base_url` names it.

    New tasks go to the team `team_id`, else to the organization. `upload_url` is where pictures
    are, with `{upload_id}` and, where it comes in two, `{size}`. `clock` tells whether a window is
    over. Safe to use from any event loop; `close` must run on the loop that made the calls.
    """

    def __init__(
        self,
        api_key: str,
        *,
        pace: CallPace,
        clock: Clock,
        base_url: str = API_BASE,
        team_id: str | None = None,
        upload_url: str = UPLOAD_URL,
        bounds: OnfleetBounds = DEFAULT_BOUNDS,
        transport: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        self._connection = OnfleetConnection(
            api_key, base_url=base_url, pace=pace, bounds=bounds, transport=transport
        )
        self._clock, self._team_id, self._upload_url = clock, team_id, upload_url

    async def close(self) -> None:
        """Close the running loop's sockets."""
        await self._connection.close()

    async def check(self) -> None:
        """Ask whether our key is good, and nothing else."""
        if not isinstance(await self._connection.call("GET", "/auth/test"), dict):
            raise CourierUnavailableError("an answer that is not Onfleet's")

    async def create_task(self, order: TaskOrder) -> ProviderTask:
        """Create the task, in one try.

        Raises:
            CourierRefusedError: it can never be created as it is.
        """
        body = new_task(order, team_id=self._team_id, now=self._clock())
        try:
            answer = await self._connection.call("POST", "/tasks", body=body)
        except CourierTaskNotFoundError as error:
            raise CourierRefusedError(f"something it names is gone: {error}") from error
        return provider_task(answer)

    async def find_task(self, task_id: UUID) -> ProviderTask | None:
        """Return the task that carries our reference, the oldest if there are several.

        Raises:
            CourierUnavailableError: one carries it that cannot be read.
        """
        mark = [{"name": TASK_ID, "type": "string", "value": str(task_id)}]
        answer = await self._connection.call("POST", "/tasks/metadata", body=mark, is_safe=True)
        if not isinstance(answer, list):
            # Not knowing is no reason to create a second one.
            raise CourierUnavailableError("a search without a list for an answer")
        found = [provider_task(one) for one in answer]
        ours = [one for one in found if one.task_id == task_id]
        return min(ours, key=lambda one: (one.created_at, one.id), default=None)

    async def get_task(self, onfleet_task_id: str) -> ProviderTask:
        """Return the task as it stands now.

        Raises:
            CourierTaskNotFoundError: there is none, or no more.
        """
        return provider_task(await self._read(onfleet_task_id))

    async def update_task(self, onfleet_task_id: str, order: TaskOrder) -> ProviderTask:
        """Give the task the order's window, notes and place; one under way the notes alone.

        Raises:
            CourierTaskNotFoundError: there is none, or no more.
            CourierRefusedError: it is completed, or the place or window is refused.
        """
        standing = await self._read(onfleet_task_id)
        if standing.get("state") == COMPLETED:
            raise CourierRefusedError(f"task {onfleet_task_id} is over")
        if standing.get("state") == ACTIVE:
            return await self._put(onfleet_task_id, {"notes": notes_of(order)})
        place = None
        if address_mark(standing) != mark_of(order.address):
            place = await self._create_destination(order)
        body = changed_task(order, destination_id=place, now=self._clock())
        return await self._put(onfleet_task_id, body)

    async def assign_task(self, onfleet_task_id: str, worker_id: str) -> ProviderTask:
        """Give the task to a driver.

        Raises:
            CourierTaskNotFoundError: there is no such task.
            CourierRefusedError: there is no such driver, or the task is under way.
        """
        standing = await self._read(onfleet_task_id)
        if standing.get("state") in UNDER_WAY_OR_OVER:
            raise CourierRefusedError(f"task {onfleet_task_id} is under way or over")
        body = {"container": {"type": "WORKER", "worker": worker_id}}
        try:
            return await self._put(onfleet_task_id, body)
        except CourierTaskNotFoundError as error:
            await self._read(onfleet_task_id)  # says so, if it is the task that is gone
            raise CourierRefusedError(f"there is no driver {worker_id}") from error

    async def delete_task(self, onfleet_task_id: str) -> None:
        """Delete the task; one that is gone is fine.

        Raises:
            CourierRefusedError: it is under way or completed.
        """
        try:
            standing = await self._read(onfleet_task_id)
            if standing.get("state") in UNDER_WAY_OR_OVER:
                raise CourierRefusedError(f"task {onfleet_task_id} is under way or over")
            await self._connection.call("DELETE", _path(onfleet_task_id))
        except CourierTaskNotFoundError:
            return

    async def complete_task(self, onfleet_task_id: str, *, success: bool, notes: str) -> None:
        """End a task that is under way.

        Raises:
            CourierTaskNotFoundError: there is none, or no more.
            CourierRefusedError: it is not under way.
        """
        details: dict[str, object] = {"success": success}
        if notes:
            details["notes"] = notes[:LONGEST_NOTES]
        path = f"{_path(onfleet_task_id)}/complete"
        await self._connection.call("POST", path, body={"completionDetails": details})

    async def list_tasks(
        self, *, since: datetime, statuses: Sequence[CourierTaskStatus]
    ) -> tuple[ProviderTask, ...]:
        """Return every task that has one of the statuses and began, or if over ended, since then.

        Raises:
            CourierUnavailableError: the pages do not come to an end.
        """
        states = sorted({state for one in statuses if (state := state_of(one)) is not None})
        if not states:
            return ()
        query = {"from": str(milliseconds(since)), "state": ",".join(map(str, states))}
        found = provider_tasks(await task_pages(self._connection, query))
        return tuple(one for one in found if one.status in statuses)

    async def list_workers(self) -> tuple[CourierWorker, ...]:
        """Return every driver, by name."""
        answer = await self._connection.call("GET", "/workers")
        if not isinstance(answer, list):
            raise CourierUnavailableError("an answer without a list of drivers")
        workers = [
            CourierWorker(
                id=text(one, "id"),
                name=text(one, "name") or text(one, "displayName"),
                is_on_duty=flag(one, "onDuty") is True,
            )
            for one in parts(answer)
            if text(one, "id")
        ]
        return tuple(sorted(workers, key=lambda one: (one.name, one.id)))

    async def read_proof(self, upload_id: str) -> ProofFile:
        """Return a photo or signature.

        Raises:
            CourierTaskNotFoundError: there is none, or not yet.
        """
        return await read_proof(self._connection, self._upload_url, upload_id)

    async def list_webhooks(self) -> tuple[CourierWebhook, ...]:
        """Return all of the organization's."""
        return await webhooks.list_webhooks(self._connection)

    async def register_webhooks(self, url: str) -> tuple[CourierWebhook, ...]:
        """Have each change of a task told to `url`, once; return those webhooks.

        Raises:
            CourierRefusedError: the address does not answer as Onfleet asks.
        """
        return await webhooks.register_webhooks(self._connection, url)

    async def _read(self, onfleet_task_id: str) -> Json:
        answer = await self._connection.call("GET", _path(onfleet_task_id))
        if not isinstance(answer, dict):
            raise CourierUnavailableError("an answer without a task")
        return answer

    async def _put(self, onfleet_task_id: str, body: Json) -> ProviderTask:
        try:
            return provider_task(
                await self._connection.call("PUT", _path(onfleet_task_id), body=body)
            )
        except CourierUnchangedError:
            return await self.get_task(onfleet_task_id)

    async def _create_destination(self, order: TaskOrder) -> str:
        """Make a place: a task's own cannot be changed. One that is left over does no harm."""
        body = destination_of(order.address)
        answer = await self._connection.call("POST", "/destinations", body=body)
        made = text(answer, "id") if isinstance(answer, dict) else ""
        if not made:
            raise CourierUnavailableError("an answer without a destination")
        return made


def _path(onfleet_task_id: str) -> str:
    return f"/tasks/{quote(onfleet_task_id, safe='*~')}"
