"""What is looked up, as the table of bookings grows."""

import asyncio
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path
from random import Random
from statistics import median
from typing import Final, Self

from benchmarks.booking_house import TODAY, BookingHouse, booking_house
from benchmarks.effort import Effort
from benchmarks.figure import Figure
from benchmarks.load import asked, load
from benchmarks.progress import Progress
from benchmarks.quote_requests import SEED
from benchmarks.rounds import interleaved
from benchmarks.service import Service, service
from benchmarks.stored_bookings import booking_number, store_bookings
from benchmarks.temporary_postgres import TemporaryPostgres, temporary_postgres

NAME: Final = "growth"
AVAILABILITY: Final = "Availability of 61 days"
STATUS: Final = "Booking status"
PAGE: Final = "First page of bookings"
MOST_MS: Final = 15.0
MOST_TIMES_SLOWER: Final = 1.5
RANGE: Final = (
    f"start_date={TODAY + timedelta(days=1)}&end_date={TODAY + timedelta(days=61)}"
    "&service_type=mini_move"
)
PAGE_SIZE: Final = 20


def measure(effort: Effort, progress: Progress) -> Iterator[Figure]:
    """Time one caller's answers, over HTTP and from the library, in databases of several sizes."""
    with temporary_postgres() as postgres, ExitStack() as stack:
        sides: dict[str, Callable[[], float]] = {}
        for count in effort.bookings:
            progress.tell(f"a database with {count:,} bookings ...")
            sides |= _sides(postgres, stack, count, effort)
        turns = interleaved(sides, rounds=effort.rounds, progress=progress)
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
        for what in (AVAILABILITY, STATUS, PAGE):
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
    url = postgres.database(f"with_{count}")
    store_bookings(url, count)
    data_folder = Path(postgres.folder.parent, f"service-{count}")
    served = stack.enter_context(service(data_folder, DATABASE_URL=url))
    pages = stack.enter_context(_Pages(url))
    numbers = [Random(SEED).randint(1, count) for _ in range(effort.calls)]
    lookups = [f"/api/public/booking-status/{booking_number(number)}" for number in numbers]
    calendar = [f"/api/public/calendar/availability?{RANGE}"]
    return {
        _side(AVAILABILITY, count): lambda: _p50_ms(served, calendar, effort),
        _side(STATUS, count): lambda: _p50_ms(served, lookups, effort),
        _side(PAGE, count): lambda: pages.p50_ms(effort.calls),
    }


def _side(what: str, count: int) -> str:
    return f"{what}, {count:,}"


def _p50_ms(served: Service, paths: list[str], effort: Effort) -> float:
    requests = [asked("GET", path) for path in paths]
    took = load(served.url, requests, connections=1, answers=effort.calls)
    return 1_000 * median(took.latencies_s)


class _Pages:
    """Reads the newest bookings, as the list for staff does."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._runner = asyncio.Runner()

    def __enter__(self) -> Self:
        self._opening = booking_house(self._url)
        self._house: BookingHouse = self._runner.run(self._opening.__aenter__())
        return self

    def __exit__(self, *_: object) -> None:
        self._runner.run(self._opening.__aexit__(None, None, None))
        self._runner.close()

    def p50_ms(self, calls: int) -> float:
        return 1_000 * median(self._runner.run(self._read(calls)))

    async def _read(self, calls: int) -> list[float]:
        took = []
        for _ in range(calls):
            started = time.perf_counter()
            async with self._house.ports.unit_of_work() as uow:
                await uow.bookings.page(status=None, after=None, limit=PAGE_SIZE)
            took.append(time.perf_counter() - started)
        return took
