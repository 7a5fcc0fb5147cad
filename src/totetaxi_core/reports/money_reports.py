"""Reports of money, from the ledger alone: what was earned, the taxes, and what went back."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final, Self

from totetaxi_core.customers.totals import MONEY
from totetaxi_core.ledger.account import Account
from totetaxi_core.ledger.entry import EntryKind
from totetaxi_core.pricing import LineKind
from totetaxi_core.reports.asked import Asked
from totetaxi_core.reports.report import (
    Cell,
    Column,
    Grouping,
    Measure,
    Table,
    cents,
    count,
    share,
    share_bp,
    text,
)
from totetaxi_core.reports.report_desk import Posted, Sold
from totetaxi_core.reports.span import SpanLength, Spans

MONEY_COLUMNS: Final = (
    cents("gross", "gross"),
    cents("discount", "discounts"),
    cents("refund", "refunds"),
    cents("dispute_loss", "disputes"),
    cents("net", "net"),
    cents("tax_collected", "tax"),
    cents("tax_refunded", "tax refunded"),
)
TAX_COLUMNS: Final = (
    cents("collected", "collected"),
    cents("refunded", "refunded"),
    cents("owed", "owed"),
)
REFUND_COLUMNS: Final = (
    count("refunds", "refunds"),
    cents("sent", "sent back"),
    count("failed", "failed"),
    cents("failed", "came back"),
    cents("revenue", "of revenue"),
    cents("tax", "of tax"),
    cents("customer_money", "never ours"),
)
OF_LEDGER: Final = "By the ledger, on the day in New York it was posted."
UNEXPLAINED: Final = "not in the quotes"


@dataclass(frozen=True, slots=True, kw_only=True)
class Revenue:
    """All in cents and without tax, but for the two of tax.

    `gross_cents` is before discounts. A refund that failed, and a dispute that was won, count
    against their own kind on the day that showed it. What came twice and goes back is in none.
    """

    gross_cents: int = 0
    discount_cents: int = 0
    refund_cents: int = 0
    dispute_loss_cents: int = 0
    tax_collected_cents: int = 0
    tax_refunded_cents: int = 0

    @property
    def net_cents(self) -> int:
        lost_cents = self.discount_cents + self.refund_cents + self.dispute_loss_cents
        return self.gross_cents - lost_cents

    @classmethod
    def of(cls, posted: Iterable[Posted]) -> Self:
        """Read it from what was posted."""
        debits: Counter[Account] = Counter()
        collected_cents = 0
        for one in posted:
            debits[one.account] += one.amount_cents
            if one.account is Account.TAX and one.kind is EntryKind.CHARGE:
                collected_cents -= one.amount_cents
        return cls(
            gross_cents=-debits[Account.REVENUE],
            discount_cents=debits[Account.DISCOUNTS],
            refund_cents=debits[Account.REFUNDS],
            dispute_loss_cents=debits[Account.DISPUTE_LOSSES],
            tax_collected_cents=collected_cents,
            tax_refunded_cents=collected_cents + debits[Account.TAX],
        )

    def cells(self) -> tuple[int, ...]:
        return (
            self.gross_cents,
            self.discount_cents,
            self.refund_cents,
            self.dispute_loss_cents,
            self.net_cents,
            self.tax_collected_cents,
            self.tax_refunded_cents,
        )


async def revenue_by_span(asked: Asked) -> Table:
    posted = await _posted_by_span(asked)
    total = Revenue.of(one for sums in posted.values() for one in sums)
    return Table(
        columns=(span_column(asked.by), *MONEY_COLUMNS),
        rows=tuple((on, *Revenue.of(sums).cells()) for on, sums in posted.items()),
        total=("total", *total.cells()),
        charted="net_cents",
        note=OF_LEDGER,
    )


async def revenue_by_sold(asked: Asked) -> Table:
    posted = await asked.desk.posted_by_sold(asked.window, by=Sold(asked.by.value))
    found = [(sold, Revenue.of(sums)) for sold, sums in posted.items()]
    found.sort(key=lambda one: (-one[1].net_cents, one[0]))
    total = Revenue.of(one for sums in posted.values() for one in sums)
    return Table(
        columns=(text(asked.by.value, asked.by.value), *MONEY_COLUMNS),
        rows=tuple((sold, *revenue.cells()) for sold, revenue in found),
        total=("total", *total.cells()),
        charted="net_cents",
        note=f"{OF_LEDGER} All money of a booking counts for its {asked.by.value}.",
    )


async def revenue_by_rule(asked: Asked) -> Table:
    earned = await asked.desk.earned_by_line(asked.window)
    total_cents = sum(line.amount_cents for line in earned)
    order = list(LineKind)
    rows = [
        (
            line.code,
            line.kind.value,
            line.label or UNEXPLAINED,
            line.lines,
            line.amount_cents,
            share_bp(line.amount_cents, of=total_cents),
        )
        for line in sorted(
            earned, key=lambda one: (order.index(one.kind), -one.amount_cents, one.code)
        )
    ]
    return Table(
        columns=(
            text(asked.by.value, asked.by.value),
            text("kind", "kind"),
            text("label", "label"),
            count("lines", "lines"),
            cents("earned", "earned"),
            share("share", "share"),
        ),
        rows=tuple(rows),
        total=("total", None, None, sum(line.lines for line in earned), total_cents, None),
        charted="earned_cents",
        note=f"{OF_LEDGER} Gross less discounts, split over the lines that were booked.",
    )


async def taxes(asked: Asked) -> Table:
    posted = await _posted_by_span(asked)
    return Table(
        columns=(span_column(asked.by), *TAX_COLUMNS),
        rows=tuple((on, *_tax_cells(sums)) for on, sums in posted.items()),
        total=("total", *_tax_cells([one for sums in posted.values() for one in sums])),
        charted="owed_cents",
        note=f"{OF_LEDGER} Owed is what was collected less what went back.",
    )


async def refunds(asked: Asked) -> Table:
    posted = await _posted_by_span(asked)
    return Table(
        columns=(span_column(asked.by), *REFUND_COLUMNS),
        rows=tuple((on, *_refund_cells(sums)) for on, sums in posted.items()),
        total=("total", *_refund_cells([one for sums in posted.values() for one in sums])),
        charted="sent_cents",
        note=f"{OF_LEDGER} The last three are of what was sent less what came back.",
    )


def span_column(by: Grouping) -> Column:
    """Return the column of a span's first day; it is `date` whatever the length."""
    title = "day" if by is Grouping.DAY else f"{by} from"
    return Column("date", title, Measure.DATE)


