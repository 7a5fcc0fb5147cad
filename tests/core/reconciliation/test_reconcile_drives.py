"""What our drives and the courier's tasks differ in is named, and mended where it can be."""

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.builders import PICKUP_AT, an_id
from tests.core.bookings.memory_house import by_staff
from tests.core.logistics.courier_house import CourierHouse, a_courier_house, a_driven_house
from totetaxi_adapters.memory.outage import Outage
from totetaxi_core.bookings.advance_booking import complete_booking
from totetaxi_core.bookings.booking_status import BookingStatus
from totetaxi_core.logistics.courier_gateway import CourierRefusedError, CourierUnavailableError
from totetaxi_core.logistics.courier_task import CourierTaskStatus, Leg
from totetaxi_core.notifications.message import MessageKind
from totetaxi_core.reconciliation.drift import DriftKind, Outcome, ReconciledDrift
from totetaxi_core.reconciliation.keep_watch import keep_watch
from totetaxi_core.reconciliation.reconcile_drives import reconcile_drives
from totetaxi_core.reconciliation.sweep import Span

APART, STRAY, UNDRIVEN = (
    DriftKind.TASK_STATE_APART,
    DriftKind.TASK_WITHOUT_BOOKING,
    DriftKind.BOOKING_WITHOUT_TASK,
)
STATUS = CourierTaskStatus
SETTLED = timedelta(minutes=20)
RECENT = timedelta(days=3)


async def compared(
    house: CourierHouse, *, repair: bool = False, after: timedelta = SETTLED
) -> tuple[ReconciledDrift, ...]:
    """Let time pass, then compare the last three days."""
    now = house.house.clock.advance(after)
    span = Span(begin=now - RECENT, until=now)
    return await reconcile_drives(span, house.house.ports, house.house.terms, repair=repair)


async def outcomes(house: CourierHouse, *, repair: bool = True) -> list[tuple[DriftKind, Outcome]]:
    return [(one.drift.kind, one.outcome) for one in await compared(house, repair=repair)]


async def test_given_a_drive_as_it_should_be_when_compared_then_nothing_differs() -> None:
    house = await a_driven_house()

    assert await compared(house) == ()


async def test_given_an_event_that_was_lost_when_repaired_then_the_booking_follows() -> None:
    house = await a_driven_house()
    house.drive(Leg.PICKUP, STATUS.ACTIVE)

    seen = await outcomes(house, repair=False)
    mended = await outcomes(house)

    assert (seen, mended) == ([(APART, Outcome.REPAIRABLE)], [(APART, Outcome.REPAIRED)])
    assert house.booking.status is BookingStatus.IN_PROGRESS
    assert await compared(house) == ()


async def test_given_a_change_just_now_when_compared_then_it_is_on_its_way() -> None:
    house = await a_driven_house()
    house.house.clock.advance(SETTLED)
    house.drive(Leg.PICKUP, STATUS.ACTIVE)

    assert await compared(house, after=timedelta(minutes=4)) == ()


async def test_given_a_task_gone_at_the_courier_when_repaired_then_staff_order_it_anew() -> None:
    house = await a_driven_house()
    house.couriers.remove(house.at_courier().id)

    mended = await outcomes(house)
    [left] = await compared(house)

    assert mended == [(APART, Outcome.REPAIRED), (UNDRIVEN, Outcome.LEFT)]
    assert house.alerts() == ["courier_task_lost"]
    assert left.drift.kind is UNDRIVEN
    assert "deleted at the courier's" in (left.note or "")
    assert len(house.couriers.tasks) == 1


async def test_given_a_second_task_of_a_leg_when_repaired_then_the_first_alone_is_left() -> None:
    house = await a_driven_house()
    kept = house.at_courier()
    order = house.couriers.orders[kept.id]
    second = await house.couriers.create_task(order)

    mended = await outcomes(house)

    assert mended == [(STRAY, Outcome.REPAIRED)]
    assert second.id not in house.couriers.tasks
    assert kept.id in house.couriers.tasks


async def test_given_a_second_task_under_way_when_compared_then_a_person_must_look() -> None:
    house = await a_driven_house()
    second = await house.couriers.create_task(house.couriers.orders[house.at_courier().id])
    house.couriers.drive(second.id, STATUS.ACTIVE)

    [found] = await compared(house, repair=True)

    assert (found.drift.kind, found.outcome) == (STRAY, Outcome.LEFT)
    assert second.id in house.couriers.tasks


