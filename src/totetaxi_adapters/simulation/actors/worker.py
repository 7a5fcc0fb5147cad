"""The worker: it does what is owed and looks after holds, payments and its own queue."""

from datetime import timedelta
from typing import Final

from totetaxi_adapters.simulation.action import NOTHING, Action, Process
from totetaxi_adapters.simulation.choice import nth
from totetaxi_adapters.simulation.history import Decision
from totetaxi_adapters.simulation.world import World
from totetaxi_core.bookings.expire_holds import expire_holds
from totetaxi_core.outbox.perform_effect import perform_effect
from totetaxi_core.payments.check_payments import check_payments
from totetaxi_core.ports import Ports
from totetaxi_core.reconciliation.reconcile import reconcile
from totetaxi_core.reconciliation.sweep import Span

BATCH: Final = 50
MOST_AT_A_TIME: Final = 4
PAYMENT_PAUSE: Final = timedelta(seconds=15)
SPANS: Final = (timedelta(hours=1), timedelta(days=2))


async def work(world: World, ports: Ports, decision: Decision) -> str:
    """Do one job after the other, a few of them."""
    job_draw, most_draw, _ = decision.draws
    done: list[str] = []
    for number in range(1 + most_draw % MOST_AT_A_TIME):
        effect_id = await world.store.take_job(job_draw + number)
        if effect_id is None:
            break
        done.append(await perform_effect(effect_id, ports, world.terms) or "not to be done now")
    return f"effects: {', '.join(done)}" if done else NOTHING


async def sweep(_world: World, ports: Ports, _decision: Decision) -> str:
    async with ports.unit_of_work() as uow:
        deferred = await uow.outbox.defer_due(now=ports.clock(), limit=BATCH)
        await uow.commit()
    return f"{deferred} effects"


async def expire(world: World, ports: Ports, _decision: Decision) -> str:
    return f"{await expire_holds(ports, world.terms, limit=BATCH)} bookings"


async def check(world: World, ports: Ports, _decision: Decision) -> str:
    looked_at = await check_payments(ports, world.terms, pause=PAYMENT_PAUSE, limit=BATCH)
    return f"{looked_at} attempts"


async def compare(world: World, ports: Ports, decision: Decision) -> str:
    """Reconcile the days just past, and mend what differs."""
    now = ports.clock()
    span = Span(begin=now - nth(decision.draws[0], SPANS), until=now)
    found = await reconcile(span, ports, world.terms, repair=True)
    return f"{len(found.drifts)} drifts, {len(found.unmended)} left"


WORKER: Final = Process.WORKER
ACTIONS: Final = (
    Action(name="worker does what is owed", act=work, weight=24, process=WORKER, is_vital=True),
    Action(name="worker sweeps the outbox", act=sweep, weight=4, process=WORKER),
    Action(name="worker ends lapsed holds", act=expire, weight=6, process=WORKER),
    Action(name="worker reconciles", act=compare, weight=2, process=WORKER),
    Action(name="worker checks payments", act=check, weight=5, process=WORKER),
)