async def _posted_by_span(asked: Asked) -> Mapping[date, Sequence[Posted]]:
    """Return what was posted by the first day of the span: every span, in order."""
    spans = Spans.of(asked.days, SpanLength(asked.by.value))
    posted = await asked.desk.posted_by_span(spans.instants(asked.zone))
    return {on: posted.get(number, ()) for number, on in enumerate(spans.firsts)}


def _tax_cells(posted: Sequence[Posted]) -> tuple[Cell, ...]:
    revenue = Revenue.of(posted)
    collected, refunded = revenue.tax_collected_cents, revenue.tax_refunded_cents
    return (collected, refunded, collected - refunded)


def _refund_cells(posted: Sequence[Posted]) -> tuple[Cell, ...]:
    gone = [one for one in posted if one.kind is EntryKind.REFUND and one.account in MONEY]
    back = [one for one in posted if one.kind is EntryKind.REFUND_FAILED and one.account in MONEY]
    both = [one for one in posted if one.kind in (EntryKind.REFUND, EntryKind.REFUND_FAILED)]
    parts = (Account.REFUNDS, Account.TAX, Account.CUSTOMER_MONEY)
    return (
        sum(one.entries for one in gone),
        -sum(one.amount_cents for one in gone),
        sum(one.entries for one in back),
        sum(one.amount_cents for one in back),
        *(sum(one.amount_cents for one in both if one.account is part) for part in parts),
    )
