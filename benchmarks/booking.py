"""The booking transaction, against pgbench running the same statements."""

import asyncio
import time
from collections.abc import Iterator
from contextlib import AsyncExitStack
from typing import Final, Self

from benchmarks.booking_house import (
    FIRST_DAY,
    LAST_DAY,
    BookingHouse,
    Orders,
    booking_house,
    touch_every_day,
)
from benchmarks.effort import Effort
from benchmarks.figure import Figure
from benchmarks.pgbench import PgbenchScript, script_of
from benchmarks.progress import Progress
from benchmarks.rounds import interleaved
from benchmarks.statement_log import every_statement_logged, transactions
from benchmarks.temporary_postgres import TemporaryPostgres, temporary_postgres

NAME: Final = "booking"
LEAST_PERCENT: Final = 12
CLIENTS: Final = 8
BOOKED: Final = "INSERT INTO bookings"


def measure(effort: Effort, progress: Progress) -> Iterator[Figure]:
    """Book in this process, eight at a time; both sides work on one database, on many days."""
    progress.tell("a PostgreSQL of its own, one booking watched ...")
    with temporary_postgres() as postgres:
        url = postgres.database("booking")
        touch_every_day(url)
        script = capture(postgres, url)
        progress.tell(f"  {len(script.statements)} statements besides BEGIN and COMMIT")
        with asyncio.Runner() as runner, _Booking(runner, url) as booking:
            turns = interleaved(
                {
                    "place_booking": lambda: booking.per_s(effort.round_s),
                    "pgbench": lambda: script.run(url, clients=CLIENTS, seconds=effort.round_s),
                },
                rounds=effort.rounds,
                progress=progress,
            )
    yield Figure(
        name=f"Bookings, {CLIENTS} at a time",
        value=100 * turns.share("place_booking", of="pgbench"),
        unit="% of pgbench",
        limit=LEAST_PERCENT,
        note=f"{turns.median('place_booking'):,.0f} /s against {turns.median('pgbench'):,.0f} /s",
    )


def capture(postgres: TemporaryPostgres, url: str) -> PgbenchScript:
    """Book twice, and return the script of the second booking."""

    async def book_twice() -> None:
        async with booking_house(url) as house:
            orders = Orders()
            for _ in range(2):
                await house.book(orders.draw())

    with every_statement_logged(url):
        asyncio.run(book_twice())
    other, logged = transactions(postgres.log, holding=BOOKED)[-2:]
    script = script_of(logged, other, days=range(FIRST_DAY, LAST_DAY))
    script.statements = ["BEGIN;", *script.statements, "COMMIT;"]
    return script


class _Booking:
    """Guests who book one after the other, on an event loop that is kept."""

    def __init__(self, runner: asyncio.Runner, url: str) -> None:
        self._runner, self._url = runner, url
        self._stack = AsyncExitStack()
        self._orders = Orders()

    def __enter__(self) -> Self:
        entering = self._stack.enter_async_context(booking_house(self._url))
        self._house: BookingHouse = self._runner.run(entering)
        return self

    def __exit__(self, *_: object) -> None:
        self._runner.run(self._stack.aclose())

    def per_s(self, seconds: float) -> float:
        return self._runner.run(self._book(seconds))

    async def _book(self, seconds: float) -> float:
        started = time.perf_counter()
        counts = await asyncio.gather(*[self._guest(started + seconds) for _ in range(CLIENTS)])
        return sum(counts) / (time.perf_counter() - started)

    async def _guest(self, until: float) -> int:
        booked = 0
        while time.perf_counter() < until:
            await self._house.book(self._orders.draw())
            booked += 1
        return booked
