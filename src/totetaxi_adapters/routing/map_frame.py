"""Where a point of the Earth comes to be on paper, and which points lie close together."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import cos, radians
from typing import Final, NamedTuple, Self

from totetaxi_core.geography.point import EARTH_RADIUS_MILES, Point, tenths_of_mile

MILES_PER_DEGREE: Final = radians(EARTH_RADIUS_MILES)
LEAST_MILES: Final = 1.0
NEIGHBOUR_TENTHS: Final = 100
SCALES: Final = (1, 2, 5, 10, 20, 50, 100)
LONGEST_SCALE: Final = 0.25


class Box(NamedTuple):
    """A rectangle on paper, in pixels from the upper left corner."""

    x: float
    y: float
    width: float
    height: float

    def shrunk(self, margin: float) -> "Box":
        return Box(
            self.x + margin, self.y + margin, self.width - 2 * margin, self.height - 2 * margin
        )

    def holds(self, spot: "Spot") -> bool:
        inside_x = self.x <= spot.x <= self.x + self.width
        return inside_x and self.y <= spot.y <= self.y + self.height


class Spot(NamedTuple):
    """A place on paper."""

    x: float
    y: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """A piece of the map: north is up, a mile as long in each direction."""

    box: Box
    west: float
    north: float
    miles_per_longitude: float
    pixels_per_mile: float

    @classmethod
    def around(cls, points: Sequence[Point], box: Box) -> Self:
        """Return the frame in which all these points fit into the box."""
        middle = radians(sum(one.latitude for one in points) / len(points))
        per_longitude = MILES_PER_DEGREE * cos(middle)
        west, east = _span([one.longitude for one in points], LEAST_MILES / per_longitude)
        south, north = _span([one.latitude for one in points], LEAST_MILES / MILES_PER_DEGREE)
        across, down = (east - west) * per_longitude, (north - south) * MILES_PER_DEGREE
        scale = min(box.width / across, box.height / down)
        return cls(
            box=box,
            west=west - (box.width / scale - across) / 2 / per_longitude,
            north=north + (box.height / scale - down) / 2 / MILES_PER_DEGREE,
            miles_per_longitude=per_longitude,
            pixels_per_mile=scale,
        )

    def spot(self, point: Point) -> Spot:
        east = (point.longitude - self.west) * self.miles_per_longitude
        south = (self.north - point.latitude) * MILES_PER_DEGREE
        return Spot(
            self.box.x + east * self.pixels_per_mile, self.box.y + south * self.pixels_per_mile
        )

    @property
    def scale_miles(self) -> int:
        """How many miles the bar of the scale is long: a round number."""
        fits = [
            miles
            for miles in SCALES
            if miles * self.pixels_per_mile <= self.box.width * LONGEST_SCALE
        ]
        return fits[-1] if fits else SCALES[0]


def neighbourhoods(points: Sequence[Point]) -> list[list[Point]]:
    """Part different points so that each is within ten miles of another of its part, west first."""
    parts: list[list[Point]] = []
    for point in dict.fromkeys(points):
        near = [part for part in parts if any(_are_near(point, one) for one in part)]
        parts = [part for part in parts if part not in near]
        parts.append([point, *(one for part in near for one in part)])
    return sorted(parts, key=lambda part: min(one.longitude for one in part))


def _are_near(one: Point, other: Point) -> bool:
    return tenths_of_mile(one, other) <= NEIGHBOUR_TENTHS


def _span(values: Sequence[float], least: float) -> tuple[float, float]:
    """Return the smallest and the largest value, at least so far apart."""
    low, high = min(values), max(values)
    missing = max(0.0, least - (high - low)) / 2
    return low - missing, high + missing
