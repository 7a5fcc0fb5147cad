"""Two workers tell the courier of one booking at once, on real connections."""

import asyncio
from collections import Counter
from collections.abc import Awaitable
from dataclasses import replace

import pytest

from tests.adapters.postgres.raced_world import a_house_on
from tests.adapters.postgres.server_view import fetch
from tests.conftest import PostgresUowFactory
from tests.core.bookings.memory_house import MemoryHouse, by_staff
from tests.core.bookings.sample_books import book_with_petite_at
from totetaxi_adapters.memory.outage import Outage
from totetaxi_adapters.postgres import bookings, courier_tasks
from totetaxi_adapters.postgres.courier_tasks import PostgresCourierTasks
from totetaxi_core.bookings.advance_booking import complete_booking
from totetaxi_core.bookings.booking import Booking
from totetaxi_core.bookings.cancel_booking import Cancelling, cancel_booking
from totetaxi_core.logistics.cancel_tasks import cancel_tasks
from totetaxi_core.logistics.courier_gateway import CourierUnavailableError
from totetaxi_core.logistics.courier_task import CourierTask, CourierTaskStatus, Leg
from totetaxi_core.logistics.create_tasks import create_tasks
from totetaxi_core.logistics.sync_task import sync_task
from totetaxi_core.refusal import DomainError

DONE = "done"
TASKS = "SELECT leg, status FROM courier_tasks ORDER BY leg DESC"
WORKERS = 3
DEADLINE_S = 20


async def outcome(act: Awaitable[object]) -> str:
    try:
        await act
    except DomainError as refusal:
        return refusal.code
    return DONE


async def a_waiting_booking(house: MemoryHouse) -> Booking:
    """Return a booking whose rows are committed, and of which the courier was asked nothing."""
    await house.publish(book_with_petite_at(99_500), based_on=0)
    _, intent = await house.book_unpaid()
    booking = await house.settle(house.pay(intent))
    assert booking is not None
    house.couriers.outages.plan(Outage.BEFORE_ACTING)
    with pytest.raises(CourierUnavailableError):
        await create_tasks(booking.id, house.ports, house.terms)
    async with house.ports.unit_of_work() as uow:
        for task in await uow.courier_tasks.of_booking(booking.id):
            await uow.courier_tasks.save(replace(task, asked_at=None, claimed_until=None))
        await uow.commit()
    return booking


async def race(house: MemoryHouse, booking: Booking) -> Counter[str]:
    """Let the workers create its tasks at once; whoever is busy tries again once."""
    acts = [outcome(create_tasks(booking.id, house.ports, house.terms)) for _ in range(WORKERS)]
    return Counter(await asyncio.gather(*acts))


async def test_given_three_workers_when_they_create_at_once_then_each_leg_is_made_once(
    uow_factory: PostgresUowFactory, database_url: str
) -> None:
    house = a_house_on(uow_factory, crews=3)
    booking = await a_waiting_booking(house)

    outcomes = await race(house, booking)

    assert Counter(task.leg for task in house.couriers.tasks.values()) == dict.fromkeys(Leg, 1)
    assert outcomes[DONE] >= 1
    assert outcomes.keys() <= {DONE, "courier_task_busy"}
    assert fetch(database_url, TASKS) == [("pickup", "created"), ("dropoff", "created")]


async def test_given_no_lock_when_they_create_at_once_then_a_leg_is_made_twice(
    uow_factory: PostgresUowFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    house = a_house_on(uow_factory, crews=3)
    booking = await a_waiting_booking(house)
    monkeypatch.setattr(bookings, "LOCK", bookings.GET)
    monkeypatch.setattr(courier_tasks, "LOCK", courier_tasks.GET)
    together, save = asyncio.Barrier(WORKERS), PostgresCourierTasks.save
    first_saves = iter(range(WORKERS))

    async def save_together(self: PostgresCourierTasks, task: CourierTask) -> None:
        """Let every worker have read before any of them claims."""
        if next(first_saves, None) is not None:
            await asyncio.wait_for(together.wait(), DEADLINE_S)
        await save(self, task)

    monkeypatch.setattr(PostgresCourierTasks, "save", save_together)

    await race(house, booking)

    legs = Counter(task.leg for task in house.couriers.tasks.values())
    assert max(legs.values()) > 1


async def test_given_a_drive_that_ends_when_staff_complete_it_at_once_then_it_is_done_once(
    uow_factory: PostgresUowFactory, database_url: str
) -> None:
    house = a_house_on(uow_factory, crews=3)
    booking = await a_waiting_booking(house)
    _, dropoff = await create_tasks(booking.id, house.ports, house.terms)
    house.couriers.drive(dropoff.onfleet_task_id or "", CourierTaskStatus.COMPLETED)

    outcomes = await asyncio.gather(
        outcome(sync_task(dropoff.id, house.ports, house.terms)),
        outcome(sync_task(dropoff.id, house.ports, house.terms)),
        outcome(complete_booking(by_staff(booking), house.ports, house.terms)),
    )

    assert set(outcomes) <= {DONE, "invalid_transition"}
    [(status, version)] = fetch(database_url, "SELECT status, version FROM bookings")
    assert (status, version) == ("completed", booking.version + 1)
    delivered = "SELECT count(*)::int FROM owed_effects WHERE payload ->> 'message_kind' = %s"
    assert fetch(database_url, delivered, "delivered") == [(1,)]


async def test_given_tasks_to_be_made_and_called_off_at_once_when_both_end_then_none_is_left(
    uow_factory: PostgresUowFactory, database_url: str
) -> None:
    house = a_house_on(uow_factory, crews=3)
    booking = await a_waiting_booking(house)
    cancelling = Cancelling(booking_id=booking.id, staff_name="maria")
    whole_cents = booking.total_cents

    await asyncio.gather(
        outcome(create_tasks(booking.id, house.ports, house.terms)),
        outcome(
            cancel_booking(cancelling, house.ports, house.terms, expected_refund_cents=whole_cents)
        ),
        outcome(cancel_tasks(booking.id, house.ports, house.terms)),
    )
    await cancel_tasks(booking.id, house.ports, house.terms)

    assert house.couriers.tasks == {}
    assert fetch(database_url, TASKS) == [("pickup", "deleted"), ("dropoff", "deleted")]
