"""Each report over a whole year, from the library: it costs most to count that."""

import asyncio
import time
from collections.abc import Iterator
from datetime import timedelta
from statistics import median
from typing import Final

from benchmarks.booking_house import TODAY, BookingHouse, booking_house
from benchmarks.figure import Figure
from benchmarks.progress import Progress
from totetaxi_core.reports.read_report import REPORTS, ReportRequest, read_report
from totetaxi_core.reports.report import Grouping, ReportName
from totetaxi_core.reports.span import MOST_DAYS

MOST_MS: Final = 2_000.0
TURNS: Final = 3
# Spans of other lengths are counted by the same statement.
SKIPPED: Final = frozenset({Grouping.WEEK, Grouping.MONTH})


def report_figures(url: str, count: int, progress: Progress) -> Iterator[Figure]:
    """Time each report in a database with so many bookings; the first turn warms up."""
    for name, by in _every():
        progress.tell(f"  report {name} by {by}, {count:,} bookings")
        yield Figure(
            name=f"Report {name} of a year by {by}, {count:,} bookings",
            value=1_000 * asyncio.run(_median_s(url, name, by)),
            unit="ms p50",
            limit=MOST_MS,
            at_most=True,
        )


def _every() -> Iterator[tuple[ReportName, Grouping]]:
    for name, kind in REPORTS.items():
        yield from ((name, by) for by in kind.by if by not in SKIPPED)


async def _median_s(url: str, name: ReportName, by: Grouping) -> float:
    asked = ReportRequest(
        name=name, first_on=TODAY - timedelta(days=MOST_DAYS - 1), last_on=TODAY, by=by
    )
    async with booking_house(url) as house:
        await _read_s(house, asked)
        return median([await _read_s(house, asked) for _ in range(TURNS)])


async def _read_s(house: BookingHouse, asked: ReportRequest) -> float:
    started = time.perf_counter()
    await read_report(asked, house.ports, house.terms)
    return time.perf_counter() - started
