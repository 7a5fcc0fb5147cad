"""Changes of a task: fewer are allowed once it is under way, and fewer still when it is over."""

from copy import deepcopy
from http import HTTPStatus
from typing import Final

from totetaxi_adapters.sandbox.onfleet.assignment import move_to, read_container
from totetaxi_adapters.sandbox.onfleet.events import Trigger, emit
from totetaxi_adapters.sandbox.onfleet.fields import Asked, Fields
from totetaxi_adapters.sandbox.onfleet.metadata import changed_metadata
from totetaxi_adapters.sandbox.onfleet.organization import Organization
from totetaxi_adapters.sandbox.onfleet.places import KIND as DESTINATION
from totetaxi_adapters.sandbox.onfleet.recipients import KIND as RECIPIENT
from totetaxi_adapters.sandbox.onfleet.refusal import UNCHANGED, Answer, Json, invalid
from totetaxi_adapters.sandbox.onfleet.task_shape import (
    ACTIVE,
    COMPLETED,
    KIND,
    container_of,
    save_changed,
    shown_task,
)
from totetaxi_adapters.sandbox.onfleet.tasks import KNOWN, OVERRIDES, read_window

ALLOWED: Final = {ACTIVE: frozenset({"notes", "metadata"}), COMPLETED: frozenset({"metadata"})}
WINDOW: Final = ("completeAfter", "completeBefore")


async def update_task(organization: Organization, asked: Asked, task_id: str) -> Answer:
    """Change what the call names; a call that changes nothing is refused."""
    fields = asked.fields(*(name for name in KNOWN if name != "autoAssign"))
    task = await organization.find(KIND, task_id, lock=True)
    _refuse_late(task, asked)
    before = deepcopy(task)
    _put_plain(task, fields)
    _put_window(organization, task, fields)
    await _put_linked(organization, task, fields)
    is_changed = task != before
    if is_changed:
        shown = await save_changed(organization, task)
        await emit(organization, Trigger.TASK_UPDATED, task=shown)
    if not await _moved(organization, task, fields) and not is_changed:
        raise invalid("Nothing changed", error=UNCHANGED)
    return Answer(HTTPStatus.OK, await shown_task(organization, task))


def _refuse_late(task: Json, asked: Asked) -> None:
    allowed = ALLOWED.get(task["state"])
    late = sorted(set(asked.body) - allowed) if allowed is not None else []
    if late:
        raise invalid(f"{', '.join(late)} cannot be changed any more")


def _put_plain(task: Json, fields: Fields) -> None:
    for name in ("quantity", "serviceTime"):
        if name in fields:
            task[name] = fields.number(name, default=0)
    for name in ("additionalQuantities", "appearance", "requirements"):
        if name in fields:
            task[name] = fields.value(name)
    if "notes" in fields:
        task["notes"] = fields.text("notes") or ""
    if "pickupTask" in fields:
        task["pickupTask"] = fields.flag("pickupTask")
    if "metadata" in fields:
        task["metadata"] = changed_metadata(task["metadata"], fields.value("metadata"))
    task["overrides"] |= {name: fields.value(name) for name in OVERRIDES if name in fields}


def _put_window(organization: Organization, task: Json, fields: Fields) -> None:
    if not any(name in fields for name in WINDOW):
        return
    given = {name: fields.value(name) for name in WINDOW if name in fields}
    window = {name: task[name] for name in WINDOW} | given
    task |= read_window(organization, Fields(window))


async def _put_linked(organization: Organization, task: Json, fields: Fields) -> None:
    """Link other objects, by id alone: an update takes no descriptions."""
    if "destination" in fields:
        place_id = fields.required_text("destination")
        task["destination"] = (await organization.find(DESTINATION, place_id))["id"]
    if "recipients" in fields:
        ids = fields.texts("recipients")[:1]
        task["recipients"] = [(await organization.find(RECIPIENT, one))["id"] for one in ids]
    if "dependencies" in fields:
        ids = fields.texts("dependencies")
        task["dependencies"] = [(await organization.find(KIND, one))["id"] for one in ids]


async def _moved(organization: Organization, task: Json, fields: Fields) -> bool:
    if fields.value("container") is None:
        return False
    container = await read_container(organization, fields.value("container"))
    if container == container_of(task):
        return False
    await move_to(organization, task, container)
    return True
