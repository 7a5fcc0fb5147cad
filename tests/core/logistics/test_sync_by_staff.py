"""Looks at the courier's tasks that staff ask for."""

from datetime import timedelta

import pytest

from tests.core.logistics.courier_house import a_driven_house
from totetaxi_adapters.memory.outage import Outage
from totetaxi_core.logistics.courier_gateway import CourierUnavailableError
from totetaxi_core.logistics.courier_task import CourierTaskStatus, Leg
from totetaxi_core.logistics.sync_by_staff import SyncRound, sync_one, sync_open
from totetaxi_core.payments.payable import PaymentUnderWayError

SECOND = timedelta(seconds=1)


async def test_given_a_change_at_the_courier_when_synced_then_it_is_told_and_on_record() -> None:
    own = await a_driven_house()
    house, task = own.house, own.task(Leg.DROPOFF)
    own.drive(Leg.DROPOFF, CourierTaskStatus.ASSIGNED, worker_id="w")

    look = await sync_one(task.id, house.ports, house.terms, staff_name="dana")
    again = await sync_one(task.id, house.ports, house.terms, staff_name="dana")

    assert (look.before.status, look.after.status) == ("created", "assigned")
    assert (look.changed, again.changed) == (("status",), ())
    act = house.acts()[0]
    assert (act.staff_name, act.booking_id, act.subject) == (
        "dana",
        own.booking_id,
        f"courier_task:{task.id}",
    )
    assert (act.before, act.after) == ({"status": "created"}, {"status": "assigned"})


async def test_given_a_slow_courier_when_all_are_synced_then_the_rest_is_told() -> None:
    own = await a_driven_house()
    house = own.house

    async def pass_time() -> None:
        house.clock.advance(5 * SECOND)

    own.couriers.before("get", pass_time)
    shown: list[tuple[int, int]] = []

    ended = await sync_open(
        house.ports,
        house.terms,
        staff_name="dana",
        limit=9,
        within=5 * SECOND,
        on_progress=lambda done, total: shown.append((done, total)),
    )

    assert ended == SyncRound(synced=1, changed=0, refused=0, left=1)
    assert shown == [(1, 2)]


async def test_given_a_booking_that_cannot_follow_when_all_are_synced_then_the_others_are() -> None:
    own = await a_driven_house()
    house = own.house

    async def refuse() -> None:
        raise PaymentUnderWayError("somebody keeps rescheduling this booking")

    own.couriers.before("get", refuse)
    ended = await sync_open(house.ports, house.terms, staff_name="dana", limit=9)
    own.couriers.outages.plan(Outage.BEFORE_ACTING)
    with pytest.raises(CourierUnavailableError):
        await sync_open(house.ports, house.terms, staff_name="dana", limit=9)

    assert ended == SyncRound(synced=2, changed=0, refused=1, left=0)
    assert [one.action_type for one in house.acts()] == ["courier_tasks_synced"]
