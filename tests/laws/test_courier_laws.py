"""Whatever is said in whatever order, and whoever dies in between: one task a leg, one same end."""

import asyncio
from collections import Counter
from collections.abc import Sequence
from datetime import timedelta
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from tests.core.logistics.courier_house import CourierHouse, a_courier_house
from totetaxi_adapters.memory.outage import Outage
from totetaxi_core.bookings.booking_status import BookingStatus
from totetaxi_core.logistics.courier_gateway import CourierEvent
from totetaxi_core.logistics.courier_task import CourierTaskStatus, Leg
from totetaxi_core.logistics.take_courier_event import take_courier_event
from totetaxi_core.notifications.message import MessageKind
from totetaxi_core.outbox.owed_effect import EffectKind
from totetaxi_core.outbox.perform_effect import LEASE, perform_effect

STATUS = CourierTaskStatus
MOVES = (STATUS.ASSIGNED, STATUS.ACTIVE, STATUS.COMPLETED)
FAULTS = st.sampled_from([None, None, Outage.BEFORE_ACTING, Outage.AFTER_ACTING])
DEATHS = st.lists(st.sampled_from(["create", "find", "get", "delete", "update"]), max_size=3)
COURIER_KINDS = {
    EffectKind.CREATE_COURIER_TASKS,
    EffectKind.CANCEL_COURIER_TASKS,
    EffectKind.RESCHEDULE_COURIER_TASKS,
    EffectKind.SYNC_COURIER_TASK,
}


class Driving:
    """A house that is driven while calls fail and workers die."""

    def __init__(self, house: CourierHouse, faults: Sequence[Outage | None]) -> None:
        self.house = house
        self.events = 0
        house.couriers.outages.plan(*faults)

    def kill_at(self, calls: Sequence[str]) -> None:
        async def die() -> None:
            raise asyncio.CancelledError

        for call in calls:
            self.house.couriers.before(call, die)

    async def work(self) -> None:
        """Perform what is due now, each effect once; a worker that dies leaves its lease."""
        house = self.house.house
        rows = list(house.database.effects.rows.values())
        for row in rows:
            if row.effect.kind in COURIER_KINDS:
                task = asyncio.ensure_future(
                    perform_effect(row.effect.id, house.ports, house.terms)
                )
                await asyncio.wait([task])
                assert task.cancelled() or task.exception() is None

    async def rest(self) -> None:
        """Let nothing go wrong any more, and all that is owed be done."""
        self.house.couriers.outages.end()
        for _ in range(12):
            self.house.house.clock.advance(max(LEASE, timedelta(minutes=3)))
            await self.work()

    async def tell(self, leg: Leg, *, times: int) -> None:
        """Deliver so many different events of the leg's task, if we know it by now."""
        task = next((each for each in self.house.tasks() if each.leg is leg), None)
        for _ in range(times):
            self.events += 1
            event = CourierEvent(
                key=f"event-{self.events}",
                kind="taskUpdated",
                onfleet_task_id=task.onfleet_task_id if task else None,
            )
            await take_courier_event(event, self.house.house.ports)


def one_task_a_leg(house: CourierHouse) -> bool:
    legs = Counter(task.leg for task in house.couriers.tasks.values())
    return legs == Counter(Leg)


@given(
    faults=st.lists(FAULTS, max_size=8),
    deaths=DEATHS,
    order=st.randoms(use_true_random=False),
    times=st.lists(st.integers(0, 3), min_size=6, max_size=6),
    works=st.lists(st.booleans(), min_size=6, max_size=6),
)
def test_given_faults_deaths_and_any_events_when_driven_then_each_leg_is_made_and_ends_once(
    faults: list[Outage | None],
    deaths: list[str],
    order: Random,
    times: list[int],
    works: list[bool],
) -> None:
    async def history() -> CourierHouse:
        house = await a_courier_house()
        driving = Driving(house, faults)
        driving.kill_at(deaths)
        await driving.work()
        await driving.rest()
        assert one_task_a_leg(house)
        steps = [(leg, status) for leg in Leg for status in MOVES]
        for number, (leg, status) in enumerate(steps):
            house.drive(leg, status)
            await driving.tell(order.choice(list(Leg)), times=times[number])
            if works[number]:
                await driving.work()
        for leg in Leg:
            await driving.tell(leg, times=1)
        await driving.rest()
        return house

    house = asyncio.run(history())

    assert one_task_a_leg(house)
    assert house.statuses() == [STATUS.COMPLETED] * 2
    assert house.booking.status is BookingStatus.COMPLETED
    assert len(house.words(MessageKind.DELIVERED)) == 1
    assert len(house.words(MessageKind.DRIVER_ON_THE_WAY)) <= len(Leg)
    assert house.alerts() == []
    assert all(house.undone(kind) == [] for kind in COURIER_KINDS)


@given(
    faults=st.lists(FAULTS, max_size=12),
    deaths=DEATHS,
    works=st.lists(st.booleans(), min_size=3, max_size=3),
    begun=st.sampled_from([None, *Leg]),
)
def test_given_faults_and_deaths_when_moved_then_cancelled_then_nothing_not_begun_is_left(
    faults: list[Outage | None], deaths: list[str], works: list[bool], begun: Leg | None
) -> None:
    async def history() -> CourierHouse:
        house = await a_courier_house()
        driving = Driving(house, faults)
        driving.kill_at(deaths)
        if works[0]:
            await driving.work()
        await house.move()
        if works[1]:
            await driving.work()
        if begun in {task.leg for task in house.couriers.tasks.values()} and begun is not None:
            house.drive(begun, STATUS.ACTIVE)
        await house.cancel()
        if works[2]:
            await driving.work()
        await driving.rest()
        return house

    house = asyncio.run(history())

    left = list(house.couriers.tasks.values())
    assert all(task.status is STATUS.ACTIVE for task in left)
    assert len(left) <= 1
    assert house.alerts().count("courier_task_not_cancelled") == len(left)
    assert house.booking.status is BookingStatus.CANCELLED
    assert all(house.undone(kind) == [] for kind in COURIER_KINDS)
