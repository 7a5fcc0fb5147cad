"""The port to the federal calendar."""

from datetime import date
from typing import Protocol


class HolidayCalendar(Protocol):
    """Which dates are US federal holidays. Answers from memory and may be asked by any thread."""

    def is_holiday(self, on: date) -> bool:
        """Tell whether `on` is a federal holiday: the day itself or its observed day."""
        ...

    def name_of(self, on: date) -> str | None:
        """Return what the holiday is called; None where the date is none."""
        ...
