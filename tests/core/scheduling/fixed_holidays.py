from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class FixedHolidays:
    """A holiday calendar with exactly these dates."""

    dates: frozenset[date] = frozenset()

    def is_holiday(self, on: date) -> bool:
        return on in self.dates

    def name_of(self, on: date) -> str | None:
        return "Fixed Day" if on in self.dates else None
