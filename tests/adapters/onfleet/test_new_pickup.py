"""A pickup made anew, against the sandbox: the drop-off that stood waits for it from then on."""

from dataclasses import replace

from tests.adapters.onfleet.courier_orders import FreePace
from tests.adapters.sandbox.onfleet.onfleet_server import KEY, running_onfleet
from tests.core.logistics.courier_house import a_courier_house
from totetaxi_adapters.onfleet import OnfleetCourierGateway
from totetaxi_core.logistics.courier_task import Leg
from totetaxi_core.logistics.create_tasks import create_tasks


async def test_given_a_pickup_deleted_there_when_made_anew_then_the_dropoff_waits_for_the_new_one(
    database_url: str,
) -> None:
    house = await a_courier_house()
    async with running_onfleet(database_url) as onfleet:
        clock = house.house.clock
        gateway = OnfleetCourierGateway(KEY, base_url=onfleet.api_url, pace=FreePace(), clock=clock)
        ports = house.house.ports = replace(house.house.ports, couriers=gateway)
        await house.create()
        gone, dropoff = (house.task(leg).onfleet_task_id or "" for leg in Leg)
        await onfleet.ask("PUT", f"/tasks/{dropoff}", {"dependencies": []})
        await onfleet.ask("DELETE", f"/tasks/{gone}")
        await house.sync()

        clock.advance(house.house.terms.hold)
        await create_tasks(house.booking_id, ports, house.house.terms, staff_name="lou")

        pickup = house.task(Leg.PICKUP).onfleet_task_id or ""
        early = await onfleet.move(dropoff, "active")
        await onfleet.moved(pickup, "completed")
        second = await onfleet.moved(dropoff, "active")
        await gateway.close()

    assert pickup != gone
    assert second["dependencies"] == [pickup]
    assert early.status_code == 400
    assert house.alerts() == ["courier_task_lost"]
