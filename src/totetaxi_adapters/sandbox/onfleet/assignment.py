"""Who drives a task: a container of a driver, of the team, or of the whole organization."""

from http import HTTPStatus
from typing import Final

from totetaxi_adapters.sandbox.onfleet.events import Trigger, emit
from totetaxi_adapters.sandbox.onfleet.fields import Asked, Fields
from totetaxi_adapters.sandbox.onfleet.ids import ORGANIZATION
from totetaxi_adapters.sandbox.onfleet.organization import Organization
from totetaxi_adapters.sandbox.onfleet.refusal import Answer, Json, invalid
from totetaxi_adapters.sandbox.onfleet.task_shape import (
    ASSIGNED,
    KIND,
    UNASSIGNED,
    save_changed,
)
from totetaxi_adapters.sandbox.onfleet.workers import least_busy, team, worker_named

ARRIVES_IN_MS: Final = 60 * 60 * 1_000
STOP_MS: Final = 60 * 1_000
NO_ONE: Final = {"type": "ORGANIZATION", "organization": ORGANIZATION}


async def read_container(organization: Organization, value: object) -> Json:
    """Read where a task is to go.

    Raises:
        OnfleetRefusal: there is no such place.
    """
    fields = Fields(value, where="container")
    fields.refuse_unknown(("type", "worker", "team", "organization"))
    kind = fields.required_text("type")
    if kind == "WORKER":
        worker = await worker_named(organization, fields.required_text("worker"))
        return {"type": kind, "worker": worker["id"]}
    if kind == "TEAM":
        found = await team(organization, fields.required_text("team"))
        return {"type": kind, "team": found["id"]}
    if kind == "ORGANIZATION":
        return dict(NO_ONE)
    raise invalid("Invalid container type")


async def automatic_container(organization: Organization, value: object) -> Json | None:
    """Return the driver `autoAssign` picks; None when nobody is on duty.

    Raises:
        OnfleetRefusal: it is no such order.
    """
    fields = Fields(value, where="autoAssign")
    fields.refuse_unknown(
        ("mode", "team", "maxAssignedTaskCount", "considerDependencies", "excludedWorkerIds")
    )
    if fields.required_text("mode") not in ("distance", "load"):
        raise invalid("Invalid autoAssign mode")
    worker = await least_busy(organization)
    return {"type": "WORKER", "worker": worker["id"]} if worker else None


def put_in(organization: Organization, task: Json, container: Json) -> None:
    """Give the task to the container's driver, or take it from whoever has it."""
    worker_id = container.get("worker")
    task["container"], task["worker"] = container, worker_id
    task["state"] = ASSIGNED if worker_id else UNASSIGNED
    arrival = max(task["completeAfter"] or 0, organization.now_ms + ARRIVES_IN_MS)
    minutes = task["serviceTime"]
    task["estimatedArrivalTime"] = arrival if worker_id else None
    task["estimatedCompletionTime"] = arrival + int(minutes * STOP_MS) if worker_id else None


async def move_to(organization: Organization, task: Json, container: Json) -> Json:
    """Give the task away, tell the webhooks, and return it as shown.

    Raises:
        OnfleetRefusal: a driver is on the way with it, or was.
    """
    if task["state"] not in (UNASSIGNED, ASSIGNED):
        raise invalid("The task is already started or completed")
    before = task["worker"]
    put_in(organization, task, container)
    shown = await save_changed(organization, task)
    if task["worker"] and task["worker"] != before:
        worker = await worker_named(organization, task["worker"])
        await emit(organization, Trigger.TASK_ASSIGNED, task=shown, worker=worker)
    if before and not task["worker"]:
        await emit(organization, Trigger.TASK_UNASSIGNED, task=shown)
    return shown


async def fill_worker(organization: Organization, asked: Asked, worker_id: str) -> Answer:
    """Make these, in this order, all the tasks of a driver; a leading number only inserts."""
    worker = await worker_named(organization, worker_id)
    container = {"type": "WORKER", "worker": worker["id"]}
    given = asked.fields("tasks", "considerDependencies").listed("tasks")
    inserts = bool(given) and isinstance(given[0], int)
    wanted = [str(task_id) for task_id in (given[1:] if inserts else given)]
    held = await organization.select(
        KIND, "body->>'worker' = %s AND body->>'state' = '1'", worker_id
    )
    if not inserts:
        for task in held:
            if task["id"] not in wanted:
                await move_to(organization, task, dict(NO_ONE))
    for task_id in wanted:
        task = await organization.find(KIND, task_id, lock=True)
        if task["worker"] != worker_id:
            await move_to(organization, task, dict(container))
    return Answer(HTTPStatus.OK, worker | {"tasks": wanted})


async def fill_team(organization: Organization, asked: Asked, team_id: str) -> Answer:
    """Move tasks to the team's list of those nobody drives yet."""
    found = await team(organization, team_id)
    for task_id in asked.fields("tasks", "considerDependencies").listed("tasks"):
        if not isinstance(task_id, int):
            task = await organization.find(KIND, str(task_id), lock=True)
            await move_to(organization, task, {"type": "TEAM", "team": found["id"]})
    return Answer(HTTPStatus.OK, await team(organization, team_id))
