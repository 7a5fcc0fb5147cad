"""The days of the week, by the names documents use."""

from datetime import date
from enum import StrEnum


class Weekday(StrEnum):
    """In the order of the calendar, Monday first, as `date.weekday` counts."""

    MONDAY = "monday"
    TUESDAY = "tuesday"
    WEDNESDAY = "wednesday"
    THURSDAY = "thursday"
    FRIDAY = "friday"
    SATURDAY = "saturday"
    SUNDAY = "sunday"

    @property
    def number(self) -> int:
        """As `date.weekday` counts: Monday is 0."""
        return IN_ORDER.index(self)


IN_ORDER = tuple(Weekday)


def weekday_of(on: date) -> Weekday:
    return IN_ORDER[on.weekday()]
