"""How long staff wait for a rehearsal of a year's bookings."""

import time
from collections.abc import Iterator
from datetime import timedelta
from typing import Any, Final

from benchmarks.booking_house import TODAY
from benchmarks.effort import Effort
from benchmarks.figure import Figure
from benchmarks.progress import Progress
from benchmarks.quote_requests import HORIZON_DAYS
from benchmarks.repriced_bookings import store_distinct
from benchmarks.temporary_postgres import temporary_postgres
from totetaxi_adapters.rehearse import rehearse
from totetaxi_core import PriceBook
from totetaxi_core.rehearsal.simulate_book import Rehearsal

NAME: Final = "rehearsal"
BOOKINGS: Final = 100_000
MOST_S: Final = 10.0
DEARER_CENTS: Final = 20_000


def measure(effort: Effort, progress: Progress) -> Iterator[Figure]:
    """Price stored bookings again under a book whose weekends cost more."""
    count = min(BOOKINGS, effort.requests * 40)
    with temporary_postgres() as postgres:
        url = postgres.database("rehearsal")
        progress.tell(f"a database with {count:,} bookings ...")
        store_distinct(url, count, distinct=effort.requests)
        progress.tell("rehearsing ...")
        started = time.perf_counter()
        found = _rehearsed(url)
        took_s = time.perf_counter() - started
    yield Figure(
        name=f"Rehearsal of {found.tally.total.bookings:,} bookings",
        value=took_s,
        unit="s",
        limit=MOST_S,
        at_most=True,
        note=f"{found.tally.losers.bookings:,} would pay more",
    )


def _rehearsed(url: str) -> Rehearsal:
    document = PriceBook.default().document
    rules: Any = document["surcharge_rules"]
    dearer = [
        {**rule, "amount_cents": DEARER_CENTS} if rule["slug"].startswith("weekend") else rule
        for rule in rules
    ]
    draft = PriceBook.from_document({**document, "surcharge_rules": dearer}, version=0)
    return rehearse(
        url,
        draft,
        first_on=TODAY,
        last_on=TODAY + timedelta(days=HORIZON_DAYS + 1),
        told=lambda *_: None,
    )
