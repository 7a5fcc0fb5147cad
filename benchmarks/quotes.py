"""Quotes per second, in process, on one core."""

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import Final

from benchmarks.effort import Effort
from benchmarks.figure import Figure
from benchmarks.many_rules import MATCHING, book_of_many_rules
from benchmarks.progress import Progress
from benchmarks.quote_requests import NOW, RequestMix
from benchmarks.rounds import interleaved
from totetaxi_core import PriceBook, QuoteRequest, quote
from totetaxi_core.pricing import LineKind

NAME: Final = "quotes"
LEAST_PER_S: Final = 60_000
MOST_TIMES_SLOWER: Final = 2.0
SURCHARGES: Final = {LineKind.TIME_SURCHARGE, LineKind.GEOGRAPHIC_SURCHARGE}


class WrongBookError(Exception):
    """The large book does not do to every request what it was made for."""


def measure(effort: Effort, progress: Progress) -> Iterator[Figure]:
    """Price the same requests by the real book, by a large one, and by a book just published."""
    real = PriceBook.default()
    progress.tell(f"{effort.requests} requests, books of {len(real.surcharge_rules)} rules ...")
    large = book_of_many_rules(real, rules=effort.rules)
    requests = RequestMix(real).distinct(effort.requests)
    check_large(large, requests)
    turns = interleaved(
        {
            "real book": _priced(requests, lambda: real),
            "large book": _priced(requests, lambda: large),
            "new book": _priced(requests, lambda: replace(real)),
            "new large book": _priced(requests, lambda: replace(large)),
        },
        rounds=effort.rounds,
        progress=progress,
    )
    rates = {side: turns.median(side) for side in turns.by_side}
    of_rules = f"{effort.rules:,} rules of which {MATCHING} match"
    yield _at_least("Quotes, real book", rates["real book"], LEAST_PER_S)
    yield _at_least(
        f"Quotes, {of_rules}", rates["large book"], rates["real book"] / MOST_TIMES_SLOWER
    )
    yield _at_least("Quotes, each for the first time, real book", rates["new book"], LEAST_PER_S)
    yield _at_least(
        f"Quotes, each for the first time, {of_rules}",
        rates["new large book"],
        rates["new book"] / MOST_TIMES_SLOWER,
    )


def _at_least(name: str, per_s: float, limit: float) -> Figure:
    return Figure(name=name, value=per_s, unit="/s", limit=limit)


def _priced(requests: Sequence[QuoteRequest], book: Callable[[], PriceBook]) -> Callable[[], float]:
    def act() -> float:
        prices = book()
        quote(requests[0], prices, at=NOW)
        # Of this one thread alone: who else is busy on the machine does not count.
        started = time.process_time()
        for request in requests:
            quote(request, prices, at=NOW)
        return len(requests) / (time.process_time() - started)

    return act


def check_large(book: PriceBook, requests: Sequence[QuoteRequest]) -> None:
    """Make sure that twenty rules match every request; a share of nothing adds no line.

    Raises:
        WrongBookError: they do not.
    """
    for request in requests:
        lines = quote(request, book, at=NOW).lines
        of_base = sum(line.amount_cents for line in lines if line.kind is LineKind.BASE) > 0
        matched = sum(line.kind in SURCHARGES for line in lines)
        if matched != (MATCHING if of_base else MATCHING - MATCHING // 4):
            raise WrongBookError(f"{matched} rules match {request}")
