"""A rescheduled booking's new time reaches the courier, whatever its tasks are at."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from tests.builders import PICKUP_AT
from tests.core.bookings.rescheduling import WEDNESDAY
from tests.core.logistics.courier_house import CourierHouse, a_courier_house, a_driven_house
from totetaxi_adapters.memory.outage import Outage
from totetaxi_core.bookings.booking_status import BookingStatus
from totetaxi_core.logistics.claim_task import UNCERTAIN
from totetaxi_core.logistics.courier_gateway import (
    CourierRefusedError,
    CourierUnavailableError,
    TaskOrder,
)
from totetaxi_core.logistics.courier_task import CourierTaskBusyError, CourierTaskStatus, Leg
from totetaxi_core.logistics.drive_window import drive_window

STATUS = CourierTaskStatus
DAY = timedelta(days=1)


def starts(house: CourierHouse) -> list[datetime | None]:
    """Return when the courier's windows start, the pickup's first."""
    return [house.at_courier(leg).window_start_at for leg in Leg]


def task_order_of(house: CourierHouse) -> TaskOrder:
    """Return what the courier is to be told of the pickup, as its booking stands."""
    start_at, end_at = drive_window(house.booking, Leg.PICKUP, house.house.terms)
    order = house.couriers.orders[house.at_courier().id]
    return replace(order, window_start_at=start_at, window_end_at=end_at)


@pytest.mark.parametrize("status", [STATUS.CREATED, STATUS.ASSIGNED])
async def test_given_tasks_not_begun_when_moved_then_the_courier_has_the_new_time(
    status: CourierTaskStatus,
) -> None:
    house = await a_driven_house()
    for leg in Leg:
        house.drive(leg, status)

    await house.move()
    await house.house.work_off()

    assert starts(house) == [PICKUP_AT + DAY, PICKUP_AT + DAY]
    assert [task.window_start_at for task in house.tasks()] == starts(house)
    assert house.statuses() == [status, status]
    assert house.alerts() == []


async def test_given_tasks_that_wait_when_moved_then_our_rows_change_alone() -> None:
    house = await a_courier_house()
    house.couriers.outages.plan(Outage.BEFORE_ACTING)
    with pytest.raises(CourierUnavailableError):
        await house.create()
    house.house.clock.advance(UNCERTAIN)
    house.couriers.calls.clear()

    await house.move()
    await house.move_tasks()
    rows = house.tasks()
    await house.create()

    assert [task.window_start_at for task in rows] == [PICKUP_AT + DAY] * 2
    assert house.couriers.calls == ["find", "create", "create"]
    assert starts(house) == [PICKUP_AT + DAY, PICKUP_AT + DAY]


async def test_given_a_task_made_for_the_old_time_when_found_then_it_is_moved() -> None:
    house = await a_courier_house()
    house.couriers.outages.plan(Outage.AFTER_ACTING)
    with pytest.raises(CourierUnavailableError):
        await house.create()
    await house.move()

    with pytest.raises(CourierTaskBusyError):
        await house.move_tasks()
    house.house.clock.advance(UNCERTAIN)
    await house.move_tasks()
    await house.create()

    assert house.couriers.calls == ["create", "find", "update", "create"]
    assert starts(house) == [PICKUP_AT + DAY, PICKUP_AT + DAY]


async def test_given_a_task_made_late_for_the_old_time_when_a_look_finds_it_then_it_is_moved() -> (
    None
):
    house = await a_courier_house()
    house.couriers.outages.plan(Outage.AFTER_ACTING)
    with pytest.raises(CourierUnavailableError):
        await house.create()
    house.house.clock.advance(UNCERTAIN)
    await house.move()
    await house.move_tasks()  # of ours alone, as the courier is not known to have it
    while house.house.database.jobs.take() is not None:
        pass  # what was owed so far is over

    await house.sync()
    await house.house.work_off()

    assert house.at_courier().window_start_at == PICKUP_AT + DAY
    assert house.task().window_start_at == PICKUP_AT + DAY


async def test_given_a_booking_that_moves_as_its_task_is_made_when_both_end_then_it_has_moved() -> (
    None
):
    house = await a_courier_house()
    house.couriers.before("create", house.move)

    await house.create()
    await house.move_tasks()

    assert starts(house) == [PICKUP_AT + DAY, PICKUP_AT + DAY]
    assert len(house.couriers.tasks) == 2


async def test_given_a_driver_under_way_when_moved_then_staff_are_told_and_it_stays() -> None:
    house = await a_driven_house()
    await house.move()
    house.drive(Leg.PICKUP, STATUS.ACTIVE)

    await house.move_tasks()

    assert starts(house) == [PICKUP_AT, PICKUP_AT + DAY]
    assert house.alerts() == ["courier_task_not_moved"]
    assert house.booking.status is BookingStatus.IN_PROGRESS


async def test_given_a_driver_who_sets_out_after_our_look_when_moved_then_we_look_again() -> None:
    house = await a_driven_house()
    await house.move()

    async def set_out() -> None:
        house.drive(Leg.PICKUP, STATUS.ACTIVE)
        raise CourierRefusedError("only the notes of a task under way can change")

    house.couriers.before("update", set_out)
    await house.move_tasks()

    assert house.couriers.calls[:3] == ["get", "update", "get"]
    assert house.alerts() == ["courier_task_not_moved"]


async def test_given_a_task_deleted_by_a_dispatcher_when_moved_then_staff_are_told() -> None:
    house = await a_driven_house()
    await house.move()
    house.couriers.remove(house.at_courier().id)

    await house.move_tasks()

    assert house.alerts() == ["courier_task_lost"]
    assert [task.leg for task in house.tasks()] == [Leg.DROPOFF]


async def test_given_a_window_refused_when_moved_then_staff_are_told() -> None:
    house = await a_driven_house()
    await house.move()

    async def refuse() -> None:
        raise CourierRefusedError("the window is not valid")

    for _ in range(3):
        house.couriers.before("update", refuse)
    with pytest.raises(CourierRefusedError):
        await house.move_tasks()

    assert house.alerts() == ["courier_task_refused"]
    assert house.task().claimed_until is None


async def test_given_two_moves_when_the_first_is_slow_then_the_last_one_stands() -> None:
    house = await a_driven_house()
    await house.move()
    refused: list[str] = []

    async def move_on() -> None:
        await house.move(on=WEDNESDAY + DAY)
        try:
            await house.move_tasks()
        except CourierTaskBusyError as error:
            refused.append(error.code)

    house.couriers.before("update", move_on)
    await house.move_tasks()
    await house.move_tasks()

    assert refused == ["courier_task_busy"]
    assert starts(house) == [PICKUP_AT + 2 * DAY] * 2


async def test_given_no_answer_when_moved_then_a_later_try_does_it() -> None:
    house = await a_driven_house()
    await house.move()
    house.couriers.outages.plan(None, Outage.AFTER_ACTING)

    with pytest.raises(CourierUnavailableError):
        await house.move_tasks()
    house.house.clock.advance(UNCERTAIN)
    await house.move_tasks()

    assert starts(house) == [PICKUP_AT + DAY] * 2


async def test_given_an_update_that_arrives_late_when_moved_again_then_the_last_time_stands() -> (
    None
):
    house = await a_driven_house()
    await house.move()
    sent = task_order_of(house)
    house.couriers.outages.plan(None, Outage.BEFORE_ACTING)
    with pytest.raises(CourierUnavailableError):
        await house.move_tasks()

    await house.move(on=WEDNESDAY + DAY)
    with pytest.raises(CourierTaskBusyError):
        await house.move_tasks()
    house.house.clock.advance(UNCERTAIN)
    await house.couriers.update_task(house.at_courier().id, sent)  # only now
    await house.move_tasks()

    assert starts(house) == [PICKUP_AT + 2 * DAY] * 2
