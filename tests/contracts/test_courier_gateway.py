"""The courier port, in memory and as Onfleet's API over HTTP."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta

import pytest

from tests.adapters.onfleet.courier_orders import task_order
from tests.builders import NOW, PICKUP_AT, an_id
from tests.contracts.courier_worlds import (
    CourierWorld,
    MemoryCourierWorld,
    onfleet_sandbox_world,
)
from totetaxi_core.logistics.courier_gateway import (
    CourierRefusedError,
    CourierTaskNotFoundError,
    CourierUnavailableError,
    ProviderTask,
)
from totetaxi_core.logistics.courier_task import OPEN, CourierTaskStatus, Leg

SECOND = timedelta(seconds=1)
EVERY = tuple(CourierTaskStatus)


@pytest.fixture(params=["memory", "onfleet-sandbox"])
async def world(request: pytest.FixtureRequest) -> AsyncIterator[CourierWorld]:
    if request.param == "memory":
        yield MemoryCourierWorld()
        return
    async with onfleet_sandbox_world(request.getfixturevalue("database_url")) as sandbox:
        yield sandbox


async def driven(world: CourierWorld, *on_the_way: CourierTaskStatus) -> ProviderTask:
    """Return a new task that went this way."""
    made = await world.gateway.create_task(task_order())
    for status in on_the_way:
        world.clock.advance(SECOND)
        await world.drive(made.id, status)
    return await world.gateway.get_task(made.id)


async def test_given_an_order_when_its_tasks_are_made_then_they_are_ours_and_can_be_found(
    world: CourierWorld,
) -> None:
    pickup_order = task_order()

    pickup = await world.gateway.create_task(pickup_order)
    dropoff = await world.gateway.create_task(
        task_order(
            booking_id=pickup_order.booking_id,
            leg=Leg.DROPOFF,
            after_onfleet_task_id=pickup.id,
            phone=None,
        )
    )

    assert (pickup.status, pickup.worker_id) == (CourierTaskStatus.CREATED, None)
    assert (pickup.task_id, pickup.booking_id, pickup.leg) == (
        pickup_order.task_id,
        pickup_order.booking_id,
        Leg.PICKUP,
    )
    assert (pickup.window_start_at, pickup.window_end_at) == (
        pickup_order.window_start_at,
        pickup_order.window_end_at,
    )
    assert pickup.created_at == NOW
    assert pickup.short_id
    assert pickup.tracking_url.startswith("http")
    assert (dropoff.leg, dropoff.booking_id) == (Leg.DROPOFF, pickup_order.booking_id)
    assert await world.gateway.find_task(pickup_order.task_id) == pickup
    assert await world.gateway.get_task(pickup.id) == pickup
    assert await world.gateway.find_task(an_id()) is None
    await world.gateway.check()


async def test_given_a_create_without_an_answer_when_looked_up_then_it_is_known_whether_it_acted(
    world: CourierWorld,
) -> None:
    lost, made = task_order(), task_order()

    await world.lose_next_call(acts=False)
    with pytest.raises(CourierUnavailableError):
        await world.gateway.create_task(lost)
    await world.lose_next_call(acts=True)
    with pytest.raises(CourierUnavailableError):
        await world.gateway.create_task(made)

    assert await world.gateway.find_task(lost.task_id) is None
    found = await world.gateway.find_task(made.task_id)
    assert found is not None
    # Why a lookup comes first: a repetition makes a second one.
    world.clock.advance(SECOND)
    again = await world.gateway.create_task(made)
    assert again.id != found.id
    assert await world.gateway.find_task(made.task_id) == found


async def test_given_a_task_when_updated_then_it_has_the_new_window(world: CourierWorld) -> None:
    order = task_order()
    made = await world.gateway.create_task(order)
    later = PICKUP_AT + timedelta(days=2)
    place = replace(order.address, address_line_1="1 Main St", point=None)
    moved = replace(
        order, window_start_at=later, window_end_at=later + timedelta(hours=1), address=place
    )

    world.clock.advance(SECOND)
    updated = await world.gateway.update_task(made.id, moved)
    again = await world.gateway.update_task(made.id, moved)

    assert (updated.window_start_at, updated.window_end_at) == (later, later + timedelta(hours=1))
    assert (updated.id, updated.task_id) == (made.id, order.task_id)
    assert updated.changed_at > made.changed_at
    assert again.window_start_at == later


async def test_given_drivers_when_a_task_is_assigned_then_it_is_that_driver_s(
    world: CourierWorld,
) -> None:
    made = await world.gateway.create_task(task_order())

    workers = await world.gateway.list_workers()
    first = next(one for one in workers if one.is_on_duty)
    assigned = await world.gateway.assign_task(made.id, first.id)

    assert [one.name for one in workers] == sorted(one.name for one in workers)
    assert {one.name: one.is_on_duty for one in workers}["Grace Lin"] is False
    assert (assigned.status, assigned.worker_id) == (CourierTaskStatus.ASSIGNED, first.id)
    with pytest.raises(CourierRefusedError):
        await world.gateway.assign_task(made.id, "nobody~000000000000000000")
    with pytest.raises(CourierTaskNotFoundError):
        await world.gateway.assign_task("nothing~0000000000000000", first.id)


async def test_given_a_delivery_when_completed_then_the_proof_can_be_read(
    world: CourierWorld,
) -> None:
    done = await driven(
        world, CourierTaskStatus.ASSIGNED, CourierTaskStatus.ACTIVE, CourierTaskStatus.COMPLETED
    )

    proof = await world.gateway.read_proof(done.photo_ids[0])

    assert (done.status, done.failure_reason) == (CourierTaskStatus.COMPLETED, "")
    assert (done.driver_notes, done.worker_id is not None) == ("Left with the doorman", True)
    assert done.started_at == NOW + 2 * SECOND
    assert done.completed_at == NOW + 3 * SECOND
    assert proof.content_type == "image/png"
    assert proof.content.startswith(b"\x89PNG")
    with pytest.raises(CourierTaskNotFoundError):
        await world.gateway.read_proof("0123456789abcdef01234567")
    for change in (
        world.gateway.update_task(done.id, task_order()),
        world.gateway.delete_task(done.id),
        world.gateway.complete_task(done.id, success=True, notes=""),
    ):
        with pytest.raises(CourierRefusedError):
            await change


async def test_given_a_task_under_way_when_changed_then_only_its_notes_and_its_end_can_be(
    world: CourierWorld,
) -> None:
    active = await driven(world, CourierTaskStatus.ASSIGNED, CourierTaskStatus.ACTIVE)
    assert active.worker_id is not None

    moved = task_order(window_start_at=PICKUP_AT + timedelta(days=1), notes="Gate code 12")
    updated = await world.gateway.update_task(active.id, moved)

    assert updated.window_start_at == active.window_start_at
    with pytest.raises(CourierRefusedError):
        await world.gateway.delete_task(active.id)
    with pytest.raises(CourierRefusedError):
        await world.gateway.assign_task(active.id, active.worker_id)
    await world.gateway.complete_task(active.id, success=False, notes="Nobody home")
    ended = await world.gateway.get_task(active.id)
    assert ended.status is CourierTaskStatus.FAILED
    assert "Nobody home" in f"{ended.driver_notes} {ended.failure_reason}"


async def test_given_a_driver_who_fails_when_read_then_it_is_no_delivery(
    world: CourierWorld,
) -> None:
    failed = await driven(
        world, CourierTaskStatus.ASSIGNED, CourierTaskStatus.ACTIVE, CourierTaskStatus.FAILED
    )

    assert failed.status is CourierTaskStatus.FAILED
    assert "NOBODY_HOME" in failed.failure_reason


async def test_given_a_task_when_deleted_then_it_is_gone_and_a_second_time_is_fine(
    world: CourierWorld,
) -> None:
    ours, theirs = task_order(), task_order()
    made = await world.gateway.create_task(ours)
    removed = await world.gateway.create_task(theirs)

    await world.gateway.delete_task(made.id)
    await world.gateway.delete_task(made.id)
    await world.remove(removed.id)

    for gone, order in ((made, ours), (removed, theirs)):
        with pytest.raises(CourierTaskNotFoundError):
            await world.gateway.get_task(gone.id)
        with pytest.raises(CourierTaskNotFoundError):
            await world.gateway.update_task(gone.id, order)
        with pytest.raises(CourierTaskNotFoundError):
            await world.gateway.complete_task(gone.id, success=True, notes="")
        assert await world.gateway.find_task(order.task_id) is None


async def test_given_many_tasks_when_listed_then_all_since_then_in_the_states_asked_for(
    world: CourierWorld,
) -> None:
    made = [await world.gateway.create_task(task_order()) for _ in range(4)]
    world.clock.advance(SECOND)
    late = await world.gateway.create_task(task_order())
    for status in (CourierTaskStatus.ASSIGNED, CourierTaskStatus.ACTIVE, CourierTaskStatus.FAILED):
        await world.drive(made[0].id, status)

    open_ones = await world.gateway.list_tasks(since=NOW, statuses=OPEN)
    newer = await world.gateway.list_tasks(since=NOW + SECOND, statuses=EVERY)
    failed = await world.gateway.list_tasks(since=NOW, statuses=[CourierTaskStatus.FAILED])
    completed = await world.gateway.list_tasks(since=NOW, statuses=[CourierTaskStatus.COMPLETED])

    assert {one.id for one in open_ones} == {*(one.id for one in made[1:]), late.id}
    # What is over counts by its end.
    assert {one.id for one in newer} == {late.id, made[0].id}
    assert ([one.id for one in failed], completed) == ([made[0].id], ())
