"""Look after what is driven: whatever word of the courier's was lost, this makes good."""

from datetime import timedelta
from typing import Final, NamedTuple

from totetaxi_core.logistics.sync_task import sync_each
from totetaxi_core.logistics.wake_resting import wake_resting
from totetaxi_core.ports import Ports, Terms

NEAR: Final = timedelta(days=1)
DISTANT: Final = 20


class TaskRound(NamedTuple):
    """How many resting effects were taken up, and how many tasks looked at."""

    woken: int
    synced: int


async def check_tasks(ports: Ports, terms: Terms, *, limit: int) -> TaskRound:
    """Take up what rests since before, then sync drives of these days, a few distant ones, proof.

    At most `limit` of each.

    Raises:
        CourierUnavailableError, CourierMisconfiguredError: no answer; the next round goes on there.
        DomainError: of the last booking that could not follow its task; the next round tries again.
    """
    woken = await wake_resting(ports, limit=limit)
    now = ports.clock()
    async with ports.unit_of_work() as uow:
        near = await uow.courier_tasks.open(starting_before=now + NEAR, limit=limit)
        distant = await uow.courier_tasks.open(limit=min(limit, DISTANT))
        ended = await uow.courier_tasks.to_look_again(at=now, limit=limit)
    tasks = {task.id: task for task in (*near, *distant, *ended)}
    await sync_each(tuple(tasks.values()), ports, terms)
    return TaskRound(woken=woken, synced=len(tasks))
