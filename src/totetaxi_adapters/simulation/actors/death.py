"""Death: of one request, or of a whole process with everything it was doing."""

from typing import Final

from totetaxi_adapters.simulation.action import NOTHING, Action, Process
from totetaxi_adapters.simulation.choice import nth
from totetaxi_adapters.simulation.history import Decision
from totetaxi_adapters.simulation.world import World
from totetaxi_core.ports import Ports


async def end_one(world: World, _ports: Ports, decision: Decision) -> str:
    """Kill what one step began, where it stands: its customer has gone, its thread has died."""
    mortal = [each for each in world.running if each.process is not Process.OUTSIDE]
    if not mortal:
        return NOTHING
    dying = nth(decision.draws[0], mortal)
    dying.task.cancel()
    return f"what step {dying.number} began"


async def end_server(world: World, _ports: Ports, _decision: Decision) -> str:
    return _end_all(world, Process.SERVER)


async def end_worker(world: World, _ports: Ports, _decision: Decision) -> str:
    return _end_all(world, Process.WORKER)


def _end_all(world: World, process: Process) -> str:
    dying = [each for each in world.running if each.process is process]
    for each in dying:
        each.task.cancel()
    return f"and with it {len(dying)} steps" if dying else NOTHING


OUTSIDE: Final = Process.OUTSIDE
ACTIONS: Final = (
    Action(name="death ends a request", act=end_one, weight=3, process=OUTSIDE),
    Action(name="death ends the server", act=end_server, weight=1, process=OUTSIDE),
    Action(name="death ends the worker", act=end_worker, weight=2, process=OUTSIDE),
)
