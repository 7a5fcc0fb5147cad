"""From a registered webhook to the look that is owed: adapter, sandbox and service over HTTP."""

import asyncio

import pytest

from tests.adapters.onfleet.courier_orders import task_order
from tests.adapters.sandbox.serving import DEADLINE_S, serving
from tests.builders import PICKUP_AT
from tests.contracts.courier_worlds import SECRET, onfleet_sandbox_world
from tests.core.bookings.memory_house import MemoryHouse, a_house
from tests.http.service import service_app
from totetaxi_adapters.onfleet import OnfleetEventReader
from totetaxi_core.logistics.courier_gateway import CourierRefusedError, ProviderTask, TaskOrder
from totetaxi_core.logistics.courier_task import CourierTask, CourierTaskStatus
from totetaxi_core.outbox.owed_effect import EffectKind

PATH = "/api/logistics/webhook/"


async def kept(house: MemoryHouse, order: TaskOrder, made: ProviderTask) -> CourierTask:
    """Store the task as ours."""
    booking, now = await house.book_without_intent(), house.clock()
    task = CourierTask(
        id=order.task_id,
        booking_id=booking.id,
        leg=order.leg,
        status=CourierTaskStatus.CREATED,
        window_start_at=PICKUP_AT,
        window_end_at=PICKUP_AT,
        created_at=now,
        updated_at=now,
        onfleet_task_id=made.id,
    )
    async with house.ports.unit_of_work() as uow:
        await uow.courier_tasks.add(task)
        await uow.commit()
    return task


async def test_given_our_service_when_registered_then_a_driver_s_start_has_us_look_at_the_task(
    database_url: str,
) -> None:
    house, app, order = await a_house(), service_app(RATELIMIT_ENABLE="false"), task_order()
    app.state.update({"ports": house.ports, "courier_events": OnfleetEventReader(SECRET)})
    async with serving(app) as url, onfleet_sandbox_world(database_url) as world:
        registered = await world.gateway.register_webhooks(f"{url}{PATH}")
        again = await world.gateway.register_webhooks(f"{url}{PATH}")
        with pytest.raises(CourierRefusedError, match="1008"):
            await world.gateway.register_webhooks(f"{url}/health/")
        task = await kept(house, order, await world.gateway.create_task(order))

        await world.drive(task.onfleet_task_id or "", CourierTaskStatus.ACTIVE)
        async with asyncio.timeout(DEADLINE_S):
            while not house.effects(EffectKind.SYNC_COURIER_TASK):  # noqa: ASYNC110  it tells nobody
                await asyncio.sleep(0.02)

    assert again == registered
    assert {one.kind for one in registered} >= {"taskStarted", "taskCompleted", "taskFailed"}
    looks = house.effects(EffectKind.SYNC_COURIER_TASK)
    assert {one.payload["courier_task_id"] for one in looks} == {str(task.id)}
