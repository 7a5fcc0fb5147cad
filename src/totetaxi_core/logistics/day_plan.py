"""A day's plan: which crew drives which booking, in which order, with which driving."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from totetaxi_core.bookings.booking import Booking
from totetaxi_core.geography.address import Address
from totetaxi_core.logistics.courier_task import Leg
from totetaxi_core.logistics.driving import Place

MINUTE = timedelta(minutes=1)


class UnplannedReason(StrEnum):
    """Why no crew drives a booking; `what_it_means` is a sentence for a person."""

    NO_PLACE = "no_place"
    TOO_LARGE = "too_large"
    DAY_TOO_SHORT = "day_too_short"
    NO_CREW = "no_crew"
    NO_ROOM = "no_room"

    @property
    def what_it_means(self) -> str:
        return MEANINGS[self]


MEANINGS = {
    UnplannedReason.NO_PLACE: "no point on the map is known for one of its addresses",
    UnplannedReason.TOO_LARGE: "it needs more room than a van has",
    UnplannedReason.DAY_TOO_SHORT: "begun at its time, it would end after the crews' day",
    UnplannedReason.NO_CREW: "no crew works on this date",
    UnplannedReason.NO_ROOM: "no crew can fit it in at its time, or late by as much as is allowed",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Stop:
    """One leg of one booking. Instants are aware and in UTC, on whole minutes.

    The crew arrives after `driving_minutes` from its last stop (0 at the first), waits until
    `begin_at` and leaves at `depart_at` with `load_cubic_feet` in the van. `is_listed` tells that
    the driving is the matrix's, not an estimate.
    """

    leg: Leg
    booking: Booking
    place: Place
    arrive_at: datetime
    begin_at: datetime
    depart_at: datetime
    driving_minutes: int
    load_cubic_feet: int
    is_listed: bool = False

    @property
    def address(self) -> Address:
        delivery = self.booking.delivery_address
        if self.leg is Leg.PICKUP or delivery is None:
            return self.booking.pickup_address
        return delivery

    @property
    def waiting_minutes(self) -> int:
        return (self.begin_at - self.arrive_at) // MINUTE

    @property
    def late_minutes(self) -> int:
        """How long after its time a pickup begins; a drop-off has none."""
        if self.leg is Leg.DROPOFF:
            return 0
        return (self.begin_at - self.booking.pickup_at) // MINUTE


@dataclass(frozen=True, slots=True, kw_only=True)
class CrewRoute:
    """What one crew drives, at least one stop. Crews are numbered from 1 by when they begin."""

    crew: int
    stops: tuple[Stop, ...]

    @property
    def begins_at(self) -> datetime:
        return self.stops[0].arrive_at

    @property
    def ends_at(self) -> datetime:
        return self.stops[-1].depart_at

    @property
    def bookings(self) -> int:
        return sum(stop.leg is Leg.PICKUP for stop in self.stops)

    @property
    def driving_minutes(self) -> int:
        return sum(stop.driving_minutes for stop in self.stops)

    @property
    def waiting_minutes(self) -> int:
        return sum(stop.waiting_minutes for stop in self.stops)


@dataclass(frozen=True, slots=True, kw_only=True)
class Unplanned:
    booking: Booking
    reason: UnplannedReason


@dataclass(frozen=True, slots=True, kw_only=True)
class DayPlan:
    """Every booking of the date is in one route, or unplanned. `crews` is how many could drive.

    The crews' day is `[begins_at, ends_at]`; driving to the first stop and from the last is the
    crew's own and not counted.
    """

    plan_on: date
    begins_at: datetime
    ends_at: datetime
    crews: int
    van_cubic_feet: int
    routes: tuple[CrewRoute, ...]
    unplanned: tuple[Unplanned, ...]

    @property
    def bookings(self) -> int:
        """How many are planned."""
        return sum(route.bookings for route in self.routes)

    @property
    def driving_minutes(self) -> int:
        return sum(route.driving_minutes for route in self.routes)

    @property
    def waiting_minutes(self) -> int:
        return sum(route.waiting_minutes for route in self.routes)

    @property
    def drives(self) -> tuple[int, int]:
        """How many drives there are between two places, and how many of them a matrix lists."""
        moved = [stop for route in self.routes for stop in route.stops if stop.driving_minutes]
        return len(moved), sum(stop.is_listed for stop in moved)
