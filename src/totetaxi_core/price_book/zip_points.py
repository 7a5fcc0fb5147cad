"""Where the ZIPs of a book lie."""

from collections.abc import Iterable, Mapping
from typing import Protocol

from totetaxi_core.document import is_storable
from totetaxi_core.geography.point import Point
from totetaxi_core.geography.zip_code import five_digits


class ZipPoints(Protocol):
    """The port to a directory of ZIP codes."""

    def point_of(self, zip_code: str) -> Point | None:
        """Return the centre of five digits, None where the directory does not know them."""
        ...


def with_points(document: object, directory: ZipPoints) -> object:
    """Return the document with a point for every ZIP of its zones that the directory knows.

    Points that are there stay as they are; what is no sound document comes back untouched.
    """
    if not isinstance(document, Mapping):
        return document
    points = document.get("points") or {}
    if not isinstance(points, Mapping):
        return document
    found = {
        zip_code: {"latitude": point.latitude, "longitude": point.longitude}
        for zip_code in sorted(_zips_of(document.get("zones")))
        if zip_code not in points and (point := directory.point_of(zip_code)) is not None
    }
    return {**document, "points": {**points, **found}} if found else document


def _zips_of(zones: object) -> Iterable[str]:
    lists = zones.values() if isinstance(zones, Mapping) else ()
    return {
        zip_code
        for listed in lists
        if isinstance(listed, list | tuple)
        for zip_code in listed
        if isinstance(zip_code, str) and is_storable(zip_code) and five_digits(zip_code) == zip_code
    }
