"""A booking's tasks are created at the courier's, each once, whatever goes wrong in between."""

import asyncio
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from tests.builders import PICKUP_AT, a_contact
from tests.core.bookings.memory_house import by_staff
from tests.core.logistics.courier_house import CourierHouse, a_courier_house, a_driven_house
from totetaxi_adapters.memory.outage import Outage
from totetaxi_core.bookings.advance_booking import complete_booking, start_booking
from totetaxi_core.logistics.claim_task import CLAIM, UNCERTAIN
from totetaxi_core.logistics.courier_gateway import (
    CourierMisconfiguredError,
    CourierRefusedError,
    CourierUnavailableError,
)
from totetaxi_core.logistics.courier_task import (
    CourierTask,
    CourierTaskBusyError,
    CourierTaskStatus,
    Leg,
)
from totetaxi_core.logistics.create_tasks import NotDrivableError, create_tasks
from totetaxi_core.outbox.owed_effect import EffectKind, EffectState
from totetaxi_core.outbox.perform_effect import perform_effect

BOTH = [Leg.PICKUP, Leg.DROPOFF]
CREATED = [CourierTaskStatus.CREATED] * 2
WAITING = [CourierTaskStatus.WAITING] * 2
HOUR = timedelta(hours=1)


async def perform_create(house: CourierHouse) -> EffectState | None:
    [effect] = house.house.effects(EffectKind.CREATE_COURIER_TASKS)
    return await perform_effect(effect.id, house.house.ports, house.house.terms)


async def as_staff(house: CourierHouse) -> tuple[CourierTask, ...]:
    ports, terms = house.house.ports, house.house.terms
    return await create_tasks(house.booking_id, ports, terms, staff_name="lou")


async def test_given_a_confirmed_booking_when_its_effect_is_performed_then_both_legs_are_linked() -> (  # noqa: E501
    None
):
    house = await a_courier_house()

    state = await perform_create(house)

    pickup, dropoff = house.tasks()
    assert state is EffectState.DONE
    assert house.couriers.calls == ["create", "create"]
    orders = house.couriers.orders
    assert (pickup.onfleet_task_id, dropoff.onfleet_task_id) == tuple(orders)
    first, second = orders.values()
    assert (first.task_id, second.task_id) == (pickup.id, dropoff.id)
    assert (first.after_onfleet_task_id, second.after_onfleet_task_id) == (
        None,
        pickup.onfleet_task_id,
    )
    assert (first.window_start_at, first.window_end_at) == (PICKUP_AT, PICKUP_AT + HOUR)
    assert (second.window_start_at, second.window_end_at) == (PICKUP_AT, PICKUP_AT + 4 * HOUR)
    assert [first.address, second.address] == [
        house.booking.pickup_address,
        house.booking.delivery_address,
    ]
    assert pickup.tracking_url.startswith("https://")
    assert pickup.claimed_until is None


async def test_given_tasks_created_when_asked_again_then_the_courier_hears_nothing() -> None:
    house = await a_driven_house()
    before = house.tasks()

    again = await house.create()

    assert again == before
    assert house.couriers.calls == []


async def test_given_an_answer_lost_when_tried_again_then_the_task_is_found_and_made_once() -> None:
    house = await a_courier_house()
    house.couriers.outages.plan(Outage.AFTER_ACTING)

    with pytest.raises(CourierUnavailableError):
        await house.create()
    in_between = house.statuses()
    house.house.clock.advance(UNCERTAIN)
    await house.create()

    assert in_between == WAITING
    assert house.couriers.calls == ["create", "find", "create"]
    assert [task.leg for task in house.couriers.tasks.values()] == BOTH
    assert house.statuses() == CREATED


@pytest.mark.parametrize(
    ("outage", "expected"),
    [
        (Outage.AFTER_ACTING, CourierTaskStatus.CREATED),
        (Outage.BEFORE_ACTING, CourierTaskStatus.WAITING),
    ],
)
async def test_given_a_failed_pickup_when_a_dropoff_without_answer_is_tried_then_it_is_adopted(
    outage: Outage, expected: CourierTaskStatus
) -> None:
    house = await a_courier_house()
    house.couriers.outages.plan(None, outage)
    with pytest.raises(CourierUnavailableError):
        await house.create()
    house.drive(Leg.PICKUP, CourierTaskStatus.FAILED)
    await house.sync()
    house.house.clock.advance(UNCERTAIN)

    await house.create()

    there = {each.id for each in house.couriers.tasks.values() if each.leg is Leg.DROPOFF}
    assert house.task(Leg.DROPOFF).status is expected
    assert {house.task(Leg.DROPOFF).onfleet_task_id} - {None} == there
    assert house.couriers.calls.count("create") == 2


