"""Those who look after drives and messages: the worker, staff, and whoever carries a message."""

import asyncio
from typing import Final
from uuid import UUID

from totetaxi_adapters.simulation.action import NOTHING, Action, Process
from totetaxi_adapters.simulation.actors.courier import a_task_to_go_on, go_on
from totetaxi_adapters.simulation.actors.staff import NAMES
from totetaxi_adapters.simulation.choice import choose, nth
from totetaxi_adapters.simulation.history import Decision
from totetaxi_adapters.simulation.world import World
from totetaxi_core.bookings.advance_booking import complete_booking, start_booking
from totetaxi_core.bookings.booking_status import BookingStatus
from totetaxi_core.bookings.status_change import StatusChange
from totetaxi_core.logistics.check_tasks import check_tasks
from totetaxi_core.logistics.create_tasks import create_tasks
from totetaxi_core.logistics.drive_legs import UNDER_COURIER
from totetaxi_core.logistics.sync_by_staff import sync_one
from totetaxi_core.logistics.sync_task import sync_task
from totetaxi_core.notifications.delivery_news import DeliveryNews, Fate, take_delivery_news
from totetaxi_core.notifications.send_again import send_again
from totetaxi_core.ports import Ports
from totetaxi_core.reconciliation.reconcile_drives import reconcile_drives
from totetaxi_core.reconciliation.sweep import Span
from totetaxi_core.webhooks.deliver_events import deliver_events

BATCH: Final = 50
AT_ONCE: Final = 8


async def check(world: World, ports: Ports, _decision: Decision) -> str:
    return f"{(await check_tasks(ports, world.terms, limit=BATCH)).synced} drives"


async def compare(world: World, ports: Ports, _decision: Decision) -> str:
    """Hold our drives against the courier's since all began, and mend what differs."""
    span = Span(begin=world.swarm.start, until=ports.clock())
    found = await reconcile_drives(span, ports, world.terms, repair=True)
    return f"{len(found)} drifts, {sum(not each.is_mended for each in found)} left"


async def tell_subscribers(world: World, ports: Ports, _decision: Decision) -> str:
    tried = await deliver_events(ports, world.terms, limit=AT_ONCE)
    return f"{tried} calls" if tried else NOTHING


async def order_anew(world: World, ports: Ports, decision: Decision) -> str:
    """Have a booking driven whose task is gone, or never came to be."""
    booking = world.a_booking(decision.draws[0], lambda each: each.status in UNDER_COURIER)
    if booking is None:
        return NOTHING
    name = nth(decision.draws[1], NAMES)
    tasks = await create_tasks(booking.id, ports, world.terms, staff_name=name)
    return f"{len(tasks)} tasks of {world.label(booking.id)}"


async def look_twice(world: World, ports: Ports, decision: Decision) -> str:
    """Look at a drive as its driver goes on, and again: who asked first may learn it last."""
    task_draw, end_draw, name_draw = decision.draws
    task = a_task_to_go_on(task_draw, world)
    if task is None or task.task_id is None:
        return NOTHING

    async def drive() -> None:
        await asyncio.sleep(0)
        if world.couriers.tasks.get(task.id) is task:
            go_on(task, end_draw, name_draw, world)

    by_staff = sync_one(task.task_id, ports, world.terms, staff_name=nth(name_draw, NAMES))
    by_worker = sync_task(task.task_id, ports, world.terms)
    ended = await asyncio.gather(by_staff, drive(), by_worker, return_exceptions=True)
    for error in ended:
        if isinstance(error, BaseException):
            raise error
    return f"the {task.leg} of {world.label(task.booking_id)}"


async def advance(world: World, ports: Ports, decision: Decision) -> str:
    """Start or complete a booking by hand, whatever its driver does."""
    booking_draw, what_draw, name_draw = decision.draws
    booking = world.a_booking(booking_draw, lambda each: each.status in UNDER_COURIER)
    if booking is None:
        return NOTHING
    change = StatusChange(booking_id=booking.id, staff_name=nth(name_draw, NAMES))
    step = start_booking if booking.status is BookingStatus.CONFIRMED else complete_booking
    advanced = await (step if what_draw % 3 else complete_booking)(change, ports, world.terms)
    return f"{world.label(booking.id)} is {advanced.status}"


async def resend(world: World, ports: Ports, decision: Decision) -> str:
    """Have a message sent again that was refused, or may be lost."""
    message_id = choose(decision.draws[0], world.mail.troubled, name=_number)
    if message_id is None:
        return NOTHING
    sent = await send_again(message_id, ports, staff_name=nth(decision.draws[1], NAMES))
    return f"{sent.kind}"


async def tell_of_message(world: World, ports: Ports, decision: Decision) -> str:
    """Tell what became of a message: it left, arrived, or came back; now and then for good."""
    message_draw, fate_draw, bad_draw = decision.draws
    taken = world.mail.taken
    provider_id = choose(message_draw, taken, name=lambda each: _number(taken[each]))
    if provider_id is None:
        return NOTHING
    news = DeliveryNews(
        message_id=taken[provider_id] if bad_draw % 2 else None,
        provider_id=provider_id,
        fate=nth(fate_draw, tuple(Fate)),
        reason="whoever carries it says so",
        address_is_bad=nth(fate_draw, tuple(Fate)) is Fate.FAILED and bad_draw % 10 == 0,
    )
    is_news = await take_delivery_news(news, ports)
    return f"{news.fate}{'' if is_news else ', known already'}"


def _number(message_id: UUID) -> int:
    return message_id.int


SERVER, WORKER = Process.SERVER, Process.WORKER
ACTIONS: Final = (
    Action(name="worker checks drives", act=check, weight=3, process=WORKER),
    Action(name="worker reconciles drives", act=compare, weight=0.7, process=WORKER),
    Action(name="worker tells subscribers", act=tell_subscribers, weight=1.5, process=WORKER),
    Action(name="staff order a drive anew", act=order_anew, weight=1, process=SERVER),
    Action(name="staff and worker look at a drive", act=look_twice, weight=5, process=SERVER),
    Action(name="staff advance a booking", act=advance, weight=0.4, process=SERVER),
    Action(name="staff send a message again", act=resend, weight=0.7, process=SERVER),
    Action(name="carrier tells of a message", act=tell_of_message, weight=0.7, process=SERVER),
)
