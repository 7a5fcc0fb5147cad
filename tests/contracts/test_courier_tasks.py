from dataclasses import replace
from uuid import UUID

import pytest

from tests.builders import NOW, PICKUP_AT, a_booking, an_id
from tests.contracts.conftest import UowFactory
from tests.contracts.courier_rows import HOUR, MINUTE, a_seen_task, a_task
from tests.contracts.storing import store_booking
from totetaxi_core.logistics.courier_gateway import CourierTaskNotFoundError
from totetaxi_core.logistics.courier_task import (
    CourierTask,
    CourierTaskExistsError,
    CourierTaskStatus,
    Leg,
)

STATUS = CourierTaskStatus


async def store(uow_factory: UowFactory, *tasks: CourierTask) -> None:
    async with uow_factory() as uow:
        for task in tasks:
            await uow.courier_tasks.add(task)
        await uow.commit()


async def stored_bookings(uow_factory: UowFactory, count: int) -> list[UUID]:
    return [(await store_booking(uow_factory(), a_booking())).id for _ in range(count)]


async def test_given_tasks_when_looked_up_then_they_are_equal_in_every_way_to_find_them(
    uow_factory: UowFactory,
) -> None:
    [booking_id] = await stored_bookings(uow_factory, 1)
    seen = a_seen_task(booking_id)
    waiting = a_task(booking_id, Leg.DROPOFF, minute=1)
    await store(uow_factory, seen, waiting)

    async with uow_factory() as uow:
        got = await uow.courier_tasks.get(seen.id)
        locked = await uow.courier_tasks.get(waiting.id, lock=True)
        found = await uow.courier_tasks.find_by_onfleet(seen.onfleet_task_id or "")
        other_case = await uow.courier_tasks.find_by_onfleet(
            (seen.onfleet_task_id or "").swapcase()
        )
        own = await uow.courier_tasks.of_booking(booking_id)
        many = await uow.courier_tasks.of_bookings([booking_id, an_id()])

    assert (got, locked, found, other_case) == (seen, waiting, seen, None)
    assert own == many == (seen, waiting)


async def test_given_a_task_when_saved_then_it_is_as_it_now_stands(uow_factory: UowFactory) -> None:
    [booking_id] = await stored_bookings(uow_factory, 1)
    task = a_task(booking_id)
    await store(uow_factory, task)
    created = replace(a_seen_task(booking_id), id=task.id)

    async with uow_factory() as uow:
        await uow.courier_tasks.save(created)
        await uow.commit()

    async with uow_factory() as uow:
        assert await uow.courier_tasks.get(task.id) == created


async def test_given_no_such_task_when_asked_for_then_it_is_refused(
    uow_factory: UowFactory,
) -> None:
    async with uow_factory() as uow:
        with pytest.raises(CourierTaskNotFoundError):
            await uow.courier_tasks.get(an_id())
        assert await uow.courier_tasks.of_booking(an_id()) == ()


async def test_given_a_leg_with_a_task_when_another_is_added_then_it_is_refused_until_deleted(
    uow_factory: UowFactory,
) -> None:
    [booking_id] = await stored_bookings(uow_factory, 1)
    first = a_task(booking_id)
    await store(uow_factory, first, a_task(booking_id, Leg.DROPOFF))

    with pytest.raises(CourierTaskExistsError):
        await store(uow_factory, a_task(booking_id))
    async with uow_factory() as uow:
        await uow.courier_tasks.save(first.drop(at=NOW))
        await uow.commit()
    second = a_task(booking_id, minute=1)
    await store(uow_factory, second)

    async with uow_factory() as uow:
        own = await uow.courier_tasks.of_booking(booking_id)
    assert [each.status for each in own if each.leg is Leg.PICKUP] == [
        STATUS.DELETED,
        STATUS.WAITING,
    ]


async def test_given_tasks_of_all_states_when_open_ones_are_listed_then_the_unseen_come_first(
    uow_factory: UowFactory,
) -> None:
    ids = await stored_bookings(uow_factory, 4)
    late, early, distant, over = (a_seen_task(one) for one in ids)
    late = replace(late, last_synced_at=NOW + MINUTE)
    distant = replace(distant, window_start_at=PICKUP_AT + HOUR, window_end_at=PICKUP_AT + 2 * HOUR)
    distant = replace(distant, last_synced_at=NOW - HOUR)
    over = replace(over, status=STATUS.FAILED)
    await store(uow_factory, late, early, distant, over, a_task(ids[0], Leg.DROPOFF))

    async with uow_factory() as uow:
        every = await uow.courier_tasks.open(limit=9)
        near = await uow.courier_tasks.open(starting_before=PICKUP_AT + MINUTE, limit=9)
        one = await uow.courier_tasks.open(limit=1)

    assert [each.id for each in every] == [distant.id, early.id, late.id]
    assert [each.id for each in near] == [early.id, late.id]
    assert [each.id for each in one] == [distant.id]


async def test_given_tasks_that_are_over_when_their_look_is_due_then_they_are_listed_by_it(
    uow_factory: UowFactory,
) -> None:
    first_id, second_id = await stored_bookings(uow_factory, 2)
    soon = replace(a_seen_task(first_id), look_again_at=NOW)
    late = replace(a_seen_task(second_id), look_again_at=NOW + MINUTE)
    never = replace(a_seen_task(first_id, leg=Leg.DROPOFF), look_again_at=None)
    await store(uow_factory, late, soon, never)

    async with uow_factory() as uow:
        now = await uow.courier_tasks.to_look_again(at=NOW, limit=9)
        later = await uow.courier_tasks.to_look_again(at=NOW + MINUTE, limit=9)

    assert [each.id for each in now] == [soon.id]
    assert [each.id for each in later] == [soon.id, late.id]


async def test_given_a_day_when_its_windows_are_listed_then_the_end_is_open_and_deleted_ones_left(
    uow_factory: UowFactory,
) -> None:
    first_id, second_id = await stored_bookings(uow_factory, 2)
    first, last = a_task(first_id), a_task(second_id, minute=60)
    deleted = a_task(first_id, Leg.DROPOFF).drop(at=NOW)
    await store(uow_factory, last, deleted, first)
    begin, end = PICKUP_AT, PICKUP_AT + HOUR

    async with uow_factory() as uow:
        hour = await uow.courier_tasks.windows(starts_from=begin, starts_before=end, limit=9)
        more = await uow.courier_tasks.windows(
            starts_from=begin, starts_before=end + MINUTE, limit=9
        )
        one = await uow.courier_tasks.windows(
            starts_from=begin, starts_before=end + MINUTE, limit=1
        )

    assert hour == one == (first,)
    assert more == (first, last)
