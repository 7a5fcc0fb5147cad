"""When a simulation begins: before nights on which the clocks change, and at other odd times."""

from datetime import UTC, date, datetime, timedelta
from typing import Final

STARTS: Final = (
    datetime(2026, 3, 5, 14, 0, tzinfo=UTC),  # three days before an hour is left out
    datetime(2026, 3, 8, 6, 30, tzinfo=UTC),  # half an hour before it
    datetime(2026, 10, 29, 13, 0, tzinfo=UTC),  # three days before an hour comes twice
    datetime(2026, 11, 1, 5, 30, tzinfo=UTC),  # in the first of the two
    datetime(2026, 12, 31, 23, 0, tzinfo=UTC),  # the last evening of a year
    datetime(2027, 2, 26, 18, 0, tzinfo=UTC),  # a February of 28 days
    datetime(2028, 2, 28, 12, 0, tzinfo=UTC),  # and one of 29
    datetime(2026, 6, 30, 3, 59, tzinfo=UTC),  # a minute before midnight in New York
)
STANDARD: Final = timedelta(hours=-5)
DAYLIGHT: Final = timedelta(hours=-4)


def new_york_offset(at: datetime) -> timedelta:
    """Return what New York's clocks are ahead of UTC, by the law and not by the zone's tables.

    Daylight time runs from the second Sunday in March to the first in November, at 02:00.
    """
    begins = datetime.combine(_sunday(at.year, month=3, nth=2), datetime.min.time(), tzinfo=UTC)
    ends = datetime.combine(_sunday(at.year, month=11, nth=1), datetime.min.time(), tzinfo=UTC)
    is_daylight = begins + timedelta(hours=7) <= at < ends + timedelta(hours=6)
    return DAYLIGHT if is_daylight else STANDARD


def _sunday(year: int, *, month: int, nth: int) -> date:
    first = date(year, month, 1)
    return first + timedelta(days=(6 - first.weekday()) % 7 + 7 * (nth - 1))
