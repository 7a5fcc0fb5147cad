"""The end of a history: nothing goes wrong any more, and everybody finishes what is begun."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from itertools import count
from typing import Final

from totetaxi_adapters.simulation.action import Action
from totetaxi_adapters.simulation.actors import courier, dispatch, stripe, worker
from totetaxi_adapters.simulation.history import DRAWS, Decision
from totetaxi_adapters.simulation.tale import REST_FROM
from totetaxi_adapters.simulation.world import World
from totetaxi_core.payments.gateway import IntentStatus, RefundState

Begin = Callable[[Action, Decision], None]

SOON: Final = (timedelta(minutes=11),) * 8
LATER: Final = (timedelta(hours=13),) * 12
UPKEEP: Final = (
    "worker ends lapsed holds",
    "worker checks payments",
    "worker checks drives",
    "worker sweeps the outbox",
)
MOSTLY: Final = 0.7


class Rest:
    """Brings a world to rest by what the worker, the banks and Stripe do anyway."""

    def __init__(
        self,
        world: World,
        begin: Begin,
        *,
        has_work: Callable[[], bool],
        is_adrift: Callable[[], bool],
    ) -> None:
        self._world, self._begin = world, begin
        self._has_work, self._is_adrift = has_work, is_adrift
        self._numbers = count(REST_FROM)
        acting = (*stripe.ACTIONS, *courier.ACTIONS, *worker.ACTIONS, *dispatch.ACTIONS)
        self._named = {each.name: each for each in acting}

    def rounds(self) -> Iterator[int]:
        """Begin each round's work; the caller lets it run between two. Ends when all is done."""
        self._world.faults.heal()
        self._world.stripe.outages.end()
        self._world.couriers.outages.end()
        self._world.couriers.end_delays()
        for number, pause in enumerate((*SOON, *LATER)):
            self._one_round()
            yield number
            if self.is_at_rest():
                return
            self._world.clock.advance(pause)

    def is_at_rest(self) -> bool:
        world = self._world
        is_told = not (len(world.mailbox) or len(world.courier_mailbox))
        return is_told and not (world.running or self._has_work())

    def _one_round(self) -> None:
        self._let_banks_finish()
        for _ in range(len(self._world.mailbox)):
            self._do("Stripe sends an event")
        for _ in range(len(self._world.courier_mailbox)):
            self._do("Onfleet sends an event")
        for name in self._rounds_of_worker():
            self._do(name)
        for _ in range(self._world.store.jobs()):
            self._do("worker does what is owed")

    def _rounds_of_worker(self) -> Iterator[str]:
        """Yield what the worker does anyway. Drives are reconciled only where only that helps."""
        yield from UPKEEP
        if self._world.swarm.has_subscriber:
            yield "worker tells subscribers"
        if self._is_adrift():
            yield "worker reconciles drives"

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
