"""A move of a task by hand: whatever has to happen on the way there happens too."""

from enum import StrEnum
from typing import Final

import attrs

from totetaxi_adapters.sandbox.onfleet.assignment import NO_ONE, move_to
from totetaxi_adapters.sandbox.onfleet.driving import (
    arrive,
    attach_proof,
    finish,
    send_proof,
    start,
)
from totetaxi_adapters.sandbox.onfleet.organization import Organization
from totetaxi_adapters.sandbox.onfleet.refusal import Json, invalid
from totetaxi_adapters.sandbox.onfleet.removal import remove_task
from totetaxi_adapters.sandbox.onfleet.task_shape import (
    ACTIVE,
    COMPLETED,
    KIND,
    OWN,
    UNASSIGNED,
    shown_task,
)
from totetaxi_adapters.sandbox.onfleet.workers import least_busy

FIND: Final = """id = %s OR body->>'shortId' = %s OR body->'metadata' @>
    jsonb_build_array(jsonb_build_object('name', 'task_id', 'value', %s::text))"""


class Target(StrEnum):
    UNASSIGNED = "unassigned"
    ASSIGNED = "assigned"
    ACTIVE = "active"
    COMPLETED = "completed"
    FAILED = "failed"
    DELETED = "deleted"


@attrs.frozen(kw_only=True)
class Manners:
    """How a task is moved, where that matters.

    With `proof_after_s` photo and signature arrive so much later, as they do over a poor line.
    """

    worker_id: str | None = None
    notes: str = "Left with the doorman"
    failure_reason: str = ""
    proof_after_s: float | None = None


async def find_by_any_id(organization: Organization, name: str) -> str:
    """Return the id of the task with this id, short id, or `task_id` in its metadata.

    Raises:
        OnfleetRefusal: there is none.
    """
    found = await organization.select(KIND, FIND, name, name, name)
    return str(found[0]["id"]) if found else str((await organization.find(KIND, name))["id"])


async def move(organization: Organization, task_id: str, target: Target, manners: Manners) -> Json:
    """Move the task and return it as shown. Where it is there already nothing happens.

    Raises:
        OnfleetRefusal: there is no way from where it is.
    """
    if target is Target.DELETED:
        return await remove_task(organization, task_id)
    task = await organization.find(KIND, task_id, lock=True)
    if task["state"] == COMPLETED:
        if target is not _end_of(task):
            raise invalid("The task is over")
    elif target is Target.UNASSIGNED:
        await move_to(organization, task, dict(NO_ONE))
    elif target is Target.ASSIGNED:
        await _assign(organization, task, manners)
    else:
        await _drive(organization, task, target, manners)
    return await shown_task(organization, task)


async def _assign(organization: Organization, task: Json, manners: Manners) -> None:
    if task["state"] == ACTIVE:
        raise invalid("The task is under way")
    if task["state"] != UNASSIGNED and manners.worker_id in (None, task["worker"]):
        return
    worker_id = manners.worker_id or await _driver_for(organization, task)
    await move_to(organization, task, {"type": "WORKER", "worker": worker_id})


async def _drive(organization: Organization, task: Json, target: Target, manners: Manners) -> None:
    if task["state"] != ACTIVE:
        await _assign(organization, task, manners)
    driver = attrs.evolve(organization, actor={"type": "WORKER", "id": task["worker"]})
    if task["state"] != ACTIVE:
        await start(driver, task)
    if target is Target.ACTIVE:
        return
    await arrive(driver, task)
    if target is Target.FAILED:
        await finish(driver, task, success=False, reason=manners.failure_reason)
        return
    if manners.proof_after_s is None:
        await attach_proof(driver, task)
    else:
        task[OWN]["proof_pending"] = True
    await finish(driver, task, success=True, notes=manners.notes)
    await organization.wake(task["id"], in_s=manners.proof_after_s)


async def deliver_late_proof(organization: Organization, task: Json) -> None:
    driver = attrs.evolve(organization, actor={"type": "WORKER", "id": task["worker"]})
    await send_proof(driver, task)
    await organization.wake(task["id"], in_s=None)


async def _driver_for(organization: Organization, task: Json) -> str:
    """Return who has the task this one follows, else whoever has the least to do."""
    before = await organization.select(
        KIND, "id = ANY(%s) AND body->>'worker' IS NOT NULL", task["dependencies"]
    )
    if before:
        return str(before[0]["worker"])
    worker = await least_busy(organization)
    if worker is None:
        raise invalid("Nobody is on duty")
    return str(worker["id"])


def _end_of(task: Json) -> Target:
    return Target.COMPLETED if task["completionDetails"]["success"] else Target.FAILED
