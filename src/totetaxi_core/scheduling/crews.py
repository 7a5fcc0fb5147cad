"""The port to the crews: how many there are and how many are taken, per date and half hour."""

from collections.abc import Mapping
from datetime import date
from typing import NamedTuple, Protocol

from totetaxi_core.refusal import DomainError
from totetaxi_core.scheduling.long_date import long_date
from totetaxi_core.scheduling.occupancy import half_hour_start


class CrewCount(NamedTuple):
    """One half hour of one date: `taken` of its `crews` are busy, never more than all."""

    taken: int
    crews: int


class SlotUnavailableError(DomainError):
    """Every crew is taken in at least one half hour that the booking would need."""

    code = "slot_unavailable"
    field = "pickup_time"

    def __init__(self, on: date, half_hours: range) -> None:
        start = half_hour_start(half_hours.start)
        super().__init__(f"no crew is free from {start:%H:%M} on {long_date(on)}")
        self.on, self.half_hours = on, half_hours


class CrewCalendar(Protocol):
    """Crews by date and half hour (numbered as in `occupancy`: 14 is 07:00).

    Calls share the transaction of their unit of work: what is taken there is given back if
    it rolls back. Postgres holds one row per date and half hour with CHECK (taken <= crews).
    A row appears when a booking first needs it, with the number of crews its date has; that stays
    until staff give the date another. All rows of a date have the same number, so that a new
    default touches only dates nobody has touched.
    """

    async def lock(self, on: date, half_hours: range, *, crews: int) -> None:
        """Lock these half hours in ascending order, missing rows inserted as `take` does.

        Whoever takes some and gives others back of one date, or of several, locks them all first,
        dates in ascending order.
        """
        ...

    async def lock_date(self, on: date, *, crews: int) -> Mapping[int, CrewCount]:
        """Lock the whole date and return its half hours; if nobody has touched it, do so first.

        Whoever wants to take a crew of it waits until the end, and so do those who would touch it.
        More dates than one are locked in ascending order.
        """
        ...

    async def set_crews(self, on: date, *, crews: int) -> None:
        """Give a locked date another number of crews, at least as many as are taken at once."""
        ...

    async def take(self, on: date, half_hours: range, *, crews: int) -> None:
        """Take one crew for all `half_hours`, or none at all.

        Missing rows are inserted, then every row is locked in ascending order, then updated;
        exactly as many rows as half hours must change. `crews` is the number for a date
        nobody has touched (`Schedule.crews_on`); on a touched date, missing rows get the
        number its other rows have.

        Raises:
            SlotUnavailableError: one of the half hours has no crew left.
        """
        ...

    async def release(self, on: date, half_hours: range) -> None:
        """Give back one crew for all `half_hours`, which the caller took before."""
        ...

    async def taken(self, start: date, end: date) -> Mapping[tuple[date, int], CrewCount]:
        """Return every existing row from `start` to `end`, both dates included."""
        ...
