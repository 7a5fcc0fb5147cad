"""Tasks: created as often as asked, changed while that is allowed, deleted, completed."""

from http import HTTPStatus
from typing import Final

from totetaxi_adapters.sandbox.onfleet.assignment import (
    NO_ONE,
    automatic_container,
    put_in,
    read_container,
)
from totetaxi_adapters.sandbox.onfleet.autopilot import take_along
from totetaxi_adapters.sandbox.onfleet.driving import finish
from totetaxi_adapters.sandbox.onfleet.events import Trigger, emit
from totetaxi_adapters.sandbox.onfleet.fields import Asked, Fields
from totetaxi_adapters.sandbox.onfleet.metadata import read_metadata
from totetaxi_adapters.sandbox.onfleet.organization import Organization
from totetaxi_adapters.sandbox.onfleet.places import destination_of
from totetaxi_adapters.sandbox.onfleet.recipients import recipients_of
from totetaxi_adapters.sandbox.onfleet.refusal import (
    INVALID_TIME,
    Answer,
    Json,
    invalid,
    missing,
)
from totetaxi_adapters.sandbox.onfleet.removal import remove_task
from totetaxi_adapters.sandbox.onfleet.task_shape import (
    ACTIVE,
    KIND,
    new_task,
    shown_task,
)

OVERRIDES: Final = (
    "recipientName",
    "recipientNotes",
    "recipientSkipSMSNotifications",
    "useMerchantForProxy",
)
KNOWN: Final = (
    *OVERRIDES,
    "additionalQuantities",
    "appearance",
    "autoAssign",
    "barcodes",
    "completeAfter",
    "completeBefore",
    "container",
    "customFields",
    "dependencies",
    "destination",
    "executor",
    "merchant",
    "metadata",
    "notes",
    "pickupTask",
    "quantity",
    "recipients",
    "requirements",
    "serviceTime",
)


async def create_task(organization: Organization, asked: Asked, _: str) -> Answer:
    """Create a task, also where it looks like another: there is no idempotency."""
    fields = asked.fields(*KNOWN)
    if "container" in fields and "autoAssign" in fields:
        raise invalid("container and autoAssign cannot be used together")
    given = _plain(fields) | read_window(organization, fields)
    given["dependencies"] = await _dependencies(organization, fields)
    container = await _container(organization, fields)
    given["recipients"] = await recipients_of(organization, fields.listed("recipients"))
    given["destination"] = await destination_of(organization, fields.value("destination"))
    task = new_task(organization, given)
    put_in(organization, task, container or dict(NO_ONE))
    await organization.add(KIND, task)
    await take_along(organization, task)
    shown = await shown_task(organization, task)
    await emit(organization, Trigger.TASK_CREATED, task=shown)
    assigned = {"didAutoAssign": True} if "autoAssign" in fields and container else {}
    return Answer(HTTPStatus.OK, shown | assigned)


async def retrieve_task(organization: Organization, _: Asked, task_id: str) -> Answer:
    task = await organization.find(KIND, task_id)
    return Answer(HTTPStatus.OK, await shown_task(organization, task))


async def retrieve_by_short_id(organization: Organization, _: Asked, short_id: str) -> Answer:
    found = await organization.select(KIND, "body->>'shortId' = %s", short_id)
    if not found:
        raise missing(f"No task has the short id {short_id}")
    return Answer(HTTPStatus.OK, await shown_task(organization, found[0]))


async def delete_task(organization: Organization, _: Asked, task_id: str) -> Answer:
    await remove_task(organization, task_id)
    return Answer(HTTPStatus.OK)


async def complete_task(organization: Organization, asked: Asked, task_id: str) -> Answer:
    """End a task that is under way, as a dispatcher does: without proof."""
    details = asked.fields("completionDetails").group("completionDetails")
    details.refuse_unknown(("success", "notes"))
    if "success" not in details:
        raise invalid("completionDetails.success is required")
    success = details.flag("success")
    task = await organization.find(KIND, task_id, lock=True)
    if task["state"] != ACTIVE:
        raise invalid("Only active tasks can be completed")
    await finish(organization, task, success=success, notes=details.text("notes") or "")
    return Answer(HTTPStatus.OK)


def read_window(organization: Organization, fields: Fields) -> Json:
    """Read `completeAfter` and `completeBefore`.

    Raises:
        OnfleetRefusal: the end is not after the start, or is over.
    """
    after, before = fields.instant_ms("completeAfter"), fields.instant_ms("completeBefore")
    if before is not None and before <= max(after or 0, organization.now_ms):
        cause = "completeBefore must be after completeAfter and in the future"
        raise invalid(cause, error=INVALID_TIME)
    return {"completeAfter": after, "completeBefore": before}


def _plain(fields: Fields) -> Json:
    """Read what needs no look at anything else."""
    return {
        "pickupTask": fields.flag("pickupTask"),
        "notes": fields.text("notes") or "",
        "quantity": fields.number("quantity", default=0),
        "additionalQuantities": fields.value("additionalQuantities")
        or {"quantityA": 0, "quantityB": 0, "quantityC": 0},
        "serviceTime": fields.number("serviceTime", default=0),
        "overrides": {name: fields.value(name) for name in OVERRIDES if name in fields},
        "appearance": fields.value("appearance") or {"triangleColor": None},
        "requirements": fields.value("requirements") or {},
        "metadata": read_metadata(fields.listed("metadata")),
    }


async def _dependencies(organization: Organization, fields: Fields) -> list[str]:
    return [
        str((await organization.find(KIND, task_id))["id"])
        for task_id in fields.texts("dependencies")
    ]


async def _container(organization: Organization, fields: Fields) -> Json | None:
    if "autoAssign" in fields:
        return await automatic_container(organization, fields.value("autoAssign"))
    if fields.value("container") is None:
        return None
    return await read_container(organization, fields.value("container"))
