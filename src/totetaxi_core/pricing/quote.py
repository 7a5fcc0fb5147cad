"""A priced offer."""

from collections.abc import Mapping
from dataclasses import dataclass

from totetaxi_core.pricing.line_kind import LineKind
from totetaxi_core.pricing.quote_line import QuoteLine
from totetaxi_core.pricing.quote_request import QuoteRequest

NOTHING = dict.fromkeys(LineKind, 0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Quote:
    """The total is the sum of the lines; lines are in the order of `LineKind`, then of the book.

    `estimated_hours` is how long a crew is busy. `price_book_version` says whose prices these are;
    `code_book_version` whose terms the discount code has, where those are of an older book.
    """

    request: QuoteRequest
    price_book_version: int
    lines: tuple[QuoteLine, ...]
    total_cents: int
    estimated_hours: int
    code_book_version: int | None = None

    @property
    def totals_by_kind(self) -> Mapping[LineKind, int]:
        """Cents by kind of line, every kind present."""
        totals = dict(NOTHING)
        for line in self.lines:
            totals[line.kind] += line.amount_cents
        return totals
