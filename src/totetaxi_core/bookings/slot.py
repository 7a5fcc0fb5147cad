"""The slot of a booking, a date and the half hours its crew is busy; moving from one to another.

Source: docs/scheduling.md, "Crews".
"""

from datetime import date, time
from typing import NamedTuple, Self

from totetaxi_core.bookings.booking import Booking
from totetaxi_core.bookings.reschedule import Reschedule
from totetaxi_core.pricing.quote import Quote
from totetaxi_core.scheduling.crews import CrewCalendar, SlotUnavailableError
from totetaxi_core.scheduling.occupancy import half_hours
from totetaxi_core.scheduling.schedule import Schedule


class Slot(NamedTuple):
    """Half hours are numbered as in `scheduling.occupancy`."""

    on: date
    half_hours: range

    @classmethod
    def of_quote(cls, quote: Quote, *, crew_day_ends_at: time) -> Self:
        hours = half_hours(
            quote.request.pickup_time, quote.estimated_hours, crew_day_ends_at=crew_day_ends_at
        )
        return cls(quote.request.pickup_date, hours)

    @classmethod
    def of(cls, holder: Booking | Reschedule) -> Self:
        """Return the slot a booking has, or the one a pending reschedule holds for it."""
        return cls.of_quote(holder.quote, crew_day_ends_at=holder.crew_day_ends_at)

    def beyond(self, other: "Slot") -> tuple[range, ...]:
        """Return the half hours that the other slot does not have, in ascending order."""
        mine, theirs = self.half_hours, other.half_hours
        if self.on != other.on:
            return (mine,)
        before = range(mine.start, min(mine.stop, theirs.start))
        after = range(max(mine.start, theirs.stop), mine.stop)
        return tuple(part for part in (before, after) if len(part))


async def take_beyond(crews: CrewCalendar, new: Slot, old: Slot, schedule: Schedule) -> None:
    """Take a crew for what the new slot needs beyond the old one, which is held.

    Raises:
        SlotUnavailableError: no crew is free; none is taken.
    """
    await crews.lock(new.on, new.half_hours, crews=schedule.crews_on(new.on))
    taken: list[range] = []
    try:
        for part in new.beyond(old):
            await crews.take(new.on, part, crews=schedule.crews_on(new.on))
            taken.append(part)
    except SlotUnavailableError as error:
        for part in taken:
            await crews.release(new.on, part)
        raise SlotUnavailableError(new.on, new.half_hours) from error


async def release_beyond(crews: CrewCalendar, old: Slot, new: Slot) -> None:
    """Give back what the old slot has beyond the new one, which stays held."""
    for part in old.beyond(new):
        await crews.release(old.on, part)


async def move_crew(crews: CrewCalendar, old: Slot, new: Slot, schedule: Schedule) -> None:
    """Give the old slot back for the new one.

    All half hours are locked first, in ascending order: two who move against each other, or one
    who books, would else wait for each other.

    Raises:
        SlotUnavailableError: no crew is free in the new slot; the old one is still held.
    """
    if old.on == new.on:
        first = min(old.half_hours.start, new.half_hours.start)
        last = max(old.half_hours.stop, new.half_hours.stop)
        await crews.lock(old.on, range(first, last), crews=schedule.crews_on(old.on))
    else:
        for slot in sorted((old, new), key=lambda each: each.on):
            await crews.lock(slot.on, slot.half_hours, crews=schedule.crews_on(slot.on))
    await take_beyond(crews, new, old, schedule)
    await release_beyond(crews, old, new)
