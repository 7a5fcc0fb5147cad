from datetime import time

import pytest

from tests.builders import PICKUP_DATE
from tests.core.bookings.memory_house import MemoryHouse, a_house
from tests.core.logistics.moving_day import a_move, store
from totetaxi_adapters.memory.outage import Outage
from totetaxi_core.bookings.booking import Booking
from totetaxi_core.logistics.courier_gateway import CourierUnavailableError, CourierWorker
from totetaxi_core.logistics.courier_task import CourierTask, CourierTaskStatus, Leg
from totetaxi_core.logistics.create_tasks import create_tasks
from totetaxi_core.logistics.day_plan import DayPlan
from totetaxi_core.logistics.plan_day import plan_day
from totetaxi_core.logistics.push_plan import (
    NoDriverError,
    PushOutcome,
    drivers_of,
    push_plan,
)
from totetaxi_core.refusal import InvalidInputError

DANA = CourierWorker(id="w1", name="Dana Lee", is_on_duty=True)
ANN = CourierWorker(id="w2", name="ann Ox", is_on_duty=True)
OFF = CourierWorker(id="w3", name="Abe Idle", is_on_duty=False)
TWIN = CourierWorker(id="w4", name="Dana Lee", is_on_duty=False)


@pytest.fixture
async def house() -> MemoryHouse:
    made = await a_house()
    made.couriers.workers = [DANA, ANN, OFF]
    return made


async def two_crews(house: MemoryHouse) -> tuple[DayPlan, tuple[Booking, Booking]]:
    """Plan two whole vans at one time."""
    moves = a_move(at=time(8), package="full"), a_move(at=time(9), package="full")
    await store(house, moves)
    return await plan_day(PICKUP_DATE, house.ports, house.terms), moves


async def tasks_of(house: MemoryHouse, booking: Booking) -> dict[Leg, CourierTask]:
    async with house.ports.unit_of_work() as uow:
        return {task.leg: task for task in await uow.courier_tasks.of_booking(booking.id)}


async def pushed(house: MemoryHouse, plan: DayPlan) -> list[tuple[int, Leg, str, PushOutcome]]:
    drivers = drivers_of(plan, await house.couriers.list_workers(), named={})
    done = await push_plan(plan, drivers, house.ports, house.terms, staff_name="maria")
    return [(one.crew, one.leg, one.driver, one.outcome) for one in done]


async def test_given_tasks_at_the_courier_when_pushed_then_each_crew_s_driver_has_its_own(
    house: MemoryHouse,
) -> None:
    plan, (early, late) = await two_crews(house)
    for booking in (early, late):
        await create_tasks(booking.id, house.ports, house.terms)

    done = await pushed(house, plan)
    again = await pushed(house, plan)

    assert done == [
        (1, Leg.PICKUP, "ann Ox", PushOutcome.ASSIGNED),
        (1, Leg.DROPOFF, "ann Ox", PushOutcome.ASSIGNED),
        (2, Leg.PICKUP, "Dana Lee", PushOutcome.ASSIGNED),
        (2, Leg.DROPOFF, "Dana Lee", PushOutcome.ASSIGNED),
    ]
    assert {one[3] for one in again} == {PushOutcome.ALREADY_ASSIGNED}
    assert [task.worker_id for task in house.couriers.tasks.values()] == ["w2", "w2", "w1", "w1"]
    kept = (await tasks_of(house, early))[Leg.PICKUP]
    assert (kept.status, kept.worker_name) == (CourierTaskStatus.ASSIGNED, "ann Ox")


async def test_given_a_push_when_the_record_is_read_then_it_says_who_meant_what(
    house: MemoryHouse,
) -> None:
    plan, (early, _) = await two_crews(house)

    await pushed(house, plan)

    [act] = [one for one in house.acts() if one.action_type == "day_plan_pushed"]
    assert (act.staff_name, act.subject) == ("maria", "day_plan:2026-12-01")
    assert act.after is not None
    assert act.after[f"{early.booking_number} pickup"] == "ann Ox"


async def test_given_tasks_gone_begun_or_never_made_when_pushed_then_each_is_named_for_what_it_is(
    house: MemoryHouse,
) -> None:
    plan, (early, late) = await two_crews(house)
    await create_tasks(early.id, house.ports, house.terms)
    tasks = await tasks_of(house, early)
    house.couriers.remove(str(tasks[Leg.DROPOFF].onfleet_task_id))
    house.couriers.drive(str(tasks[Leg.PICKUP].onfleet_task_id), CourierTaskStatus.ACTIVE)
    drivers = drivers_of(plan, [DANA, ANN], named={})

    done = await push_plan(plan, drivers, house.ports, house.terms, staff_name="maria")

    assert [(one.outcome, one.booking_number) for one in done] == [
        (PushOutcome.REFUSED, early.booking_number),
        (PushOutcome.UNKNOWN, early.booking_number),
        (PushOutcome.UNKNOWN, late.booking_number),
        (PushOutcome.UNKNOWN, late.booking_number),
    ]
    assert [bool(one.detail) for one in done] == [True] * 4
    assert not any(one.outcome.is_done for one in done)


async def test_given_a_courier_that_falls_silent_when_pushed_again_then_only_the_rest_is_done(
    house: MemoryHouse,
) -> None:
    plan, (early, late) = await two_crews(house)
    for booking in (early, late):
        await create_tasks(booking.id, house.ports, house.terms)
    drivers = drivers_of(plan, [DANA, ANN], named={})
    house.couriers.outages.plan(None, None, Outage.BEFORE_ACTING)

    with pytest.raises(CourierUnavailableError):
        await push_plan(plan, drivers, house.ports, house.terms, staff_name="maria")
    again = await push_plan(plan, drivers, house.ports, house.terms, staff_name="maria")

    outcomes = [one.outcome for one in again]
    assert outcomes == [PushOutcome.ALREADY_ASSIGNED] * 2 + [PushOutcome.ASSIGNED] * 2


async def test_given_drivers_when_chosen_then_named_ones_go_first_and_the_others_by_name(
    house: MemoryHouse,
) -> None:
    plan, _ = await two_crews(house)

    by_name = drivers_of(plan, [DANA, ANN, OFF], named={})
    named = drivers_of(plan, [DANA, ANN, OFF], named={1: "dana  lee"})
    by_id = drivers_of(plan, [DANA, ANN, TWIN], named={2: "w4"})

    assert by_name == {1: ANN, 2: DANA}
    assert named == {1: DANA, 2: ANN}
    assert by_id == {1: ANN, 2: TWIN}


async def test_given_drivers_that_cannot_be_when_chosen_then_each_is_refused(
    house: MemoryHouse,
) -> None:
    plan, _ = await two_crews(house)

    with pytest.raises(NoDriverError) as too_few:
        drivers_of(plan, [DANA, OFF], named={})
    with pytest.raises(InvalidInputError) as wrong:
        drivers_of(plan, [DANA, TWIN, ANN], named={1: "Dana Lee", 2: "Nobody", 7: "ann Ox"})
    with pytest.raises(InvalidInputError) as twice:
        drivers_of(plan, [DANA, ANN], named={1: "ann Ox", 2: "w2"})

    assert too_few.value.crews == (2,)
    assert [fault.field for fault in wrong.value.faults] == ["drivers.1", "drivers.2", "drivers.7"]
    assert [fault.code for fault in twice.value.faults] == ["duplicate"]
