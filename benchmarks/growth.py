"""What is looked up, as the tables of bookings and customers grow."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from datetime import timedelta
from functools import partial
from pathlib import Path
from random import Random
from statistics import median
from typing import Final

from benchmarks.booking_house import TODAY
from benchmarks.desk_reads import READS, DeskReads
from benchmarks.effort import Effort
from benchmarks.figure import Figure
from benchmarks.load import asked, load
from benchmarks.progress import Progress
from benchmarks.quote_requests import SEED
from benchmarks.report_reads import report_figures
from benchmarks.rounds import interleaved
from benchmarks.service import Service, service
from benchmarks.stored_bookings import booking_number, store_bookings
from benchmarks.temporary_postgres import TemporaryPostgres, temporary_postgres

NAME: Final = "growth"
AVAILABILITY: Final = "Availability of 61 days"
STATUS: Final = "Booking status"
MOST_MS: Final = 15.0
MOST_TIMES_SLOWER: Final = 1.5
RANGE: Final = (
    f"start_date={TODAY + timedelta(days=1)}&end_date={TODAY + timedelta(days=61)}"
    "&service_type=mini_move"
)


def measure(effort: Effort, progress: Progress) -> Iterator[Figure]:
    """Time one caller's answers, over HTTP and from the library, in databases of several sizes."""
    with temporary_postgres() as postgres, ExitStack() as stack:
        sides: dict[str, Callable[[], float]] = {}
        for count in effort.bookings:
            progress.tell(f"a database with {count:,} bookings ...")
            sides |= _sides(postgres, stack, count, effort)
        turns = interleaved(sides, rounds=effort.rounds, progress=progress)
        for count in effort.bookings[1:]:
            yield from report_figures(postgres.url_of(_database(count)), count, progress)
    yield from _figures({side: turns.median(side) for side in sides}, effort)


def _figures(p50_ms: Mapping[str, float], effort: Effort) -> Iterator[Figure]:
    least, *larger = effort.bookings
    for count in larger:
        yield Figure(
            name=f"{AVAILABILITY}, {count:,} bookings",
            value=p50_ms[_side(AVAILABILITY, count)],
            unit="ms p50",
            limit=MOST_MS,
            at_most=True,
        )
        for what in (AVAILABILITY, STATUS, *READS):
            yield Figure(
                name=f"{what}, {count:,} bookings against {least:,}",
                value=p50_ms[_side(what, count)],
                unit="ms p50",
                limit=MOST_TIMES_SLOWER * p50_ms[_side(what, least)],
                at_most=True,
                note=f"{p50_ms[_side(what, least)]:.2f} ms with {least:,}",
            )


def _sides(
    postgres: TemporaryPostgres, stack: ExitStack, count: int, effort: Effort
) -> dict[str, Callable[[], float]]:
    url = postgres.database(_database(count))
    store_bookings(url, count)
    data_folder = Path(postgres.folder.parent, f"service-{count}")
    served = stack.enter_context(service(data_folder, DATABASE_URL=url))
    desk = stack.enter_context(DeskReads(url, count))
    numbers = [Random(SEED).randint(1, count) for _ in range(effort.calls)]
    lookups = [f"/api/public/booking-status/{booking_number(number)}" for number in numbers]
    calendar = [f"/api/public/calendar/availability?{RANGE}"]
    return {
        _side(AVAILABILITY, count): lambda: _p50_ms(served, calendar, effort),
        _side(STATUS, count): lambda: _p50_ms(served, lookups, effort),
    } | {_side(what, count): partial(desk.p50_ms, what, effort.calls) for what in READS}


def _database(count: int) -> str:
    return f"with_{count}"


def _side(what: str, count: int) -> str:
    return f"{what}, {count:,}"


def _p50_ms(served: Service, paths: list[str], effort: Effort) -> float:
    requests = [asked("GET", path) for path in paths]
    took = load(served.url, requests, connections=1, answers=effort.calls)
    return 1_000 * median(took.latencies_s)
