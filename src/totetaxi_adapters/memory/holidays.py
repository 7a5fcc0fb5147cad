"""A federal calendar of given dates."""

from collections.abc import Iterable
from datetime import date


class MemoryHolidayCalendar:
    def __init__(self, holidays: Iterable[date] = ()) -> None:
        self._holidays = frozenset(holidays)

    def is_holiday(self, on: date) -> bool:
        """Tell whether `on` is one of the dates given."""
        return on in self._holidays

    def name_of(self, on: date) -> str | None:
        """Return one name for all of them."""
        return "holiday" if on in self._holidays else None
