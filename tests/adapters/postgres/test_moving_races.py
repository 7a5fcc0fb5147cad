"""Bookings that move, at once, on real connections; and what each of the locks is for."""

import asyncio

import pytest
from sqlalchemy import Uuid, bindparam, select
from sqlalchemy.exc import IntegrityError

from tests.adapters.postgres.raced_world import a_house_on
from tests.adapters.postgres.server_view import fetch, until_blocked
from tests.builders import DEFAULT_BOOK, PICKUP_DATE
from tests.conftest import PostgresUowFactory
from tests.contracts.test_reschedules import a_reschedule, stored_payments
from tests.core.bookings.memory_house import MemoryHouse
from tests.core.bookings.rescheduling import NINE, WEDNESDAY, WEEKDAY_CENTS
from tests.meeting import Meeting
from totetaxi_adapters.memory.cards import PAYS
from totetaxi_adapters.postgres import bookings, crews, tables
from totetaxi_core.bookings.booking import Booking
from totetaxi_core.bookings.cancel_booking import Cancelling, cancel_booking
from totetaxi_core.bookings.reschedule import RescheduleExistsError
from totetaxi_core.bookings.reschedule_act import RescheduleAct
from totetaxi_core.bookings.rescheduling import Rescheduling
from totetaxi_core.bookings.slot import Slot, move_crew
from totetaxi_core.payments.call_off import CalledOff
from totetaxi_core.refusal import DomainError
from totetaxi_core.scheduling.schedule import Schedule
from totetaxi_core.unit_of_work import DatabaseUnavailableError

EARLY, LATE = Slot(PICKUP_DATE, range(14, 18)), Slot(PICKUP_DATE, range(18, 22))
CREWS = Schedule(default_crews=2)
ROUNDS = 10
TAKEN = "SELECT half_hour, taken FROM crew_half_hours WHERE taken > 0 ORDER BY 1"


async def take(uow_factory: PostgresUowFactory, *slots: Slot) -> None:
    async with uow_factory() as uow:
        for slot in slots:
            await uow.crews.take(slot.on, slot.half_hours, crews=CREWS.default_crews)
        await uow.commit()


async def swap(uow_factory: PostgresUowFactory, old: Slot, new: Slot) -> str:
    try:
        async with uow_factory() as uow:
            await move_crew(uow.crews, old, new, CREWS)
            await uow.commit()
    except DatabaseUnavailableError as refusal:
        return refusal.code
    return "moved"


async def test_given_two_slots_when_two_bookings_swap_them_at_once_then_neither_gives_way(
    uow_factory: PostgresUowFactory, database_url: str
) -> None:
    await take(uow_factory, EARLY, LATE)

    outcomes = set()
    for _ in range(ROUNDS):
        there = swap(uow_factory, EARLY, LATE), swap(uow_factory, LATE, EARLY)
        outcomes |= set(await asyncio.gather(*there))

    assert outcomes == {"moved"}
    assert fetch(database_url, TAKEN) == [(half_hour, 1) for half_hour in range(14, 22)]


async def test_given_no_lock_of_both_slots_when_two_swap_them_then_they_wait_for_each_other(
    uow_factory: PostgresUowFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    await take(uow_factory, EARLY, LATE)
    both_have_taken = Meeting()
    take_one = crews.PostgresCrewCalendar.take

    async def lock_nothing(*_: object, **__: object) -> None:
        """Lock no half hour."""

    async def take_and_meet(
        calendar: crews.PostgresCrewCalendar, *what: object, **how: object
    ) -> None:
        await take_one(calendar, *what, **how)  # type: ignore[arg-type]
        await both_have_taken.wait()

    monkeypatch.setattr(crews.PostgresCrewCalendar, "lock", lock_nothing)
    monkeypatch.setattr(crews.PostgresCrewCalendar, "take", take_and_meet)

    outcomes = await asyncio.gather(swap(uow_factory, EARLY, LATE), swap(uow_factory, LATE, EARLY))

    assert sorted(outcomes) == ["database_unavailable", "moved"]


async def test_given_no_lock_of_the_booking_when_two_reschedules_begin_then_one_is_refused(
    uow_factory: PostgresUowFactory, database_url: str
) -> None:
    payments = await stored_payments(uow_factory, count=2)

    async def hold(number: int) -> str:
        try:
            async with uow_factory() as uow:
                await uow.reschedules.add(a_reschedule(payments[number]))
                await uow.commit()
        except RescheduleExistsError as refusal:
            return refusal.code
        return "held"

    outcomes = await asyncio.gather(hold(0), hold(1))

    assert sorted(outcomes) == ["held", "reschedule_pending"]
    assert fetch(database_url, "SELECT count(*) FROM reschedules") == [(1,)]


async def paid_booking(house: MemoryHouse) -> Booking:
    _, intent = await house.book_unpaid()
    settled = await house.settle(house.pay(intent, PAYS))
    assert settled is not None
    return settled


async def cancel(house: MemoryHouse, booking: Booking) -> str:
    asked = Cancelling(booking_id=booking.id)
    try:
        await cancel_booking(
            asked, house.ports, house.terms, expected_refund_cents=booking.total_cents
        )
    except (DomainError, IntegrityError) as error:
        return type(error).__name__
    return "cancelled"


async def move_and_let_cancel(
    house: MemoryHouse, booking: Booking, uow_factory: PostgresUowFactory, database_url: str
) -> str:
    """Move it in a transaction that stays open until whoever cancels it waits."""
    asked = Rescheduling(booking_id=booking.id, pickup_date=WEDNESDAY, pickup_time=NINE)
    async with uow_factory() as uow:
        await RescheduleAct(asked, house.ports, house.terms, uow, CalledOff()).apply(WEEKDAY_CENTS)
        cancelling = asyncio.create_task(cancel(house, booking))
        await until_blocked(database_url)
        await uow.commit()
    return await cancelling


async def test_given_a_move_when_cancelled_meanwhile_then_it_is_the_moved_one_that_ends(
    uow_factory: PostgresUowFactory, database_url: str
) -> None:
    house = a_house_on(uow_factory, crews=2)
    await house.publish(DEFAULT_BOOK, based_on=0)
    booking = await paid_booking(house)

    outcome = await move_and_let_cancel(house, booking, uow_factory, database_url)

    rows = fetch(database_url, "SELECT status, pickup_date FROM bookings")
    assert outcome == "cancelled"
    assert rows == [("cancelled", WEDNESDAY)]
    assert fetch(database_url, TAKEN) == []


async def test_given_no_lock_of_the_booking_when_cancelled_meanwhile_then_crews_are_wrong(
    uow_factory: PostgresUowFactory, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    house = a_house_on(uow_factory, crews=2)
    await house.publish(DEFAULT_BOOK, based_on=0)
    booking = await paid_booking(house)
    of_booking = tables.bookings.c.id == bindparam("booking_id", type_=Uuid)
    monkeypatch.setattr(bookings, "LOCK", select(*bookings.ROW).where(of_booking))

    outcome = await move_and_let_cancel(house, booking, uow_factory, database_url)

    assert outcome == IntegrityError.__name__  # the table's own check, and nothing of ours
