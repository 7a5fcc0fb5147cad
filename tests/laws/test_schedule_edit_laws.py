"""Whatever staff change and guests book at once, no date has more crews taken than there are."""

import asyncio
import os
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import date, time, timedelta
from typing import Final, TypeAlias
from uuid import UUID

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.builders import a_contact
from tests.core.bookings.memory_house import MemoryHouse, a_house, an_order
from tests.laws.house_accounts import active_bookings, crews_needed
from totetaxi_core.bookings.reschedule_booking import preview_reschedule, reschedule_booking
from totetaxi_core.bookings.rescheduling import Rescheduling
from totetaxi_core.refusal import DomainError
from totetaxi_core.scheduling.edit_schedule import ScheduleEdit, edit_schedule
from totetaxi_core.scheduling.schedule import Schedule
from totetaxi_core.scheduling.schedule_change import (
    ScheduleChange,
    ScheduleSettings,
    closing,
    opening,
)
from totetaxi_core.weekday import weekday_of

EXAMPLES: Final = 3_000 if os.environ.get("TOTETAXI_SOAK") else 60
DAYS: Final = tuple(date(2026, 12, 1) + timedelta(days=number) for number in range(2))
TIMES: Final = (time(7), time(9), time(10, 30))
HOUSE_RULES: Final = Schedule(default_crews=2, closed_weekdays=frozenset())
Act: TypeAlias = tuple[Callable[..., Awaitable[None]], date, int]


async def edit(house: MemoryHouse, change: ScheduleChange) -> None:
    asked = ScheduleEdit(change=change, staff_name="maria")
    await edit_schedule(asked, house.ports, house.terms)


async def book(house: MemoryHouse, on: date, figure: int) -> None:
    at = TIMES[figure % len(TIMES)]
    contact = a_contact(email=f"guest{len(house.database.bookings.rows)}@example.com")
    request = replace(an_order().request, pickup_date=on, pickup_time=at)
    order = an_order(request=request, contact=contact, wants_intent=False, allow_duplicate=True)
    await house.book_order(order)


async def cancel(house: MemoryHouse, _on: date, figure: int) -> None:
    found = active_bookings(house)
    if found:
        await house.cancel(found[figure % len(found)])


async def move(house: MemoryHouse, on: date, figure: int) -> None:
    found = active_bookings(house)
    if not found:
        return
    asked = Rescheduling(
        booking_id=found[figure % len(found)].id,
        pickup_date=on,
        pickup_time=TIMES[figure % len(TIMES)],
    )
    offer = await preview_reschedule(asked, house.ports, house.terms)
    cents = offer.quote.total_cents
    await reschedule_booking(asked, house.ports, house.terms, expected_total_cents=cents)


async def set_date(house: MemoryHouse, on: date, figure: int) -> None:
    number = None if figure == 0 else figure - 1
    await edit(house, ScheduleSettings(crews_by_date={on: number}).apply)


async def set_weekday(house: MemoryHouse, on: date, figure: int) -> None:
    await edit(house, ScheduleSettings(crews_by_weekday={weekday_of(on): figure}).apply)


async def set_default(house: MemoryHouse, _on: date, figure: int) -> None:
    await edit(house, ScheduleSettings(default_crews=figure).apply)


async def set_hours(house: MemoryHouse, _on: date, figure: int) -> None:
    """Have the crews' day end between 11:00 and 13:00, some before a job of 10:30 is done."""
    ends_at = time(11 + figure // 2, figure % 2 * 30)
    hours = ScheduleSettings(last_pickup_at=TIMES[-1], crew_day_ends_at=ends_at)
    await edit(house, hours.apply)


async def close(house: MemoryHouse, on: date, _figure: int) -> None:
    await edit(house, closing([on], reason="snow"))


async def open_again(house: MemoryHouse, on: date, _figure: int) -> None:
    await edit(house, opening([on], holidays=house.ports.holidays))


EDITS: Final = (set_date, set_date, set_weekday, set_default, set_hours, close, open_again)
ACTS: Final = st.sampled_from([book, book, book, book, cancel, move, *EDITS])
AT_ONCE: Final = st.lists(
    st.tuples(ACTS, st.sampled_from(DAYS), st.integers(0, 4)), min_size=1, max_size=5
)


async def perform(house: MemoryHouse, at_once: list[Act]) -> list[DomainError]:
    """Do all of them at once; what the business refused is an answer, anything else fails."""
    acts = (act(house, on, figure) for act, on, figure in at_once)
    outcomes = await asyncio.gather(*acts, return_exceptions=True)
    failed = [one for one in outcomes if one is not None and not isinstance(one, DomainError)]
    assert failed == []
    return [one for one in outcomes if isinstance(one, DomainError)]


def check(house: MemoryHouse) -> None:
    rows = house.database.crews.rows
    assert all(0 <= count.taken <= count.crews for count in rows.values())
    assert house.crews_taken() == crews_needed(house)
    versions = house.database.schedules.rows
    assert list(versions) == list(range(1, len(versions) + 1))
    present = versions[len(versions)].schedule if versions else HOUSE_RULES
    for on, crews in present.crews_by_date.items():
        assert {count.crews for (day, _), count in rows.items() if day == on} == {crews}


def closed_dates(house: MemoryHouse) -> frozenset[date]:
    versions = house.database.schedules.rows
    return versions[max(versions)].schedule.closed_dates if versions else frozenset()


def booked_since(before: set[UUID], house: MemoryHouse) -> set[date]:
    rows = house.database.bookings.rows
    return {rows[one].quote.request.pickup_date for one in rows.keys() - before}


@settings(max_examples=EXAMPLES)
@given(steps=st.lists(AT_ONCE, min_size=1, max_size=8))
def test_given_edits_and_bookings_when_interleaved_then_taken_never_exceeds_crews(
    steps: list[list[Act]],
) -> None:
    async def history() -> None:
        house = await a_house(schedule=HOUSE_RULES)
        for at_once in steps:
            before, closed = set(house.database.bookings.rows), closed_dates(house)
            await perform(house, at_once)
            check(house)
            if open_again not in [act for act, _, _ in at_once]:
                assert closed.isdisjoint(booked_since(before, house))

    asyncio.run(history())
