"""What the courier says of a task reaches the booking, its customer and staff, once."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from tests.builders import PICKUP_AT, an_id
from tests.core.bookings.memory_house import by_staff
from tests.core.bookings.rescheduling import reschedules
from tests.core.logistics.courier_house import CourierHouse, a_driven_house
from totetaxi_adapters.memory.outage import Outage
from totetaxi_core.bookings.advance_booking import complete_booking, start_booking
from totetaxi_core.bookings.booking_status import BookingStatus
from totetaxi_core.bookings.reschedule import RescheduleState
from totetaxi_core.logistics.check_tasks import check_tasks
from totetaxi_core.logistics.courier_gateway import (
    CourierEvent,
    CourierTaskNotFoundError,
    CourierUnavailableError,
    CourierWorker,
)
from totetaxi_core.logistics.courier_task import CourierTaskStatus, Leg
from totetaxi_core.logistics.sync_task import sync_open_tasks, sync_task
from totetaxi_core.logistics.take_courier_event import take_courier_event
from totetaxi_core.notifications.message import MessageKind
from totetaxi_core.outbox.owed_effect import EffectKind
from totetaxi_core.payments.gateway import PaymentUnavailableError

STATUS, BOOKING = CourierTaskStatus, BookingStatus
ON_THE_WAY, DELIVERED = MessageKind.DRIVER_ON_THE_WAY, MessageKind.DELIVERED
PICKUP, DROPOFF = Leg.PICKUP, Leg.DROPOFF
HOUR = timedelta(hours=1)
AT_SEVEN, AT_NOON = PICKUP_AT - 2 * HOUR, PICKUP_AT + 3 * HOUR


async def under_way(house: CourierHouse) -> None:
    await start_booking(by_staff(house.booking), house.house.ports, house.house.terms)


async def done_by_staff(house: CourierHouse) -> None:
    await complete_booking(by_staff(house.booking), house.house.ports, house.house.terms)


async def cancelled(house: CourierHouse) -> None:
    await house.cancel()


async def untouched(house: CourierHouse) -> None:
    assert house.booking.status is BOOKING.CONFIRMED


ROWS = [
    (untouched, PICKUP, STATUS.ASSIGNED, BOOKING.CONFIRMED, 0, 0, []),
    (untouched, PICKUP, STATUS.ACTIVE, BOOKING.IN_PROGRESS, 1, 0, []),
    (untouched, PICKUP, STATUS.COMPLETED, BOOKING.IN_PROGRESS, 0, 0, []),
    (untouched, PICKUP, STATUS.FAILED, BOOKING.CONFIRMED, 0, 0, ["courier_task_failed"]),
    (untouched, DROPOFF, STATUS.ACTIVE, BOOKING.IN_PROGRESS, 1, 0, []),
    (untouched, DROPOFF, STATUS.COMPLETED, BOOKING.COMPLETED, 0, 1, []),
    (untouched, DROPOFF, STATUS.FAILED, BOOKING.CONFIRMED, 0, 0, ["courier_task_failed"]),
    (under_way, PICKUP, STATUS.ACTIVE, BOOKING.IN_PROGRESS, 1, 0, []),
    (under_way, PICKUP, STATUS.COMPLETED, BOOKING.IN_PROGRESS, 0, 0, []),
    (under_way, DROPOFF, STATUS.COMPLETED, BOOKING.COMPLETED, 0, 1, []),
    (done_by_staff, PICKUP, STATUS.ACTIVE, BOOKING.COMPLETED, 0, 0, []),
    (done_by_staff, DROPOFF, STATUS.COMPLETED, BOOKING.COMPLETED, 0, 1, []),
    (done_by_staff, DROPOFF, STATUS.FAILED, BOOKING.COMPLETED, 0, 0, ["courier_task_failed"]),
    (cancelled, PICKUP, STATUS.ACTIVE, BOOKING.CANCELLED, 0, 0, ["courier_task_not_cancelled"]),
    (cancelled, DROPOFF, STATUS.COMPLETED, BOOKING.CANCELLED, 0, 0, []),
    (cancelled, DROPOFF, STATUS.FAILED, BOOKING.CANCELLED, 0, 0, []),
]


def names(row: tuple[object, ...]) -> Iterator[str]:
    for part in row[:3]:
        yield getattr(part, "__name__", str(part))


@pytest.mark.parametrize("row", ROWS, ids=["-".join(names(row)) for row in ROWS])
async def test_given_a_task_when_its_state_is_seen_then_the_booking_and_all_follow(
    row: tuple[object, ...],
) -> None:
    prepare, leg, status, becomes, on_the_way, delivered, alerts = row
    assert callable(prepare)
    assert isinstance(leg, Leg)
    assert isinstance(status, STATUS)
    house = await a_driven_house()
    await prepare(house)

    house.drive(leg, status)
    task = await house.sync(leg)
    await house.sync(leg)

    assert task.status is status
    assert house.booking.status is becomes
    assert len(house.words(ON_THE_WAY)) == on_the_way
    assert len(house.words(DELIVERED)) == delivered
    assert house.alerts() == alerts


async def test_given_a_whole_drive_when_seen_step_by_step_then_each_leg_is_told_of() -> None:
    house = await a_driven_house()
    pickup, dropoff = house.tasks()

    for leg in Leg:
        for status in (STATUS.ASSIGNED, STATUS.ACTIVE, STATUS.COMPLETED):
            house.drive(leg, status)
            await house.sync(leg)

    assert house.words(ON_THE_WAY) == [pickup.id, dropoff.id]
    assert house.words(DELIVERED) == [dropoff.id]
    assert house.booking.status is BOOKING.COMPLETED
    assert house.booking.version == 4
    await house.house.work_off()
    assert len(house.house.messages(DELIVERED)) >= 1


async def test_given_the_only_leg_when_completed_then_the_booking_is_done() -> None:
    house = await a_driven_house()
    house.couriers.remove(house.at_courier(DROPOFF).id)
    changed = replace(house.booking, delivery_address=None)
    house.house.database.bookings.publish({changed.id: changed})

    house.drive(PICKUP, STATUS.COMPLETED)
    task = await house.sync()

    assert house.booking.status is BOOKING.COMPLETED
    assert house.words(DELIVERED) == [task.id]


async def test_given_an_answer_older_than_ours_when_kept_then_it_is_no_news() -> None:
    house = await a_driven_house()
    house.drive(PICKUP, STATUS.ACTIVE)

    async def outrun() -> None:
        look = house.at_courier()
        house.drive(PICKUP, STATUS.ACTIVE, worker_id="w-2")
        await house.sync()
        house.couriers.tasks[look.id] = look

    house.couriers.before("get", outrun)
    await house.sync()

    assert house.task().worker_id == "w-2"


@pytest.mark.parametrize("end", [STATUS.COMPLETED, STATUS.FAILED])
@pytest.mark.parametrize("later", [STATUS.ACTIVE, STATUS.COMPLETED, STATUS.FAILED, STATUS.CREATED])
async def test_given_a_task_that_is_over_when_something_else_is_seen_then_it_stays_over(
    end: CourierTaskStatus, later: CourierTaskStatus
) -> None:
    house = await a_driven_house()
    house.drive(PICKUP, end)
    await house.sync()
    booking = house.booking

    house.drive(PICKUP, later)
    task = await house.sync()

    assert task.status is end
    assert house.booking == booking


async def test_given_a_task_that_is_over_when_it_is_gone_then_it_stays_over() -> None:
    house = await a_driven_house()
    house.drive(PICKUP, STATUS.COMPLETED)
    await house.sync()
    house.couriers.remove(house.at_courier().id)

    task = await house.sync()

    assert (task.status, house.alerts()) == (STATUS.COMPLETED, [])


async def test_given_an_address_the_courier_is_unsure_of_when_seen_then_staff_are_told_once() -> (
    None
):
    house = await a_driven_house()
    house.drive(PICKUP, STATUS.CREATED, address_warnings=("PARTIAL_MATCH",))

    await house.sync()
    house.drive(PICKUP, STATUS.ASSIGNED)
    await house.sync()

    assert house.alerts() == ["courier_address_unsure"]


@pytest.mark.parametrize(
    ("told", "window"),
    [
        ({"window_start_at": AT_NOON, "window_end_at": None}, (AT_NOON, AT_NOON + HOUR)),
        ({"window_start_at": None, "window_end_at": AT_SEVEN}, (AT_SEVEN - HOUR, AT_SEVEN)),
        ({"window_start_at": AT_NOON, "window_end_at": AT_SEVEN}, (AT_NOON, AT_NOON + HOUR)),
    ],
)
async def test_given_a_window_with_one_end_when_seen_then_it_is_as_long_as_ours(
    told: dict[str, datetime | None], window: tuple[datetime, datetime]
) -> None:
    house = await a_driven_house()
    house.drive(PICKUP, STATUS.CREATED, **told)

    task = await house.sync()

    assert (task.window_start_at, task.window_end_at) == window


async def test_given_a_driver_who_gives_it_back_when_seen_then_the_next_one_is_named() -> None:
    house = await a_driven_house()
    house.couriers.workers = [
        CourierWorker(id="w-1", name="Ada Byron", is_on_duty=True),
        CourierWorker(id="w-2", name="Lou Reed", is_on_duty=True),
    ]
    named = []
    for status, worker_id in (
        (STATUS.ASSIGNED, "w-1"),
        (STATUS.ACTIVE, "w-1"),
        (STATUS.CREATED, None),
        (STATUS.ASSIGNED, "w-2"),
        (STATUS.ACTIVE, "w-2"),
    ):
        house.drive(PICKUP, status, worker_id=worker_id)
        named.append((await house.sync()).worker_name)

    assert named == ["Ada Byron", "Ada Byron", "", "Lou Reed", "Lou Reed"]
    assert house.words(ON_THE_WAY) == [house.task().id]
    assert house.booking.status is BOOKING.IN_PROGRESS


async def test_given_a_move_that_waits_for_its_payment_when_the_driver_sets_out_then_it_ends() -> (
    None
):
    house = await a_driven_house()
    await house.hold_saturday()

    house.drive(PICKUP, STATUS.ACTIVE)
    await house.sync()

    [move] = reschedules(house.house)
    assert move.state is RescheduleState.ENDED
    assert house.booking.status is BOOKING.IN_PROGRESS
    assert len(house.words(ON_THE_WAY)) == 1


async def test_given_stripe_silent_when_a_waiting_move_must_end_then_the_task_is_kept_meanwhile() -> (  # noqa: E501
    None
):
    house = await a_driven_house()
    await house.hold_saturday()
    house.drive(PICKUP, STATUS.ACTIVE)
    house.house.stripe.outages.last(Outage.BEFORE_ACTING)

    with pytest.raises(PaymentUnavailableError):
        await house.sync()
    in_between = (house.task().status, house.booking.status)
    house.house.stripe.outages.end()
    await house.sync()

    assert in_between == (STATUS.ACTIVE, BOOKING.CONFIRMED)
    assert house.booking.status is BOOKING.IN_PROGRESS


async def test_given_an_event_when_taken_twice_then_one_look_is_owed() -> None:
    house = await a_driven_house()
    house.drive(PICKUP, STATUS.ACTIVE)
    ports = house.house.ports

    taken = [await take_courier_event(house.event(), ports) for _ in range(2)]
    await house.house.work_off()

    assert taken == [True, False]
    assert house.booking.status is BOOKING.IN_PROGRESS
    assert len(house.house.effects(EffectKind.SYNC_COURIER_TASK)) == 1


@pytest.mark.parametrize("onfleet_task_id", [None, "of~another*house"])
async def test_given_an_event_that_is_not_of_ours_when_taken_then_nothing_is_stored(
    onfleet_task_id: str | None,
) -> None:
    house = await a_driven_house()
    before = house.house.stored()
    event = CourierEvent(key="event-9", kind="taskStarted", onfleet_task_id=onfleet_task_id)

    assert await take_courier_event(event, house.house.ports) is False
    assert house.house.stored() == before


async def test_given_a_task_id_in_other_case_when_an_event_names_it_then_it_is_not_ours() -> None:
    house = await a_driven_house()
    event = house.event()
    swapped = replace(event, onfleet_task_id=(event.onfleet_task_id or "").swapcase())

    assert await take_courier_event(swapped, house.house.ports) is False


async def test_given_a_deletion_when_its_event_is_worked_off_then_staff_are_told() -> None:
    house = await a_driven_house()
    event = replace(house.event(), kind="taskDeleted", is_deletion=True)
    house.couriers.remove(house.at_courier().id)

    await take_courier_event(event, house.house.ports)
    await house.house.work_off()

    assert house.alerts() == ["courier_task_lost"]
    assert [task.leg for task in house.tasks()] == [DROPOFF]


async def test_given_open_tasks_when_all_are_synced_then_each_is_seen_and_counted() -> None:
    house = await a_driven_house()
    house.drive(PICKUP, STATUS.ACTIVE)

    synced = await sync_open_tasks(house.house.ports, house.house.terms, limit=9)

    assert synced == 2
    assert house.statuses() == [STATUS.ACTIVE, STATUS.CREATED]
    assert {task.last_synced_at for task in house.tasks()} == {house.house.clock()}


async def test_given_a_lost_event_when_the_periodic_look_comes_then_the_booking_follows() -> None:
    house = await a_driven_house()
    house.house.clock.set(house.booking.pickup_at)
    house.drive(PICKUP, STATUS.ACTIVE)

    done = await check_tasks(house.house.ports, house.house.terms, limit=9)

    assert done == (0, 2)
    assert house.booking.status is BOOKING.IN_PROGRESS


async def test_given_one_booking_that_cannot_follow_when_checked_then_the_others_do() -> None:
    house = await a_driven_house()
    await house.hold_saturday()
    house.house.stripe.outages.last(Outage.BEFORE_ACTING)
    house.house.clock.set(house.booking.pickup_at)
    house.drive(PICKUP, STATUS.ACTIVE)

    house.couriers.calls.clear()

    with pytest.raises(PaymentUnavailableError):
        await check_tasks(house.house.ports, house.house.terms, limit=9)

    assert house.couriers.calls == ["get", "get"]
    assert house.task().status is STATUS.ACTIVE


async def test_given_no_answer_when_checked_then_the_round_ends() -> None:
    house = await a_driven_house()
    house.couriers.outages.last(Outage.BEFORE_ACTING)

    with pytest.raises(CourierUnavailableError):
        await check_tasks(house.house.ports, house.house.terms, limit=9)


async def test_given_no_such_task_when_synced_then_it_is_refused() -> None:
    house = await a_driven_house()

    with pytest.raises(CourierTaskNotFoundError) as refused:
        await sync_task(an_id(), house.house.ports, house.house.terms)

    assert refused.value.code == "courier_task_not_found"


async def test_given_photos_that_come_late_when_looked_at_again_then_they_are_fetched_too() -> None:
    house = await a_driven_house()
    house.drive(PICKUP, STATUS.COMPLETED, completed_at=house.house.clock(), photo_ids=("p-1",))
    await house.sync()
    house.drive(PICKUP, STATUS.COMPLETED, photo_ids=("p-1", "p-2"), signature_id="s-1")
    house.house.clock.advance(timedelta(minutes=15))

    await check_tasks(house.house.ports, house.house.terms, limit=9)

    owed = [each.payload["upload_id"] for each in house.house.effects(EffectKind.KEEP_PROOF)]
    assert owed == ["p-1", "p-2", "s-1"]
    assert house.task().look_again_at is not None
    house.house.clock.advance(timedelta(hours=6))
    await check_tasks(house.house.ports, house.house.terms, limit=9)
    assert house.task().look_again_at is None
