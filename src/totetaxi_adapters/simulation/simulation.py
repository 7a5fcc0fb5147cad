"""Runs a history from its first step until everything has come to rest."""

from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, Final

from totetaxi_adapters.memory.table import Table
from totetaxi_adapters.simulation.action import Action
from totetaxi_adapters.simulation.actors import ACTIONS
from totetaxi_adapters.simulation.breach import Breach
from totetaxi_adapters.simulation.history import Decision, History, random_of
from totetaxi_adapters.simulation.promises.at_rest import waits_for_its_day
from totetaxi_adapters.simulation.promises.reconciled import drifts_left
from totetaxi_adapters.simulation.rest import Rest
from totetaxi_adapters.simulation.scheduler import Scheduler
from totetaxi_adapters.simulation.stage import Stage
from totetaxi_adapters.simulation.store import MemoryStore
from totetaxi_adapters.simulation.swarm import Swarm
from totetaxi_adapters.simulation.tale import Line
from totetaxi_adapters.simulation.watch import NOTHING_FORGOTTEN, Fault, Watch
from totetaxi_adapters.simulation.world import Running, World
from totetaxi_core.bookings.booking_status import BookingStatus
from totetaxi_core.bookings.reschedule import RescheduleState
from totetaxi_core.outbox.owed_effect import EffectState
from totetaxi_core.refusal import DomainError

NOTHING_TO_MEND: Final = "reconciling finds nothing to mend"
LAST_LOOK: Final = 0  # no step has this number


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """`digest` is alike for two runs only if everything in them was, down to every id."""

    history: History
    breach: Breach | None
    lines: tuple[Line, ...]
    digest: str


def simulate(history: History, *, actions: tuple[Action, ...] = ACTIONS) -> Outcome:
    """Run the history; it ends at the first breach."""
    return Simulation(history, actions=actions).run()


class Simulation:
    """One run. The business is that of its seed; the steps are those of its history."""

    def __init__(self, history: History, *, actions: tuple[Action, ...]) -> None:
        self._history = history
        self._swarm = Swarm.of(history.seed, actions)
        self._named = {each.name: each for each in actions}
        self._store = MemoryStore()
        self._world = World(history.seed, self._swarm, self._store)
        self._scheduler = Scheduler(self._world.clock)
        self._watch = Watch(self._world.books(self._store.database))
        self._stage = Stage(self._world)
        self._turns = 0
        self._told = 0
        self._looked_at = (0, 0)

    def run(self) -> Outcome:
        try:
            breach = self._breach()
        finally:
            self._end_all()
        return Outcome(
            history=self._history,
            breach=breach,
            lines=tuple(self._stage.lines),
            digest=self._digest(),
        )

    def _breach(self) -> Breach | None:
        self._scheduler.start(self._world.open_business())
        self._scheduler.settle()
        for number, random in self._history.randoms():
            decision = self._swarm.decision(number, random)
            self._scheduler.chance = self._world.faults.chance = random
            self._world.begin_step(number, pause_ms=decision.pause_ms)
            self._begin(self._named[decision.action], decision)
            self._run(decision.turns)
            for promise, what in self._faults():
                return Breach(promise=promise, what=what, step=number)
        return self._breach_at_rest()

    def _breach_at_rest(self) -> Breach | None:
        chance = random_of(self._history.seed, "rest")
        self._scheduler.chance = self._world.faults.chance = chance
        self._world.begin_step(0, pause_ms=0)
        adrift = self._watch.is_adrift
        rest = Rest(self._world, self._begin, has_work=self._has_work, is_adrift=adrift)
        for _ in rest.rounds():
            self._scheduler.settle()
            self._told += self._world.post_events()
            for promise, what in self._faults():
                return Breach(promise=promise, what=what, step=None)
        for promise, what in self._watch.at_rest():
            return Breach(promise=promise, what=what, step=None)
        if not rest.is_at_rest():
            return Breach(promise=NOTHING_FORGOTTEN, what="there is no end of work", step=None)
        for what in self._drifts():
            return Breach(promise=NOTHING_TO_MEND, what=what, step=None)
        return None

    def _drifts(self) -> tuple[str, ...]:
        """Reconcile, and return what that finds."""
        world = self._world
        looking = self._scheduler.start(
            drifts_left(world.ports(LAST_LOOK), world.terms, since=world.swarm.start)
        )
        self._scheduler.settle()
        try:
            found: tuple[str, ...] = looking.result()
        except DomainError as error:
            return (f"reconciling fails: {error.code}",)
        return found

    def _begin(self, action: Action, decision: Decision) -> None:
        task = self._scheduler.start(self._stage.play(action, decision))
        self._world.running.append(Running(decision.number, action.process, task))

    def _run(self, turns: int) -> None:
        self._turns += self._scheduler.run_turns(turns)
        self._told += self._world.post_events()

    def _faults(self) -> Iterator[Fault]:
        yield from self._stage.faults
        if self._looked_at != (changes := (self._world.commits, self._told)):
            self._looked_at = changes
            yield from self._watch.after_step()

    def _has_work(self) -> bool:
        """Tell whether an effect is due, or a booking or its next slot is not paid yet."""
        database = self._store.database
        due = database.effects.keys_where("state", EffectState.DUE)
        return bool(
            any(not waits_for_its_day(database.effects.rows[key].effect) for key in due)
            or database.bookings.keys_where("status", BookingStatus.PENDING)
            or database.reschedules.keys_where("state", RescheduleState.PENDING)
            or self._watch.is_waiting()
        )

    def _end_all(self) -> None:
        """Let nothing that was begun outlive the run."""
        for each in self._world.running:
            each.task.cancel()
        self._scheduler.settle()
        self._scheduler.close()

    def _digest(self) -> str:
        told = sha256()
        for line in self._stage.lines:
            told.update(f"{line}\n".encode())
        database = self._store.database
        tables: tuple[Table[Any, Any], ...] = (
            database.bookings,
            database.payments,
            database.attempts,
            database.refunds,
            database.reschedules,
            database.courier_tasks,
            database.documents,
            database.disputes,
            database.ledger_entries,
            database.code_uses,
            database.crews,
            database.effects,
            database.messages,
            database.provider_events,
            database.staff_acts,
            database.customers,
            database.registrations,
            database.payment_methods,
            database.webhook_deliveries,
        )
        for table in tables:
            for row in table.rows.values():
                told.update(f"{row}\n".encode())
        told.update(f"{self._turns}".encode())
        return told.hexdigest()
