"""Take in a signed word of the courier's: it says which task to look at, and proves nothing."""

from totetaxi_core.logistics.courier_gateway import CourierEvent
from totetaxi_core.outbox.owed_effect import EffectKind
from totetaxi_core.outbox.owing import owed
from totetaxi_core.ports import Ports


async def take_courier_event(event: CourierEvent, ports: Ports) -> bool:
    """Owe a look at the event's task; tell whether one is owed by this event now.

    An event about no task, or about one that is not ours (another house's, another environment's),
    is none of our business; a repetition is owed already. The look sees the task as it then stands,
    so that neither the order of events nor their number matters.
    """
    if event.onfleet_task_id is None:
        return False
    now = ports.clock()
    async with ports.unit_of_work() as uow:
        task = await uow.courier_tasks.find_by_onfleet(event.onfleet_task_id)
        if task is None:
            return False
        payload = {"courier_task_id": str(task.id)}
        look = owed(ports.ids, EffectKind.SYNC_COURIER_TASK, event.key, at=now, payload=payload)
        is_new = await uow.outbox.owe(look)
        await uow.commit()
    return is_new
