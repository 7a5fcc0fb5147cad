"""Everything that is measured, by name."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from benchmarks import backup, booking, day_plan, growth, preview, quotes, rehearsal, sizing, start
from benchmarks.effort import Effort
from benchmarks.figure import Figure
from benchmarks.progress import Progress


@dataclass(frozen=True, slots=True)
class Measure:
    """`run` yields figures as it gets them."""

    title: str
    run: Callable[[Effort, Progress], Iterator[Figure]]


MEASURES: Final[Mapping[str, Measure]] = {
    quotes.NAME: Measure("Quotes, in process, on one core", quotes.measure),
    preview.NAME: Measure("Price preview over HTTP, without a database", preview.measure),
    booking.NAME: Measure("Booking transaction against pgbench", booking.measure),
    day_plan.NAME: Measure("Day plan, without Onfleet", day_plan.measure),
    growth.NAME: Measure("Look-ups as the table of bookings grows", growth.measure),
    rehearsal.NAME: Measure("Rehearsal of a price book, on every core", rehearsal.measure),
    backup.NAME: Measure("Backup and restore, every row compared", backup.measure),
    sizing.NAME: Measure("What a booking costs each part of the house", sizing.measure),
    start.NAME: Measure("Start and memory", start.measure),
}
