"""The deletion of tasks nobody has started."""

from totetaxi_adapters.sandbox.onfleet.events import Trigger, emit
from totetaxi_adapters.sandbox.onfleet.organization import Organization
from totetaxi_adapters.sandbox.onfleet.refusal import Json, invalid
from totetaxi_adapters.sandbox.onfleet.task_shape import ASSIGNED, KIND, UNASSIGNED, shown_task


async def remove_task(organization: Organization, task_id: str) -> Json:
    """Delete the task and return it as it was.

    Raises:
        OnfleetRefusal: it is started or over, or one that is still to do depends on it.
    """
    task = await organization.find(KIND, task_id, lock=True)
    if task["state"] not in (UNASSIGNED, ASSIGNED):
        raise invalid("The task is already started or completed and cannot be deleted")
    waiting = await organization.select(
        KIND, "body->'dependencies' ? %s AND body->>'state' IN ('0', '1')", task_id
    )
    if waiting:
        raise invalid(f"The task {waiting[0]['id']} depends on this one")
    shown = await shown_task(organization, task)
    await organization.remove(KIND, task_id)
    await emit(organization, Trigger.TASK_DELETED, task=shown)
    return shown
