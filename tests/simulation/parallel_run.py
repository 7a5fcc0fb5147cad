"""The same histories once more: real connections to PostgreSQL, as many acts at once as come."""

import asyncio
from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import count, islice

from tests.simulation.postgres_store import PostgresStore
from totetaxi_adapters.simulation.action import Action
from totetaxi_adapters.simulation.actors import ACTIONS
from totetaxi_adapters.simulation.history import Decision, History, random_of
from totetaxi_adapters.simulation.promises.reconciled import drifts_left
from totetaxi_adapters.simulation.rest import Rest
from totetaxi_adapters.simulation.simulation import NOTHING_TO_MEND
from totetaxi_adapters.simulation.stage import Stage
from totetaxi_adapters.simulation.swarm import Swarm
from totetaxi_adapters.simulation.tale import Line
from totetaxi_adapters.simulation.watch import Fault, Watch
from totetaxi_adapters.simulation.world import Running, World
from totetaxi_core.bookings.booking_status import BookingStatus

AT_ONCE = 8
WORK_FROM = 2_000_000
WORK = "worker does what is owed"
STEP_S = 0.002  # long enough for a step to meet others half way
END_OF_TIME = datetime(9999, 1, 1, tzinfo=UTC)
NAMED = {each.name: each for each in ACTIONS}


async def no_pause(_seconds: float) -> None:
    """Let nobody think: real seconds are too dear."""
    await asyncio.sleep(0)


class ParallelRun:
    """One history. The steps are its own; how they interleave is up to the machine."""

    def __init__(self, history: History, store: PostgresStore) -> None:
        self._history, self._store = history, store
        self._swarm = Swarm.of(history.seed, ACTIONS)
        self._world = World(history.seed, self._swarm, store, pause=no_pause)
        self._stage = Stage(self._world)
        self._is_pending = True
        self._numbers = count(WORK_FROM)

    @property
    def lines(self) -> tuple[Line, ...]:
        return tuple(self._stage.lines)

    async def faults(self) -> list[Fault]:
        """Run it to its rest, and return each promise that does not hold then."""
        await self._world.open_business()
        for number, random in self._history.randoms():
            decision = self._swarm.decision(number, random)
            self._world.faults.chance = random
            self._world.begin_step(number, pause_ms=decision.pause_ms)
            self._begin(NAMED[decision.action], decision)
            await self._run(at_most=0 if decision.turns > AT_ONCE else AT_ONCE)
        await self._come_to_rest()
        return list(await self._seen())

    async def _come_to_rest(self) -> None:
        self._world.faults.chance = random_of(self._history.seed, "rest")
        rest = Rest(self._world, self._begin, has_work=self._has_work, is_adrift=lambda: True)
        await self._store.look_for_work()
        for _ in rest.rounds():
            await self._run(at_most=0)
            await self._work_off()
            async with self._store.unit_of_work() as uow:
                pending = await uow.bookings.page(status=BookingStatus.PENDING, after=None, limit=1)
                moving = await uow.reschedules.lapsed(at=END_OF_TIME, limit=1)
            self._is_pending = bool(pending or moving)

    async def _work_off(self) -> None:
        """Do what is due while no sweep holds it: an effect that is locked is passed over."""
        await self._store.look_for_work()
        for number in islice(self._numbers, self._store.jobs()):
            draws = (number, number, number)
            decision = Decision(number=number, action=WORK, draws=draws, turns=0, pause_ms=0)
            self._begin(NAMED[WORK], decision)
        await self._run(at_most=0)
        await self._store.look_for_work()

    async def _seen(self) -> Iterator[Fault]:
        books = self._world.books(await self._store.read())
        watch = Watch(books)
        world = self._world
        drifts = await drifts_left(world.ports(0), world.terms, since=world.swarm.start)
        left = ((NOTHING_TO_MEND, what) for what in drifts)
        return iter((*self._stage.faults, *watch.at_rest(), *left))

    def _begin(self, action: Action, decision: Decision) -> None:
        task = asyncio.create_task(self._stage.play(action, decision))
        self._world.running.append(Running(decision.number, action.process, task))

    async def _run(self, *, at_most: int) -> None:
        """Let a moment pass, and go on once at most so many are still at it."""
        world = self._world
        tasks = {each.task for each in world.running}
        if tasks:
            await asyncio.wait(tasks, timeout=STEP_S)
        while (
            len(pending := [each.task for each in world.running if not each.task.done()]) > at_most
        ):
            await asyncio.wait(pending, return_when=asyncio.FIRST_COMPLETED)
        world.post_events()

    def _has_work(self) -> bool:
        return self._is_pending or self._store.jobs() > 0
