"""Something that somebody may do at any moment."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from totetaxi_adapters.simulation.history import Decision
from totetaxi_core.ports import Ports

if TYPE_CHECKING:
    from totetaxi_adapters.simulation.world import World


class Process(StrEnum):
    """Where an action runs, and what it dies with. Nothing kills the world outside."""

    SERVER = "server"
    WORKER = "worker"
    OUTSIDE = "outside"


Act = Callable[["World", Ports, Decision], Awaitable[str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Action:
    """`act` does it and tells in a few words what came of it; a refusal is raised.

    `weight` is how often it is drawn beside the others; a vital one is never left out of a seed.
    """

    name: str
    act: Act
    weight: float
    process: Process
    is_vital: bool = False


NOTHING = "nothing to do"
