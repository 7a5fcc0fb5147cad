"""The days a report is about, and the spans of a day, week or month they fall into."""

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo
from enum import StrEnum
from typing import Final, Self

from totetaxi_core.business_day import day_begins_at
from totetaxi_core.refusal import FieldFault, InvalidInputError

MOST_DAYS: Final = 366
DAY: Final = timedelta(days=1)


class SpanLength(StrEnum):
    DAY = "day"
    WEEK = "week"
    MONTH = "month"


@dataclass(frozen=True, slots=True)
class Days:
    """Days of New York, both included.

    Raises:
        InvalidInputError: they end before they begin, or are more than 366.
    """

    first_on: date
    last_on: date

    def __post_init__(self) -> None:
        if self.last_on < self.first_on:
            _refuse("out_of_order", f"must not end before {self.first_on}")
        if (self.last_on - self.first_on).days >= MOST_DAYS or self.last_on == date.max:
            _refuse("out_of_range", f"at most {MOST_DAYS} days at a time")

    def __iter__(self) -> Iterator[date]:
        count = (self.last_on - self.first_on).days + 1
        return (self.first_on + DAY * number for number in range(count))


@dataclass(frozen=True, slots=True)
class Spans:
    """`bounds` are the first days of spans that follow each other, and the day after the last.

    Weeks begin on Monday; the first span begins, and the last one ends, where the days do.
    """

    bounds: tuple[date, ...]

    @classmethod
    def of(cls, days: Days, length: SpanLength) -> Self:
        firsts = [on for on in days if on == days.first_on or _begins(on, length)]
        return cls((*firsts, days.last_on + DAY))

    @property
    def firsts(self) -> tuple[date, ...]:
        """Return the first day of each span."""
        return self.bounds[:-1]

    def instants(self, zone: tzinfo) -> tuple[datetime, ...]:
        """Return the bounds as instants in UTC: each midnight in the zone."""
        return tuple(day_begins_at(on, zone) for on in self.bounds)

    def first_of(self, on: date) -> date:
        """Return the first day of the span that a day of these falls into."""
        return self.bounds[bisect_right(self.bounds, on) - 1]


def _begins(on: date, length: SpanLength) -> bool:
    if length is SpanLength.WEEK:
        return on.weekday() == 0
    return length is SpanLength.DAY or on.day == 1


def _refuse(code: str, message: str) -> None:
    raise InvalidInputError([FieldFault(field="to", code=code, message=message)])