async def test_given_a_create_without_answer_when_tried_at_once_then_it_is_left_to_arrive() -> None:
    house = await a_courier_house()
    house.couriers.outages.plan(Outage.AFTER_ACTING)
    with pytest.raises(CourierUnavailableError):
        await house.create()

    house.house.clock.advance(UNCERTAIN - timedelta(microseconds=1))
    with pytest.raises(CourierTaskBusyError):
        await house.create()

    assert house.couriers.calls == ["create"]


async def test_given_a_worker_that_died_when_its_claim_ends_then_another_looks_before_it_creates() -> (  # noqa: E501
    None
):
    house = await a_courier_house()

    async def die() -> None:
        raise asyncio.CancelledError

    house.couriers.before("create", die)
    with pytest.raises(asyncio.CancelledError):
        await house.create()

    house.house.clock.advance(CLAIM - timedelta(microseconds=1))
    with pytest.raises(CourierTaskBusyError):
        await house.create()
    house.house.clock.advance(timedelta(microseconds=1))
    await house.create()

    assert house.couriers.calls == ["create", "find", "create", "create"]
    assert house.statuses() == CREATED


async def test_given_another_worker_at_it_when_created_then_the_second_asks_for_nothing() -> None:
    house = await a_courier_house()
    seen: list[str] = []

    async def other_worker() -> None:
        try:
            await house.create()
        except CourierTaskBusyError as refusal:
            seen.append(refusal.code)

    house.couriers.before("create", other_worker)
    await house.create()

    assert seen == ["courier_task_busy"]
    assert house.couriers.calls == ["create", "create"]


async def test_given_the_courier_down_for_an_hour_when_it_returns_then_each_task_appears_once() -> (
    None
):
    house = await a_courier_house()
    clock = house.house.clock
    house.couriers.outages.last(Outage.BEFORE_ACTING)

    for _ in range(6):
        assert await perform_create(house) is EffectState.DUE
        clock.advance(timedelta(minutes=10))
    [owed] = house.house.effects(EffectKind.CREATE_COURIER_TASKS)
    house.couriers.outages.end()
    after = await perform_create(house)

    assert (owed.last_error or "").startswith("courier_unavailable")
    assert after is EffectState.DONE
    assert len(house.couriers.tasks) == 2
    assert house.alerts() == []


async def test_given_an_address_refused_when_created_then_staff_are_told_once_and_it_waits() -> (
    None
):
    house = await a_courier_house()

    async def refuse() -> None:
        raise CourierRefusedError("the address is not found")

    house.couriers.before("create", refuse)
    state = await perform_create(house)

    assert state is EffectState.FAILED
    assert house.alerts() == ["courier_task_refused"]
    assert house.task().refusal == "the address is not found"
    assert house.statuses() == WAITING
    await house.create()
    assert house.statuses() == CREATED
    assert house.task().refusal == ""


async def test_given_a_wrong_key_when_created_then_staff_are_told_and_it_is_tried_again() -> None:
    house = await a_courier_house()

    async def refuse() -> None:
        raise CourierMisconfiguredError("the key is wrong")

    house.couriers.before("create", refuse)
    state = await perform_create(house)
    house.house.clock.advance(timedelta(seconds=5))
    again = await perform_create(house)

    assert (state, again) == (EffectState.DUE, EffectState.DONE)
    assert house.alerts() == ["courier_misconfigured"]


@pytest.mark.parametrize(
    ("at", "window"),
    [
        (
            PICKUP_AT + timedelta(minutes=20),
            (PICKUP_AT + timedelta(minutes=21), PICKUP_AT + HOUR),
        ),
        (
            PICKUP_AT + timedelta(minutes=50),
            (PICKUP_AT + timedelta(minutes=51), PICKUP_AT + timedelta(minutes=81)),
        ),
    ],
)
async def test_given_a_pickup_that_has_begun_when_created_then_its_window_moves_forward(
    at: datetime, window: tuple[datetime, datetime]
) -> None:
    house = await a_courier_house()
    house.house.clock.set(at)

    await house.create()

    order = house.couriers.orders[house.at_courier().id]
    assert (order.window_start_at, order.window_end_at) == window


async def test_given_a_pickup_that_is_past_when_created_then_nothing_is_and_staff_are_refused() -> (
    None
):
    house = await a_courier_house()
    house.house.clock.set(PICKUP_AT + HOUR)

    state = await perform_create(house)

    assert (state, house.tasks(), house.couriers.calls) == (EffectState.DONE, (), [])
    assert house.alerts() == ["courier_task_past"]
    assert (await house.create(), len(house.alerts())) == ((), 1)
    with pytest.raises(NotDrivableError, match="has no drive ahead"):
        await as_staff(house)


