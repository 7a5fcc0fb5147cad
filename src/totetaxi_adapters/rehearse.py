"""Rehearse a price book on every core: each process reads and prices parts of its own."""

import json
import os
import signal
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from datetime import date
from multiprocessing import get_context
from typing import Final

from sqlalchemy import Connection, create_engine
from sqlalchemy.pool import NullPool

from totetaxi_adapters.postgres.engine import driver_url
from totetaxi_adapters.postgres.past_bookings import (
    Part,
    parts_between,
    read_part,
    stored_books,
)
from totetaxi_core.price_book import PriceBook
from totetaxi_core.rehearsal.simulate_book import Rehearsal, rehearsal_of, simulate_book
from totetaxi_core.rehearsal.tally import Tally

PART: Final = 2_500
ALONE: Final = 5_000
"""Up to so many bookings another process costs more than it brings."""

Told = Callable[[int, int], None]
Work = Callable[[Part], Tally]


def rehearse(
    database_url: str, draft: PriceBook, *, first_on: date, last_on: date, told: Told
) -> Rehearsal:
    """Price the bookings picked up on these days, both included, under the draft.

    `told` hears how many are done, of how many. Cancelled bookings are left out.
    """
    with _connected(database_url) as connection:
        parts = parts_between(connection, first_on, last_on, least=PART)
        count = sum(part.bookings for part in parts)
        if count <= ALONE:
            tallies = map(_work(connection, draft), parts)
            return rehearsal_of(_telling(zip(parts, tallies, strict=True), count, told), draft)
    return rehearsal_of(_telling(_on_every_core(database_url, draft, parts), count, told), draft)


def _telling(tallies: Iterator[tuple[Part, Tally]], count: int, told: Told) -> Iterator[Tally]:
    done = 0
    for part, tally in tallies:
        done += part.bookings
        told(done, count)
        yield tally


def _on_every_core(
    database_url: str, draft: PriceBook, parts: tuple[Part, ...]
) -> Iterator[tuple[Part, Tally]]:
    """Yield the tallies as they come; what was not begun is dropped when the caller stops."""
    pool = ProcessPoolExecutor(
        max_workers=min(len(os.sched_getaffinity(0)), len(parts)),
        mp_context=get_context("spawn"),
        initializer=_begin,
        initargs=(database_url, json.dumps(draft.document), draft.version),
    )
    try:
        jobs = {pool.submit(_do, part): part for part in parts}
        for job in as_completed(jobs):
            yield jobs[job], job.result()
    finally:
        pool.shutdown(cancel_futures=True)


class _Worker:
    """What a process of the pool was given when it began."""

    work: Work


def _begin(database_url: str, document: str, version: int) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the command stops, and with it the pool
    draft = PriceBook.from_document(json.loads(document), version=version)
    _Worker.work = staticmethod(_work(_connected(database_url), draft))


def _do(part: Part) -> Tally:
    return _Worker.work(part)


def _work(connection: Connection, draft: PriceBook) -> Work:
    book_of = stored_books(connection)
    return lambda part: simulate_book(read_part(connection, part), draft, book_of=book_of)


def _connected(database_url: str) -> Connection:
    """Return a connection that reads; one reading is one transaction."""
    engine = create_engine(driver_url(database_url), poolclass=NullPool, hide_parameters=True)
    return engine.connect().execution_options(postgresql_readonly=True)
