"""Time, which passes by seconds and by days, and stops where something is about to change."""

from datetime import datetime, timedelta
from typing import Final

from totetaxi_adapters.simulation.action import NOTHING, Action, Process
from totetaxi_adapters.simulation.choice import nth
from totetaxi_adapters.simulation.history import Decision
from totetaxi_adapters.simulation.promises.books import ACTIVE
from totetaxi_adapters.simulation.world import World
from totetaxi_core.ports import Ports

PASSING: Final = tuple(
    timedelta(seconds=seconds)
    for seconds in (1, 16, 60, 91, 600, 1_900, 7_200, 43_200, 90_000, 3 * 86_400)
)
BEFORE_PICKUP: Final = tuple(timedelta(hours=hours) for hours in (48, 24, 0))
A_MOMENT: Final = (timedelta(seconds=-1), timedelta(0), timedelta(seconds=1))


async def pass_time(world: World, _ports: Ports, decision: Decision) -> str:
    """Let time pass, short whiles more often than long ones."""
    by = min(nth(draw, PASSING) for draw in decision.draws)
    return f"{by} later: {world.clock.advance(by):%Y-%m-%d %H:%M:%S} UTC"


async def come_to_an_edge(world: World, _ports: Ports, decision: Decision) -> str:
    """Stop just before, at, or just after a hold's end or a step of the cancellation terms."""
    booking_draw, edge_draw, moment_draw = decision.draws
    booking = world.a_booking(booking_draw, lambda each: each.status in ACTIVE)
    if booking is None:
        return NOTHING
    edges = [booking.pickup_at - notice for notice in BEFORE_PICKUP]
    edges += [booking.hold_expires_at] if booking.hold_expires_at else []
    at = nth(edge_draw, edges) + nth(moment_draw, A_MOMENT)
    return _come_to(at, world)


def _come_to(at: datetime, world: World) -> str:
    if at <= world.clock():
        return NOTHING
    world.clock.set(at)
    return f"it is {at:%Y-%m-%d %H:%M:%S} UTC"


OUTSIDE: Final = Process.OUTSIDE
ACTIONS: Final = (
    Action(name="time passes", act=pass_time, weight=8, process=OUTSIDE),
    Action(name="time comes to an edge", act=come_to_an_edge, weight=2.5, process=OUTSIDE),
)
