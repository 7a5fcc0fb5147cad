"""Points on the Earth and the great circle between two of them."""

from dataclasses import dataclass
from math import asin, cos, floor, radians, sin, sqrt

EARTH_RADIUS_MILES = 3_958.8


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """A place in decimal degrees: latitude -90…90, longitude -180…180."""

    latitude: float
    longitude: float


def tenths_of_mile(start: Point, end: Point) -> int:
    """Return the great-circle distance in tenths of a statute mile, half up."""
    lat_start, lat_end = radians(start.latitude), radians(end.latitude)
    half_lat = sin((lat_end - lat_start) / 2)
    half_lon = sin(radians(end.longitude - start.longitude) / 2)
    chord = half_lat**2 + cos(lat_start) * cos(lat_end) * half_lon**2
    miles = 2 * EARTH_RADIUS_MILES * asin(sqrt(min(1.0, chord)))
    return floor(miles * 10 + 0.5)
