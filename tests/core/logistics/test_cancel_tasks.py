"""A cancelled booking's drive is called off, as far as its driver has not begun."""

import pytest

from tests.core.bookings.memory_house import by_staff
from tests.core.logistics.courier_house import CourierHouse, a_courier_house, a_driven_house
from totetaxi_adapters.memory.outage import Outage
from totetaxi_core.bookings.advance_booking import complete_booking
from totetaxi_core.bookings.booking_status import BookingStatus
from totetaxi_core.logistics.claim_task import UNCERTAIN
from totetaxi_core.logistics.courier_gateway import CourierUnavailableError
from totetaxi_core.logistics.courier_task import CourierTaskBusyError, CourierTaskStatus, Leg
from totetaxi_core.notifications.message import MessageKind
from totetaxi_core.outbox.owed_effect import EffectKind, EffectState

STATUS = CourierTaskStatus


def ends(house: CourierHouse) -> list[CourierTaskStatus]:
    """Return how each row of ours stands, deleted ones too, the pickup first."""
    rows = house.house.database.courier_tasks.rows.values()
    return [row.status for leg in Leg for row in rows if row.leg is leg]


@pytest.mark.parametrize("status", [STATUS.CREATED, STATUS.ASSIGNED])
async def test_given_tasks_not_begun_when_cancelled_then_they_are_deleted(
    status: CourierTaskStatus,
) -> None:
    house = await a_driven_house()
    for leg in Leg:
        house.drive(leg, status)

    await house.cancel()
    await house.house.work_off()

    assert house.couriers.tasks == {}
    assert ends(house) == [STATUS.DELETED, STATUS.DELETED]
    assert house.couriers.calls == ["get", "delete", "get", "delete"]
    assert house.alerts() == []
    assert house.undone(EffectKind.CANCEL_COURIER_TASKS) == []


async def test_given_tasks_when_cancelled_then_the_pickup_outlives_its_dropoff() -> None:
    house = await a_driven_house()
    await house.cancel()
    house.couriers.outages.plan(None, None, Outage.BEFORE_ACTING)

    with pytest.raises(CourierUnavailableError):
        await house.cancel_tasks()

    assert [task.leg for task in house.couriers.tasks.values()] == [Leg.PICKUP]
    await house.cancel_tasks()
    assert house.couriers.tasks == {}


async def test_given_a_driver_under_way_when_cancelled_then_staff_are_told_and_decide() -> None:
    house = await a_driven_house()
    house.drive(Leg.PICKUP, STATUS.ACTIVE)
    await house.sync()
    await house.cancel()

    await house.house.work_off()

    assert house.alerts() == ["courier_task_not_cancelled"]
    assert [task.leg for task in house.couriers.tasks.values()] == [Leg.PICKUP]
    assert ends(house) == [STATUS.ACTIVE, STATUS.DELETED]
    house.drive(Leg.PICKUP, STATUS.COMPLETED)
    await house.sync()
    assert house.booking.status is BookingStatus.CANCELLED
    assert ends(house) == [STATUS.COMPLETED, STATUS.DELETED]
    assert house.words(MessageKind.DELIVERED) == []


async def test_given_a_completed_pickup_when_cancelled_then_the_dropoff_alone_is_deleted() -> None:
    house = await a_driven_house()
    house.drive(Leg.PICKUP, STATUS.COMPLETED)
    await house.cancel()

    await house.house.work_off()

    assert ends(house) == [STATUS.COMPLETED, STATUS.DELETED]
    assert house.booking.status is BookingStatus.CANCELLED
    assert house.alerts() == []


async def test_given_tasks_gone_at_the_courier_when_cancelled_then_that_is_fine() -> None:
    house = await a_driven_house()
    for leg in Leg:
        house.couriers.remove(house.at_courier(leg).id)
    await house.cancel()

    await house.house.work_off()

    assert ends(house) == [STATUS.DELETED, STATUS.DELETED]
    assert house.alerts() == []


async def test_given_a_driver_who_sets_out_after_our_look_when_deleted_then_we_look_again() -> None:
    house = await a_driven_house()
    await house.cancel()

    async def set_out() -> None:
        house.drive(Leg.DROPOFF, STATUS.ACTIVE)

    house.couriers.before("delete", set_out)
    await house.cancel_tasks()

    assert house.couriers.calls == ["get", "delete", "get", "get", "delete"]
    assert ends(house) == [STATUS.DELETED, STATUS.ACTIVE]
    assert house.alerts() == ["courier_task_not_cancelled"]


async def test_given_tasks_never_asked_for_when_cancelled_then_the_courier_never_hears() -> None:
    house = await a_courier_house()
    await house.cancel()

    await house.house.work_off()

    assert house.couriers.calls == []
    assert ends(house) == []


async def test_given_a_create_without_answer_when_cancelled_then_what_it_made_is_deleted() -> None:
    house = await a_courier_house()
    house.couriers.outages.plan(Outage.AFTER_ACTING)
    with pytest.raises(CourierUnavailableError):
        await house.create()
    await house.cancel()

    with pytest.raises(CourierTaskBusyError):
        await house.cancel_tasks()
    house.house.clock.advance(UNCERTAIN)
    await house.cancel_tasks()

    assert house.couriers.tasks == {}
    assert ends(house) == [STATUS.DELETED, STATUS.DELETED]


async def test_given_a_booking_cancelled_as_its_task_is_made_when_both_end_then_none_is_left() -> (
    None
):
    house = await a_courier_house()
    house.couriers.before("create", house.cancel)

    await house.create()
    await house.house.work_off()

    assert house.couriers.tasks == {}
    assert ends(house) == [STATUS.DELETED, STATUS.DELETED]
    assert [each.state for each in house.house.effects(EffectKind.CANCEL_COURIER_TASKS)] == [
        EffectState.DONE
    ]


async def test_given_the_courier_away_when_staff_complete_the_booking_then_nothing_waits_on() -> (
    None
):
    house = await a_courier_house()
    house.couriers.outages.plan(Outage.AFTER_ACTING)
    with pytest.raises(CourierUnavailableError):
        await house.create()

    await complete_booking(by_staff(house.booking), house.house.ports, house.house.terms)
    house.house.clock.advance(UNCERTAIN)
    await house.house.work_off()

    assert house.couriers.tasks == {}
    assert ends(house) == [STATUS.DELETED, STATUS.DELETED]
    assert house.alerts() == []


async def test_given_a_booking_that_stands_when_tasks_are_to_be_cancelled_then_they_stay() -> None:
    house = await a_driven_house()

    await house.cancel_tasks()

    assert house.couriers.calls == []
    assert len(house.couriers.tasks) == 2
