"""Tasks that move by themselves: assigned, under way, completed, one step at a time."""

from typing import Final

from totetaxi_adapters.sandbox.onfleet.driving import is_held_up
from totetaxi_adapters.sandbox.onfleet.moves import Manners, Target, deliver_late_proof, move
from totetaxi_adapters.sandbox.onfleet.organization import Organization
from totetaxi_adapters.sandbox.onfleet.refusal import Json
from totetaxi_adapters.sandbox.onfleet.task_shape import ACTIVE, COMPLETED, KIND, OWN, UNASSIGNED

SWITCH: Final = "autopilot"
NEXT: Final = {UNASSIGNED: Target.ASSIGNED, ACTIVE: Target.COMPLETED}
OPEN: Final = "body->>'state' <> '3'"


async def let_go(organization: Organization, task_id: str, *, step_s: float | None) -> None:
    """Move one task on every `step_s` from now on; None leaves it where it is."""
    task = await organization.find(KIND, task_id, lock=True)
    await _let_go(organization, task, step_s)


async def let_all_go(organization: Organization, *, step_s: float | None) -> int:
    """Move on every task there is and those to come; return how many there are."""
    await organization.connection.execute(
        "DELETE FROM sandbox.onfleet_objects WHERE kind = %s", (SWITCH,)
    )
    if step_s is not None:
        await organization.add(SWITCH, {"id": SWITCH, "step_s": step_s})
    tasks = await organization.select(KIND, OPEN)
    for task_id in [task["id"] for task in tasks]:
        await let_go(organization, task_id, step_s=step_s)
    return len(tasks)


async def take_along(organization: Organization, task: Json) -> None:
    """Let a new task go if all are to."""
    for switch in await organization.select(SWITCH):
        await _let_go(organization, task, switch["step_s"])


async def move_next(organization: Organization) -> bool:
    """Do what is due with one task; tell whether there was one."""
    task = await organization.next_due()
    if task is None:
        return False
    if task[OWN]["proof_pending"]:
        await deliver_late_proof(organization, task)
    elif task[OWN]["step_s"] is None or task["state"] == COMPLETED:
        await organization.wake(task["id"], in_s=None)
    else:
        await _step(organization, task)
    return True


async def _step(organization: Organization, task: Json) -> None:
    await organization.wake(task["id"], in_s=task[OWN]["step_s"])
    target = NEXT.get(task["state"], Target.ACTIVE)
    # Who has to wait for another task looks again after the next step.
    if target is not Target.ACTIVE or not await is_held_up(organization, task):
        await move(organization, task["id"], target, Manners())


async def _let_go(organization: Organization, task: Json, step_s: float | None) -> None:
    task[OWN]["step_s"] = step_s
    await organization.save(task)
    await organization.wake(task["id"], in_s=step_s)