async def test_given_a_pickup_past_before_the_courier_returns_when_tried_then_staff_are_told() -> (
    None
):
    house = await a_courier_house()
    house.couriers.outages.plan(Outage.BEFORE_ACTING)
    with pytest.raises(CourierUnavailableError):
        await house.create()
    house.house.clock.set(PICKUP_AT + HOUR)

    await house.create()

    assert house.couriers.tasks == {}
    assert house.alerts() == ["courier_task_past"]
    assert house.statuses() == [CourierTaskStatus.WAITING]


async def test_given_a_booking_without_delivery_when_created_then_it_has_its_pickup_alone() -> None:
    house = await a_courier_house()
    changed = replace(house.booking, delivery_address=None)
    house.house.database.bookings.publish({changed.id: changed})

    await house.create()

    [order] = house.couriers.orders.values()
    assert (order.leg, order.service_minutes) == (
        Leg.PICKUP,
        house.booking.quote.estimated_hours * 60,
    )


async def test_given_a_phone_that_is_none_when_created_then_the_notes_say_whom_to_ask() -> None:
    house = await a_courier_house(contact=replace(a_contact(), phone="12"))

    await house.create()

    order = house.couriers.orders[house.at_courier().id]
    assert order.phone is None
    assert "ask the office" in order.notes
    assert house.booking.booking_number in order.notes
    assert "$" not in order.notes


async def test_given_a_task_deleted_by_a_dispatcher_when_staff_ask_then_there_is_a_new_one() -> (
    None
):
    house = await a_driven_house()
    old = house.task()
    house.couriers.remove(house.at_courier().id)
    await house.sync()
    assert house.alerts() == ["courier_task_lost"]

    await house.create()
    after_retry = house.tasks()
    await as_staff(house)

    assert [task.leg for task in after_retry] == [Leg.DROPOFF]
    new = house.task()
    assert new.id != old.id
    assert new.status is CourierTaskStatus.CREATED
    assert [task.leg for task in house.couriers.tasks.values()] == [Leg.DROPOFF, Leg.PICKUP]
    [act] = house.house.acts()
    assert (act.staff_name, act.action_type) == ("lou", "courier_tasks_created")


async def test_given_no_answer_as_the_dropoff_is_linked_anew_when_time_passes_then_it_is() -> None:
    house = await a_driven_house()
    house.couriers.remove(house.at_courier().id)
    await house.sync()
    house.house.clock.advance(timedelta(minutes=1))
    house.couriers.outages.plan(None, None, Outage.BEFORE_ACTING)

    with pytest.raises(CourierUnavailableError):
        await as_staff(house)
    between = house.couriers.orders[house.at_courier(Leg.DROPOFF).id].after_onfleet_task_id
    house.house.clock.advance(timedelta(minutes=3))
    async with house.house.ports.unit_of_work() as uow:
        await uow.outbox.defer_due(now=house.house.clock(), limit=9)
        await uow.commit()
    await house.house.work_off()

    new_id, dropoff_id = (house.at_courier(leg).id for leg in Leg)
    assert between != new_id
    assert house.couriers.orders[dropoff_id].after_onfleet_task_id == new_id
    assert house.undone(EffectKind.CREATE_COURIER_TASKS) == []


async def test_given_staff_who_got_no_answer_when_time_passes_then_the_outbox_goes_on() -> None:
    house = await a_driven_house()
    house.couriers.remove(house.at_courier().id)
    await house.sync()
    house.couriers.outages.plan(Outage.BEFORE_ACTING)

    with pytest.raises(CourierUnavailableError):
        await as_staff(house)
    house.house.clock.advance(timedelta(minutes=3))
    async with house.house.ports.unit_of_work() as uow:
        await uow.outbox.defer_due(now=house.house.clock(), limit=9)
        await uow.commit()
    await house.house.work_off()

    assert house.task().status is CourierTaskStatus.CREATED
    assert len(house.couriers.tasks) == 2


async def test_given_a_booking_that_is_not_to_be_driven_when_created_then_nothing_happens() -> None:
    house = await a_courier_house()
    await complete_booking(by_staff(house.booking), house.house.ports, house.house.terms)

    assert await house.create() == ()

    with pytest.raises(NotDrivableError, match="is completed"):
        await as_staff(house)
    assert house.couriers.calls == []


async def test_given_a_booking_under_way_when_created_then_its_dropoff_is_still_made() -> None:
    house = await a_courier_house()
    await start_booking(by_staff(house.booking), house.house.ports, house.house.terms)

    await house.create()

    assert house.statuses() == CREATED
