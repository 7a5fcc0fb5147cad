"""The courier service: its drivers, its dispatchers at their own pages, its events, its silence."""

from datetime import timedelta
from typing import Final

from totetaxi_adapters.memory.couriers import UNTOUCHED
from totetaxi_adapters.memory.outage import Outage
from totetaxi_adapters.simulation.action import NOTHING, Action, Process
from totetaxi_adapters.simulation.choice import nth
from totetaxi_adapters.simulation.history import Decision
from totetaxi_adapters.simulation.world import World
from totetaxi_core.logistics.courier_gateway import ProofFile, ProviderTask
from totetaxi_core.logistics.courier_task import CourierTaskStatus
from totetaxi_core.logistics.take_courier_event import take_courier_event
from totetaxi_core.ports import Ports

PICTURE: Final = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01\xff\xd9"  # the shortest JPEG there is
LOOKED_FOR: Final = timedelta(hours=6)  # so long after its end a drive is asked for its photos
UNENDED: Final = UNTOUCHED | {CourierTaskStatus.ACTIVE}
COMPLETED, FAILED = CourierTaskStatus.COMPLETED, CourierTaskStatus.FAILED


async def deliver(world: World, ports: Ports, decision: Decision) -> str:
    """Bring one event that is due; one that is not answered is sent again."""
    delivery = world.courier_mailbox.take(at=world.clock(), draw=decision.draws[0])
    if delivery is None:
        return NOTHING
    is_taken = False
    try:
        is_new = await take_courier_event(delivery.event, ports)
        is_taken = True
    finally:
        if not is_taken:
            world.courier_mailbox.give_back(delivery, at=world.clock())
    return f"{delivery.event.kind}{'' if is_new else ', to nobody or known already'}"


async def drive(world: World, _ports: Ports, decision: Decision) -> str:
    """Let a driver go on with a task: take it, set out, and end it one way or the other."""
    task_draw, end_draw, proof_draw = decision.draws
    task = a_task_to_go_on(task_draw, world)
    if task is None:
        return NOTHING
    return go_on(task, end_draw, proof_draw, world)


def a_task_to_go_on(draw: int, world: World) -> ProviderTask | None:
    """Choose one whose driver has something left to do."""
    return world.a_task(draw, lambda each: _may_go_on(each, world))


def go_on(task: ProviderTask, end_draw: int, proof_draw: int, world: World) -> str:
    """Bring the task one step further."""
    match task.status:
        case CourierTaskStatus.CREATED:
            _assign(task, end_draw, world)
        case CourierTaskStatus.ASSIGNED:
            world.couriers.drive(task.id, CourierTaskStatus.ACTIVE, started_at=world.clock())
        case _:
            _end(task, end_draw, proof_draw, world)
    return _said(task, world)


def _may_go_on(task: ProviderTask, world: World) -> bool:
    """Tell whether something is left to do, and what must be done before is done."""
    if task.status in (COMPLETED, FAILED):
        return False
    before = world.couriers.orders[task.id].after_onfleet_task_id
    pickup = world.couriers.tasks.get(before) if before else None
    return task.status is CourierTaskStatus.CREATED or not pickup or pickup.status is COMPLETED


def _assign(task: ProviderTask, draw: int, world: World) -> None:
    worker_id = nth(draw, world.couriers.workers).id
    world.couriers.drive(task.id, CourierTaskStatus.ASSIGNED, worker_id=worker_id)


def _end(task: ProviderTask, end_draw: int, proof_draw: int, world: World) -> None:
    now = world.clock()
    if end_draw % 6 == 0:
        world.couriers.drive(task.id, FAILED, completed_at=now, failure_reason="nobody there")
        return
    photo_ids = _photos(task, proof_draw, world)
    world.couriers.drive(task.id, COMPLETED, completed_at=now, photo_ids=photo_ids)


def _photos(task: ProviderTask, draw: int, world: World) -> tuple[str, ...]:
    """Take none, one or two, of each of which the courier has the file."""
    photo_ids = tuple(f"{task.id}-{number}" for number in range(draw % 3))
    for photo_id in photo_ids:
        content = PICTURE + photo_id.encode()
        world.couriers.proofs[photo_id] = ProofFile(content=content, content_type="image/jpeg")
    return photo_ids


async def add_photos(world: World, _ports: Ports, decision: Decision) -> str:
    """Let photos of a drive that is over reach the courier, a while after."""
    task = world.a_task(decision.draws[0], lambda each: _may_bring_photos(each, world))
    if task is None:
        return NOTHING
    world.couriers.drive(task.id, task.status, photo_ids=_photos(task, 1, world))
    return _said(task, world)


def _may_bring_photos(task: ProviderTask, world: World) -> bool:
    if task.completed_at is None or task.photo_ids:
        return False
    return world.clock() < task.completed_at + LOOKED_FOR


async def meddle(world: World, _ports: Ports, decision: Decision) -> str:
    """Change a task on the courier's own pages: to another driver, to none, or delete it.

    One that is under way is given back by its driver.
    """
    task_draw, what_draw, worker_draw = decision.draws
    task = world.a_task(task_draw, lambda each: each.status in UNENDED)
    if task is None:
        return NOTHING
    if task.status is CourierTaskStatus.ACTIVE:
        world.couriers.drive(task.id, CourierTaskStatus.ASSIGNED, started_at=None)
        return _said(task, world)
    if what_draw % 3 == 0:
        world.couriers.remove(task.id)
        return f"delete the {task.leg} of {world.label(task.booking_id)}"
    if what_draw % 3 == 1:
        _assign(task, worker_draw, world)
    else:
        world.couriers.drive(task.id, CourierTaskStatus.CREATED, worker_id=None)
    return _said(task, world)


def _said(task: ProviderTask, world: World) -> str:
    status = world.couriers.tasks[task.id].status
    return f"the {task.leg} of {world.label(task.booking_id)} is {status}"


async def fall_silent(world: World, _ports: Ports, decision: Decision) -> str:
    """Answer nobody until further notice; a silence that comes too late for one is none."""
    if world.faults.is_healed:
        return NOTHING
    outage = nth(decision.draws[0], tuple(Outage))
    world.couriers.outages.last(outage)
    return f"does not answer; calls {'act' if outage is Outage.AFTER_ACTING else 'do not act'}"


async def answer_again(world: World, _ports: Ports, _decision: Decision) -> str:
    world.couriers.outages.end()
    return "answers"


OUTSIDE: Final = Process.OUTSIDE
ACTIONS: Final = (
    Action(name="Onfleet sends an event", act=deliver, weight=6, process=Process.SERVER),
    Action(name="driver goes on", act=drive, weight=9, process=OUTSIDE),
    Action(name="photos arrive late", act=add_photos, weight=0.5, process=OUTSIDE),
    Action(name="dispatchers change a drive", act=meddle, weight=1, process=OUTSIDE),
    Action(name="Onfleet falls silent", act=fall_silent, weight=0.2, process=OUTSIDE),
    Action(
        name="Onfleet answers again", act=answer_again, weight=0.7, process=OUTSIDE, is_vital=True
    ),
)
