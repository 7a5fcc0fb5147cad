"""What rested before anybody could create tasks leaves for pickups to come, never for past ones."""

from dataclasses import replace

from tests.builders import PICKUP_AT, an_id
from tests.core.logistics.courier_house import CourierHouse, a_courier_house
from totetaxi_core.logistics.check_tasks import check_tasks
from totetaxi_core.logistics.courier_task import CourierTaskStatus
from totetaxi_core.outbox.owed_effect import EffectKind, EffectState

CREATE = EffectKind.CREATE_COURIER_TASKS


async def a_resting_house() -> CourierHouse:
    """Return a house whose booking's tasks are owed as they were before."""
    house = await a_courier_house()
    await house.house.work_off()
    house.couriers.tasks.clear()
    database = house.house.database
    database.courier_tasks.publish(dict.fromkeys(database.courier_tasks.rows))
    [effect] = house.house.effects(CREATE)
    resting = replace(effect, state=EffectState.WAITING, done_at=None, attempts=0)
    row = database.effects.rows[effect.id]
    database.effects.publish({effect.id: row._replace(effect=resting, job_at=None)})
    return house


async def look_after(house: CourierHouse) -> int:
    """Do as the worker does: one round, the sweep, and what is owed."""
    done = await check_tasks(house.house.ports, house.house.terms, limit=9)
    async with house.house.ports.unit_of_work() as uow:
        await uow.outbox.defer_due(now=house.house.clock(), limit=9)
        await uow.commit()
    await house.house.work_off()
    return done.woken


async def test_given_a_pickup_to_come_when_the_worker_looks_then_its_tasks_leave() -> None:
    house = await a_resting_house()

    woken = [await look_after(house), await look_after(house)]

    assert woken == [1, 0]
    assert house.statuses() == [CourierTaskStatus.CREATED] * 2
    assert len(house.couriers.tasks) == 2


async def test_given_a_pickup_that_is_past_when_the_worker_looks_then_nothing_leaves() -> None:
    house = await a_resting_house()
    house.house.clock.set(PICKUP_AT)

    woken = await look_after(house)

    [effect] = house.house.effects(CREATE)
    assert (woken, effect.state, effect.attempts) == (1, EffectState.DONE, 0)
    assert house.couriers.tasks == {}
    assert house.alerts() == []


async def test_given_a_booking_that_is_gone_when_the_worker_looks_then_nothing_leaves() -> None:
    house = await a_resting_house()
    [effect] = house.house.effects(CREATE)
    row = house.house.database.effects.rows[effect.id]
    lost = replace(effect, payload={"booking_id": str(an_id())})
    house.house.database.effects.publish({effect.id: row._replace(effect=lost)})

    await look_after(house)

    assert house.house.effects(CREATE)[0].state is EffectState.DONE
