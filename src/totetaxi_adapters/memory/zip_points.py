"""A directory of given ZIP codes."""

from collections.abc import Mapping

from totetaxi_core.geography.point import Point


class MemoryZipPoints:
    def __init__(self, points: Mapping[str, Point] | None = None) -> None:
        self._points = dict(points or {})

    def point_of(self, zip_code: str) -> Point | None:
        """Return the point given for five digits."""
        return self._points.get(zip_code)
