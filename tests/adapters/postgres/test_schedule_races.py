"""Crews are lowered while others book, on real connections; what the lock of the date is for."""

import asyncio
from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from tests.adapters.postgres.raced_world import a_house_on, order_of
from tests.adapters.postgres.server_view import fetch, until_blocked
from tests.builders import DEFAULT_BOOK, PICKUP_DATE, a_booking
from tests.conftest import PostgresUowFactory
from tests.core.bookings.memory_house import MemoryHouse
from totetaxi_adapters.postgres import crews
from totetaxi_adapters.postgres.tables import crew_dates, crew_half_hours
from totetaxi_core.bookings.booking import Booking
from totetaxi_core.refusal import DomainError
from totetaxi_core.scheduling.edit_schedule import ScheduleEdit, edit_schedule
from totetaxi_core.scheduling.in_the_way import CrewsBelowTakenError
from totetaxi_core.scheduling.schedule_change import ScheduleSettings

ROUNDS, GUESTS = 6, 5
NINE = range(18, 22)
ROWS = "SELECT max(taken), min(crews), max(crews) FROM crew_half_hours WHERE on_date = %s"
VERSIONS = "SELECT count(*), max(version) FROM schedules"


async def set_crews(house: MemoryHouse, on: date, number: int) -> CrewsBelowTakenError | None:
    settings = ScheduleSettings(crews_by_date={on: number})
    edit = ScheduleEdit(change=settings.apply, staff_name="maria")
    try:
        await edit_schedule(edit, house.ports, house.terms)
    except CrewsBelowTakenError as refusal:
        return refusal
    return None


async def book(house: MemoryHouse, on: date, number: int) -> str:
    order = order_of(f"guest.{on.day}.{number}")
    asked = replace(order, request=replace(order.request, pickup_date=on), wants_intent=False)
    try:
        return (await house.book_order(asked)).booking.booking_number
    except DomainError as refusal:
        return refusal.code


async def test_given_many_who_book_when_crews_are_lowered_then_taken_never_exceeds_them(
    uow_factory: PostgresUowFactory, database_url: str
) -> None:
    house = a_house_on(uow_factory, crews=3)
    await house.publish(DEFAULT_BOOK, based_on=0)

    for on in (PICKUP_DATE + timedelta(days=number) for number in range(ROUNDS)):
        lowering = asyncio.create_task(set_crews(house, on, 1))
        guests = [book(house, on, number) for number in range(GUESTS)]
        outcomes, lowered = await asyncio.gather(*guests), await lowering
        booked = {one for one in outcomes if one.startswith("TT-")}

        [(taken, fewest, most)] = fetch(database_url, ROWS, on)
        assert set(outcomes) - booked <= {"slot_unavailable"}
        assert fewest == most
        assert len(booked) == taken <= most
        if lowered is None:
            assert (taken, most) == (1, 1)
        else:
            named = {one.booking_number for one in lowered.dates[0].held}
            assert lowered.dates[0].taken == len(named) > 1
            assert (taken, most) == (3, 3)
            assert named <= booked


async def test_given_two_who_set_crews_at_once_when_both_are_done_then_each_made_a_version(
    uow_factory: PostgresUowFactory, database_url: str
) -> None:
    house = a_house_on(uow_factory, crews=3)

    days = [PICKUP_DATE + timedelta(days=number) for number in range(4)]
    refused = await asyncio.gather(*(set_crews(house, on, 5) for on in days))

    assert refused == [None] * 4
    assert fetch(database_url, VERSIONS) == [(4, 4)]
    async with uow_factory() as uow:
        stored = await uow.schedules.current()
    assert stored is not None
    assert stored.schedule.crews_by_date == dict.fromkeys(days, 5)


async def lower_while_booking(
    house: MemoryHouse, uow_factory: PostgresUowFactory, database_url: str
) -> tuple[Booking, asyncio.Task[CrewsBelowTakenError | None]]:
    """Lower a touched date to one crew while a second booking's transaction is open; commit it."""
    first, second = a_booking(), a_booking()
    for booking in (first, second):
        async with uow_factory() as uow:
            await uow.bookings.add(booking)
            await uow.crews.take(PICKUP_DATE, NINE, crews=3)
            if booking is second:
                lowering = asyncio.create_task(set_crews(house, PICKUP_DATE, 1))
                await until_blocked(database_url)
            await uow.commit()
    return second, lowering


async def test_given_a_booking_under_way_when_crews_are_lowered_then_it_is_waited_for_and_named(
    uow_factory: PostgresUowFactory, database_url: str
) -> None:
    house = a_house_on(uow_factory, crews=3)

    second, lowering = await lower_while_booking(house, uow_factory, database_url)
    refusal = await lowering

    assert refusal is not None
    assert second.booking_number in [one.booking_number for one in refusal.dates[0].held]
    assert len(refusal.dates[0].held) == 2
    assert fetch(database_url, VERSIONS) == [(0, None)]


async def test_given_no_lock_of_the_date_when_crews_are_lowered_then_only_the_table_stops_it(
    uow_factory: PostgresUowFactory, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    house = a_house_on(uow_factory, crews=3)
    of_date = select(crew_dates.c.crews).where(crew_dates.c.on_date == crews.ON)
    columns = (crew_half_hours.c.half_hour, crew_half_hours.c.taken, crew_half_hours.c.crews)
    of_half_hours = select(*columns).where(crew_half_hours.c.on_date == crews.ON)
    monkeypatch.setattr(crews, "LOCK_DATE", of_date)
    monkeypatch.setattr(crews, "LOCK_HALF_HOURS", of_half_hours)

    _, lowering = await lower_while_booking(house, uow_factory, database_url)

    with pytest.raises(IntegrityError, match="ck_crew_half_hours_taken"):
        await lowering
