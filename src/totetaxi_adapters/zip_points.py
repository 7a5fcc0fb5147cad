"""The directory of ZIP codes, from the `zipcodes` package."""

from functools import lru_cache

import zipcodes

from totetaxi_core.geography.point import Point

KEPT = 4096


class ZipcodesZipPoints:
    """Knows the ZIP codes of the United States; the package reads them from a file of its own."""

    def point_of(self, zip_code: str) -> Point | None:
        """Return the centre of five digits, None for those nobody has."""
        return _point_of(zip_code)


@lru_cache(maxsize=KEPT)
def _point_of(zip_code: str) -> Point | None:
    for found in zipcodes.matching(zip_code):  # type: ignore[no-untyped-call]
        if found["lat"] and found["long"]:
            return Point(latitude=float(found["lat"]), longitude=float(found["long"]))
    return None
