"""Where actions are played: each to its end, its refusal or its death."""

from typing import Final

from totetaxi_adapters.memory.row_locks import DeadlockError
from totetaxi_adapters.simulation.action import Action
from totetaxi_adapters.simulation.courier_line import BEGUN_AT
from totetaxi_adapters.simulation.history import Decision
from totetaxi_adapters.simulation.tale import Line
from totetaxi_adapters.simulation.world import World
from totetaxi_core.refusal import DomainError

NO_STEP_FAILS: Final = "no step fails but by a refusal"
WORD_IS_KEPT: Final = "what was shown is what is done"


class Stage:
    """Keeps what came of each action; an error that is no refusal is a fault of its own."""

    def __init__(self, world: World) -> None:
        self.lines: list[Line] = []
        self._world = world
        self._failures: list[str] = []

    @property
    def faults(self) -> tuple[tuple[str, str], ...]:
        """Return each promise that actions themselves saw broken, with what was seen."""
        failures = ((NO_STEP_FAILS, what) for what in self._failures)
        return (*failures, *((WORD_IS_KEPT, what) for what in self._world.broken_words))

    async def play(self, action: Action, decision: Decision) -> None:
        """Do it. Death, which is a cancelled task, goes on to whoever waits for it."""
        said = "died"
        BEGUN_AT.set(self._world.clock())
        try:
            said = await action.act(self._world, self._world.ports(decision.number), decision)
        except DeadlockError as error:
            self._failures.append(f"{action.name}: {error}")
        except DomainError as refusal:
            said = f"refused, {refusal.code}"
        except Exception as error:  # noqa: BLE001  whatever it is, it is what we look for
            said = f"failed, {type(error).__name__}: {error}"
            self._failures.append(f"{action.name} {said}")
        finally:
            self._tell(action, decision, said)

    def _tell(self, action: Action, decision: Decision, said: str) -> None:
        line = Line(
            number=decision.number,
            ended=self._world.number,
            at=self._world.clock(),
            action=action.name,
            said=said,
        )
        self.lines.append(line)
