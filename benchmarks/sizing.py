"""What one booking costs each part of the house, from the first look to its last mail."""

import os
import secrets
import shutil
import socket
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final, NamedTuple, Self

import httpx
import psycopg

from benchmarks.booking_house import touch_every_day
from benchmarks.child_process import child, module_command
from benchmarks.effort import Effort
from benchmarks.figure import Figure
from benchmarks.processor_time import children_of, processor_s
from benchmarks.progress import Progress
from benchmarks.service import service
from benchmarks.shopping import Shop
from benchmarks.temporary_postgres import TemporaryPostgres, temporary_postgres
from totetaxi_adapters.embedded_postgres.cluster import processes_in
from totetaxi_adapters.providers import ONFLEET_API_PATH, STRIPE_PATH

NAME: Final = "sizing"
MOST_BOOKINGS: Final = 200
WARM_UP_SHARE: Final = 4
A_MINUTE: Final = 1_000
PATIENCE_S: Final = 300
LOOK_S: Final = 0.2
IDLE_ROUNDS: Final = 8
OWED: Final = (
    "SELECT count(*) FROM owed_effects WHERE state = 'due'"
    " AND NOT (attempts = 0 AND coalesce(payload->>'message_kind', '') = 'reminder')"
)
DONE: Final = (
    "SELECT pg_current_wal_insert_lsn() - '0/0', pg_database_size(current_database()),"
    " (SELECT xact_commit FROM pg_stat_database WHERE datname = current_database())"
)


class NotDoneError(Exception):
    """What the bookings owe was not done in time."""


class Spent(NamedTuple):
    """What was spent: processor time in seconds, bytes, commits and calls, within `seconds`."""

    seconds: float
    api_s: float
    worker_s: float
    postgres_s: float
    wal_bytes: float
    stored_bytes: float
    commits: float
    stripe_calls: float
    stripe_busiest_calls: float
    onfleet_calls: float

    def since(self, before: Self) -> Self:
        return type(self)(*(more - less for more, less in zip(self, before, strict=True)))

    def less(self, idle: Self) -> Self:
        """Take out what would have been spent in the same time with nobody there."""
        share = self.seconds / idle.seconds
        return type(self)(*(all_ - share * less for all_, less in zip(self, idle, strict=True)))

    def shared_by(self, number: float) -> Self:
        return type(self)(*(value / number for value in self))


