"""The end of a history: nothing goes wrong any more, and everybody finishes what is begun."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from itertools import count
from typing import Final

from totetaxi_adapters.simulation.action import Action
from totetaxi_adapters.simulation.actors import stripe, worker
from totetaxi_adapters.simulation.history import DRAWS, Decision
from totetaxi_adapters.simulation.tale import REST_FROM
from totetaxi_adapters.simulation.world import World
from totetaxi_core.payments.gateway import IntentStatus, RefundState

Begin = Callable[[Action, Decision], None]

SOON: Final = (timedelta(minutes=11),) * 8
LATER: Final = (timedelta(hours=13),) * 12
MOSTLY: Final = 0.7


class Rest:
    """Brings a world to rest by what the worker, the banks and Stripe do anyway."""

    def __init__(self, world: World, begin: Begin, *, has_work: Callable[[], bool]) -> None:
        self._world, self._begin, self._has_work = world, begin, has_work
        self._numbers = count(REST_FROM)
        self._named = {each.name: each for each in (*stripe.ACTIONS, *worker.ACTIONS)}

    def rounds(self) -> Iterator[int]:
        """Begin each round's work; the caller lets it run between two. Ends when all is done."""
        self._world.faults.heal()
        self._world.stripe.outages.end()
        for number, pause in enumerate((*SOON, *LATER)):
            self._one_round()
            yield number
            if self.is_at_rest():
                return
            self._world.clock.advance(pause)

    def is_at_rest(self) -> bool:
        world = self._world
        return not (world.running or len(world.mailbox) or self._has_work())

    def _one_round(self) -> None:
        self._let_banks_finish()
        for _ in range(len(self._world.mailbox)):
            self._do("Stripe sends an event")
        for name in (
            "worker ends lapsed holds",
            "worker checks payments",
            "worker sweeps the outbox",
        ):
            self._do(name)
        for _ in range(self._world.store.jobs()):
            self._do("worker does what is owed")

    def _let_banks_finish(self) -> None:
        bank, chance = self._world.stripe, self._world.faults.chance
        for intent in bank.intents():
            if intent.status is IntentStatus.PROCESSING:
                bank.decide(intent.id, approve=chance.random() < MOSTLY)
        for refund in bank.refunds():
            if refund.state is RefundState.PENDING:
                bank.settle_refund(refund.id, succeeds=chance.random() < MOSTLY)

    def _do(self, name: str) -> None:
        number = next(self._numbers)
        chance = self._world.faults.chance
        draws = (chance.randrange(DRAWS), chance.randrange(DRAWS), chance.randrange(DRAWS))
        decision = Decision(number=number, action=name, draws=draws, turns=0, pause_ms=0)
        self._begin(self._named[name], decision)
