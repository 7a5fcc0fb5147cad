"""Those who move a booking of the raced morning, Tuesday, December 1 at 09:00."""

from dataclasses import replace
from datetime import date, time, timedelta

from tests.adapters.postgres.raced_world import World
from totetaxi_core.bookings.end_reschedule import expire_reschedule
from totetaxi_core.bookings.reschedule_booking import preview_reschedule, reschedule_booking
from totetaxi_core.bookings.rescheduling import Rescheduling

# Half an hour earlier on the same morning, the day before, and a Saturday, which is dearer.
EARLIER, DAY_BEFORE, SATURDAY = date(2026, 12, 1), date(2026, 11, 30), date(2026, 12, 5)


async def _move(world: World, on: date, at: time, *, staff_name: str | None = None) -> object:
    asked = Rescheduling(
        booking_id=world.booking.id, pickup_date=on, pickup_time=at, staff_name=staff_name
    )
    offer = await preview_reschedule(asked, world.ports, world.house.terms)
    cents = offer.quote.total_cents
    return await reschedule_booking(
        asked, world.ports, world.house.terms, expected_total_cents=cents
    )


async def move(world: World, number: int) -> object:
    """Move to another slot of the same price, on another day or on the same."""
    if number:
        return await _move(world, EARLIER, time(8, 30))
    return await _move(world, DAY_BEFORE, time(9))


async def move_dearer(world: World, number: int) -> object:
    return await _move(world, SATURDAY, time(9 + number))


async def move_by_staff(world: World, number: int) -> object:
    return await _move(world, SATURDAY, time(8 + number), staff_name=f"ann{number}")


async def expire_move(world: World, _number: int) -> None:
    """End the reschedule an hour on, when its time is over."""
    now = world.ports.clock() + timedelta(hours=1)
    ports = replace(world.ports, clock=lambda: now)
    await expire_reschedule(world.booking.id, ports, world.house.terms)