def measure(effort: Effort, progress: Progress) -> Iterator[Figure]:
    """Sell and do all that is owed, by two API processes and a worker; then count what it took."""
    bookings = min(MOST_BOOKINGS, effort.requests // 5)
    with temporary_postgres() as postgres, ExitStack() as stack:
        url = postgres.database(NAME)
        touch_every_day(url)
        house = stack.enter_context(_open(postgres, url))
        progress.tell(f"{bookings} bookings from the first look to the last mail ...")
        house.live(bookings // WARM_UP_SHARE)
        progress.tell("nobody calls ...")
        idle = house.watch(lambda: time.sleep(IDLE_ROUNDS * effort.round_s))
        progress.tell(f"{bookings} bookings from the first look to the last mail ...")
        busy = house.watch(lambda: house.live(bookings))
    yield from _figures(busy.less(idle).shared_by(bookings))
    yield from _idle_figures(idle.shared_by(idle.seconds))


def _figures(each: Spent) -> Iterator[Figure]:
    parts = {"API": each.api_s, "worker": each.worker_s, "PostgreSQL": each.postgres_s}
    for part, seconds in parts.items():
        cores = seconds * A_MINUTE / 60
        yield Figure(
            name=f"Processor time of a booking: {part}",
            value=1_000 * seconds,
            unit="ms",
            note=f"{A_MINUTE:,} a minute are {cores:.1f} cores",
        )
    yield Figure(name="Transactions of a booking", value=each.commits, unit="commits")
    yield Figure(name="Write-ahead log of a booking", value=each.wal_bytes / 1_024, unit="KiB")
    yield Figure(name="Storage of a booking", value=each.stored_bytes / 1_024, unit="KiB")
    yield Figure(name="Calls of Stripe for a booking", value=each.stripe_calls, unit="calls")
    yield Figure(
        name="of these, of its busiest endpoint", value=each.stripe_busiest_calls, unit="calls"
    )
    yield Figure(name="Calls of Onfleet for a booking", value=each.onfleet_calls, unit="calls")


def _idle_figures(second: Spent) -> Iterator[Figure]:
    cores = second.api_s + second.worker_s + second.postgres_s
    yield Figure(name="Processors when nobody calls", value=100 * cores, unit="% of a core")
    yield Figure(name="Transactions when nobody calls", value=second.commits, unit="a second")


@dataclass(frozen=True, kw_only=True)
class House:
    """Everything that runs, and how to look at it."""

    database_url: str
    shop: Shop
    sandbox_url: str
    api: tuple[int, ...]
    worker: tuple[int, ...]
    cluster: Path

    def live(self, bookings: int) -> None:
        """Sell, and wait until all that is owed is done.

        Raises:
            NotDoneError: it takes too long.
        """
        self.shop.sell(bookings)
        deadline = time.monotonic() + PATIENCE_S
        while self._row(OWED)[0]:
            if time.monotonic() > deadline:
                raise NotDoneError
            time.sleep(LOOK_S)

    def watch(self, act: Callable[[], None]) -> Spent:
        """Return what is spent while it acts."""
        before = self._spent()
        act()
        return self._spent().since(before)

    def _spent(self) -> Spent:
        calls = httpx.get(f"{self.sandbox_url}/counts", trust_env=False).json()
        wal_bytes, stored_bytes, commits = self._row(DONE)
        return Spent(
            time.monotonic(),
            processor_s(self.api),
            processor_s(self.worker),
            processor_s(processes_in(self.cluster)),
            wal_bytes,
            stored_bytes,
            commits,
            sum(calls["stripe"].values()),
            max(calls["stripe"].values(), default=0),
            sum(calls["onfleet"].values()),
        )

    def _row(self, query: str) -> tuple[float, ...]:
        with psycopg.connect(self.database_url) as connection:
            row = connection.execute(query.encode()).fetchone()
        return tuple(float(value) for value in row or ())


@contextmanager
def _open(postgres: TemporaryPostgres, url: str) -> Iterator[House]:
    """Start the providers' sandboxes apart, two API processes and a worker."""
    secret, port = secrets.token_hex(32), _free_port()
    folder = Path(tempfile.mkdtemp(prefix="totetaxi-bench-"))
    sandbox = module_command(
        "benchmarks.counted_sandbox",
        *("--database-url", url, "--webhook-secret", secret, "--onfleet-webhook-secret", secret),
        *("--webhook-url", f"http://127.0.0.1:{port}/api/payments/webhook/"),
    )
    with ExitStack() as stack:
        stack.callback(shutil.rmtree, folder)
        line = stack.enter_context(child(sandbox, environment=os.environ)).line
        place = line.rpartition(" ")[2].removesuffix("/sandbox")
        served = stack.enter_context(
            service(
                folder,
                *("--workers", "2"),
                DATABASE_URL=url,
                PORT=str(port),
                STRIPE_API_BASE=f"{place}{STRIPE_PATH}",
                STRIPE_WEBHOOK_SECRET=secret,
                ONFLEET_API_BASE=f"{place}{ONFLEET_API_PATH}",
                ONFLEET_WEBHOOK_SECRET=secret,
                ONFLEET_MOCK_MODE="false",
            )
        )
        processes = children_of(served.pid)
        yield House(
            database_url=url,
            shop=Shop(served.url, stripe_url=f"{place}{STRIPE_PATH}"),
            sandbox_url=place,
            api=tuple(pid for pid, command in processes.items() if " api " in command),
            worker=tuple(pid for pid, command in processes.items() if " worker " in command),
            cluster=postgres.folder / "cluster",
        )


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
        return port