async def test_given_a_task_whose_creation_got_no_answer_when_repaired_then_it_is_adopted() -> None:
    house = await a_courier_house()
    house.couriers.outages.plan(Outage.AFTER_ACTING)
    with pytest.raises(CourierUnavailableError):
        await house.create()

    mended = await outcomes(house)

    assert (APART, Outcome.REPAIRED) in mended
    assert house.task().status is STATUS.CREATED
    assert len([one for one in house.couriers.tasks.values() if one.leg is Leg.PICKUP]) == 1
    await house.create()
    assert await compared(house) == ()


async def test_given_a_cancelled_booking_with_its_tasks_when_repaired_then_they_are_deleted() -> (
    None
):
    house = await a_driven_house()
    await house.cancel()

    mended = await outcomes(house)

    assert mended == [(STRAY, Outcome.REPAIRED)] * 2
    assert house.couriers.tasks == {}
    assert house.tasks() == ()


async def test_given_a_booking_completed_by_staff_when_compared_then_its_open_task_is_left() -> (
    None
):
    house = await a_driven_house()
    await complete_booking(by_staff(house.booking), house.house.ports, house.house.terms)

    assert await outcomes(house) == [(STRAY, Outcome.LEFT)] * 2
    assert len(house.couriers.tasks) == 2


async def test_given_a_booking_without_tasks_when_repaired_then_it_is_driven() -> None:
    house = await a_courier_house()

    mended = await outcomes(house)

    assert mended == [(UNDRIVEN, Outcome.REPAIRED)]
    assert house.statuses() == [STATUS.CREATED] * 2


async def test_given_a_pickup_that_is_past_when_compared_then_no_task_is_missed() -> None:
    house = await a_courier_house()
    house.house.clock.set(PICKUP_AT + timedelta(hours=1) - SETTLED)

    assert await outcomes(house) == []


async def test_given_a_pickup_that_failed_when_compared_then_no_dropoff_is_missed() -> None:
    house = await a_courier_house()
    house.couriers.outages.plan(None, Outage.BEFORE_ACTING)
    with pytest.raises(CourierUnavailableError):
        await house.create()
    house.drive(Leg.PICKUP, STATUS.FAILED)
    await house.sync()

    found = await compared(house)

    assert found == ()
    assert house.alerts() == ["courier_task_failed"]
    assert house.statuses() == [STATUS.FAILED, STATUS.WAITING]


async def test_given_an_address_refused_when_compared_then_it_is_left_with_the_reason() -> None:
    house = await a_courier_house()

    async def refuse() -> None:
        raise CourierRefusedError("the address is not found")

    house.couriers.before("create", refuse)
    with pytest.raises(CourierRefusedError):
        await house.create()

    [found] = await compared(house, repair=True)

    assert (found.drift.kind, found.outcome) == (UNDRIVEN, Outcome.LEFT)
    assert "the address is not found" in (found.note or "")


async def test_given_a_task_of_another_house_when_compared_then_it_raises_nothing() -> None:
    house = await a_driven_house()
    order = house.couriers.orders[house.at_courier().id]
    await house.couriers.create_task(replace(order, task_id=an_id(), booking_id=an_id()))

    assert await compared(house, repair=True) == ()
    assert len(house.couriers.tasks) == 3


async def test_given_two_ends_when_compared_then_a_person_says_which_is_right() -> None:
    house = await a_driven_house()
    house.drive(Leg.PICKUP, STATUS.FAILED)
    await house.sync()
    house.drive(Leg.PICKUP, STATUS.COMPLETED)

    [found] = await compared(house, repair=True)

    assert (found.drift.kind, found.outcome) == (APART, Outcome.LEFT)
    assert house.task().status is STATUS.FAILED


async def test_given_the_courier_silent_when_watched_then_money_is_compared_and_drives_stay_open() -> (  # noqa: E501
    None
):
    house = await a_driven_house()
    await complete_booking(by_staff(house.booking), house.house.ports, house.house.terms)
    house.house.clock.advance(SETTLED)
    await keep_watch(house.house.ports, house.house.terms)
    await house.house.charge_of_another()
    house.house.clock.advance(SETTLED)
    house.couriers.outages.last(Outage.BEFORE_ACTING)

    with pytest.raises(CourierUnavailableError):
        await keep_watch(house.house.ports, house.house.terms)

    async with house.house.ports.unit_of_work() as uow:
        counts = dict(await uow.open_drifts.counts())
    assert counts == {STRAY: 2, DriftKind.INTENT_WITHOUT_PAYMENT: 1}
    assert house.house.owed_messages().count(MessageKind.DRIFT_FOUND) == 3
