"""How long a crew drives from one place to another.

Source: docs/dispatch.md, "The day plan".
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

from totetaxi_core.geography.point import Point, tenths_of_mile

CITY_TENTHS: Final = 60
CITY_MPH: Final = 12
HIGHWAY_MPH: Final = 48
TENTH_MINUTES: Final = 60 // 10
"""A tenth of a mile at one mile an hour takes six minutes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a crew stops; `zip_code` has five digits."""

    point: Point
    zip_code: str

    @property
    def names(self) -> tuple[str, str]:
        """What a matrix may call it, the finest first: `40.77120,-73.96490`, then its ZIP."""
        return f"{self.point.latitude:.5f},{self.point.longitude:.5f}", self.zip_code


class Drive(NamedTuple):
    """Whole minutes; `is_listed` where a matrix says so, else they are estimated."""

    minutes: int
    is_listed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class DrivingMatrix:
    """Whole minutes from place to place, by their names.

    What is listed one way alone holds for the way back as well.
    """

    minutes: Mapping[tuple[str, str], int]

    def between(self, start: Place, end: Place) -> int | None:
        """Return the minutes, by the finest names listed; None where there are none."""
        pairs = [(a, b) for a in start.names for b in end.names]
        for a, b in pairs:
            for pair in ((a, b), (b, a)):
                if pair in self.minutes:
                    return self.minutes[pair]
        return None


def estimated_minutes(start: Point, end: Point, *, road_percent: int) -> int:
    """Return the minutes by road, rounded up: slow for its first miles, as in a city, then fast."""
    tenths = -(-tenths_of_mile(start, end) * road_percent // 100)
    city = min(tenths, CITY_TENTHS)
    scaled = TENTH_MINUTES * (city * HIGHWAY_MPH + (tenths - city) * CITY_MPH)
    return -(-scaled // (CITY_MPH * HIGHWAY_MPH))


def drives_between(
    places: Sequence[Place], *, matrix: DrivingMatrix | None, road_percent: int
) -> tuple[tuple[Drive, ...], ...]:
    """Return the drive from each place (the row) to each (the column)."""

    def drive(start: Place, end: Place) -> Drive:
        if start.point == end.point:
            return Drive(0)
        listed = matrix.between(start, end) if matrix else None
        if listed is not None:
            return Drive(listed, is_listed=True)
        return Drive(estimated_minutes(start.point, end.point, road_percent=road_percent))

    return tuple(tuple(drive(start, end) for end in places) for start in places)
