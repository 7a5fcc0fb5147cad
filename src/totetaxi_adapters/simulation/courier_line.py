"""The courier service at the end of a bad line, with drivers of its own."""

import asyncio
from collections.abc import Callable
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, TypeVar
from uuid import UUID

from totetaxi_adapters.memory.couriers import MemoryCourierGateway
from totetaxi_adapters.simulation.faults import Faults
from totetaxi_adapters.simulation.task_board import TaskBoard
from totetaxi_core.clock import Clock
from totetaxi_core.ids import IdSource
from totetaxi_core.logistics.claim_task import UNCERTAIN
from totetaxi_core.logistics.courier_gateway import (
    CourierEvent,
    CourierRefusedError,
    CourierUnavailableError,
    CourierWorker,
    ProviderTask,
    TaskOrder,
)
from totetaxi_core.logistics.courier_task import Leg

Answer = TypeVar("Answer")

ACTS_WITHIN_S: Final = 70  # of a create whose answer nobody waits for any more
WAYS: Final = (1, 1, 1, 2, 5, 30)  # turns of others: an answer may be overtaken by the next
DRIVERS: Final = ("Ann", "Ben", "Cleo")
BEGUN_AT: ContextVar[datetime] = ContextVar("BEGUN_AT")
"""When the step began that is calling."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Late:
    """A create that is still on its way to the courier."""

    due_at: datetime
    act: Callable[[], ProviderTask]


class CourierLine(MemoryCourierGateway):
    """Others go on while a question travels, and again while its answer does; either may be lost.

    A create may act after its caller has given up, or died. `excused` are the legs for which one
    acted so late that the courier may have two tasks for a while. A task that another one must
    follow is not deleted before that.
    """

    def __init__(self, *, ids: IdSource, clock: Clock, faults: Faults) -> None:
        super().__init__(ids=ids, clock=clock)
        self._faults, self._now = faults, clock
        self.tasks = self.board = TaskBoard()
        self.excused: set[tuple[UUID, Leg]] = set()
        self._late: list[_Late] = []
        self.workers = [
            CourierWorker(id=name.lower(), name=name, is_on_duty=True) for name in DRIVERS
        ]

    async def create_task(self, order: TaskOrder) -> ProviderTask:
        """Create the task, maybe after whoever asked has given up.

        Raises:
            CourierUnavailableError: there is no answer.
        """
        begun_at = BEGUN_AT.get()

        def act() -> ProviderTask:
            if self._now() > begun_at + UNCERTAIN:
                self.excused.add((order.booking_id, order.leg))
            return self._create(order)

        if self._faults.acts_late():
            await asyncio.sleep(0)
            self._act_later(act)
            raise CourierUnavailableError("no answer yet")
        try:
            return await self._answer(act)
        except asyncio.CancelledError:
            if self._faults.acts_late():
                self._act_later(act)
            raise

    def catch_up(self) -> None:
        """Let what was under way for long enough act now."""
        due = [each for each in self._late if each.due_at <= self._now()]
        for each in sorted(due, key=lambda one: one.due_at):
            self._late.remove(each)
            each.act()

    def end_delays(self) -> None:
        """Let whatever is still under way act now."""
        for each in self._late:
            each.act()
        self._late.clear()

    def take_events(self) -> tuple[CourierEvent, ...]:
        """Return what changed since it was asked last."""
        return self.board.take_events()

    def _act_later(self, act: Callable[[], ProviderTask]) -> None:
        late = timedelta(seconds=int(self._faults.chance.random() ** 2 * ACTS_WITHIN_S))
        self._late.append(_Late(due_at=self._now() + late, act=act))

    async def _answer(self, act: Callable[[], Answer]) -> Answer:
        await asyncio.sleep(0)
        self.catch_up()
        outage = self._faults.courier_outage()
        if outage is not None:
            self.outages.plan(outage)
        answer = await super()._answer(act)
        for _ in range(self._faults.chance.choice(WAYS)):
            await asyncio.sleep(0)  # the answer is under way: what it says may have changed since
        return answer

    def _delete(self, onfleet_task_id: str) -> None:
        for task_id, order in self.orders.items():
            if order.after_onfleet_task_id == onfleet_task_id and task_id in self.tasks:
                raise CourierRefusedError(f"{task_id} depends on {onfleet_task_id}")
        super()._delete(onfleet_task_id)
