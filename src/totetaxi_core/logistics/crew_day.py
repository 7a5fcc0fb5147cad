"""A day of the crews, in instants, and what is reckoned with on it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Self

from totetaxi_core.bookings.booking import Booking
from totetaxi_core.logistics.day_plan import MINUTE
from totetaxi_core.logistics.driving import Drive, DrivingMatrix, Place, drives_between
from totetaxi_core.logistics.planning_terms import PlanningTerms
from totetaxi_core.ports import Terms


@dataclass(frozen=True, slots=True, kw_only=True)
class CrewDay:
    """From `begins_at` to `ends_at`, in UTC; where a `matrix` lists a drive, it is not estimated.

    Begins with the pickup hours, or earlier where a booking of former hours stands.
    """

    begins_at: datetime
    ends_at: datetime
    crews: int
    terms: PlanningTerms
    matrix: DrivingMatrix | None

    @classmethod
    def of(
        cls,
        plan_on: date,
        bookings: Iterable[Booking],
        terms: Terms,
        *,
        crews: int,
        matrix: DrivingMatrix | None,
    ) -> Self:
        opens_at = terms.pickup_at(plan_on, terms.schedule.opens_at)
        return cls(
            begins_at=min((opens_at, *(one.pickup_at for one in bookings))),
            ends_at=terms.pickup_at(plan_on, terms.schedule.crew_day_ends_at),
            crews=crews,
            terms=terms.planning,
            matrix=matrix,
        )

    @property
    def minutes(self) -> int:
        return self.minute_of(self.ends_at)

    def minute_of(self, at: datetime) -> int:
        return (at - self.begins_at) // MINUTE

    def at(self, minute: int) -> datetime:
        return self.begins_at + minute * MINUTE

    def drives(self, places: Sequence[Place]) -> tuple[tuple[Drive, ...], ...]:
        return drives_between(places, matrix=self.matrix, road_percent=self.terms.road_percent)
