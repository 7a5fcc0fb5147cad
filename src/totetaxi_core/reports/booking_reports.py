"""Reports of bookings: where they stand, how far ahead they are made, and when crews are busy."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from totetaxi_core.bookings.booking_status import BookingStatus, CancellationReason
from totetaxi_core.reports.asked import Asked
from totetaxi_core.reports.money_reports import span_column
from totetaxi_core.reports.report import (
    Cell,
    Column,
    Grouping,
    Measure,
    Table,
    count,
    share,
    share_bp,
    text,
)
from totetaxi_core.reports.report_desk import Counted
from totetaxi_core.reports.span import DAY, SpanLength, Spans

NOTICES: Final = ((1, "under 2 days"), (3, "2-3 days"), (7, "4-7 days"), (14, "8-14 days"))
LATER: Final = ((30, "15-30 days"), (90, "31-90 days"), (10**9, "over 90 days"))
BY_PICKUP: Final = "Bookings count on the day in New York they are picked up."


async def bookings(asked: Asked) -> Table:
    groups = await _groups(asked)
    whole = sum(one.bookings for _, found in groups for one in found)
    statuses = () if asked.by is Grouping.STATUS else tuple(BookingStatus)
    columns = (
        _key_column(asked.by),
        count("bookings", "bookings"),
        share("share", "share"),
        *(count(status.value, status.value.replace("_", " ")) for status in statuses),
    )

    def cells(found: Sequence[Counted]) -> tuple[Cell, ...]:
        counts = Counter[BookingStatus]()
        for one in found:
            counts[one.status] += one.bookings
        number = counts.total()
        return (number, share_bp(number, of=whole), *(counts[status] for status in statuses))

    every = [one for _, found in groups for one in found]
    return Table(
        columns=columns,
        rows=tuple((key, *cells(found)) for key, found in groups),
        total=("total", *cells(every)),
        charted="bookings",
        note=BY_PICKUP,
    )


async def cancellations(asked: Asked) -> Table:
    groups = await _groups(asked)
    every = [one for _, found in groups for one in found]
    return Table(
        columns=(
            _key_column(asked.by),
            count("confirmed", "ever confirmed"),
            count("cancelled", "cancelled"),
            share("cancellation", "cancelled"),
            count("by_customer", "by customer"),
            count("by_staff", "by staff"),
            count("refunded", "refunded"),
            share("refund", "refunded"),
            count("never_paid", "never paid"),
        ),
        rows=tuple((key, *_cancelled_cells(found)) for key, found in groups),
        total=("total", *_cancelled_cells(every)),
        charted="cancellation_bp",
        note=f"{BY_PICKUP} Shares are of those that were ever confirmed;"
        " never paid are the others that were cancelled.",
    )


async def lead_time(asked: Asked) -> Table:
    found = await asked.desk.lead_days(asked.days)
    whole = sum(found.values())
    rows: list[tuple[Cell, ...]] = []
    above = -(10**9)
    for last, name in (*NOTICES, *LATER):
        number = sum(n for lead, n in found.items() if above < lead <= last)
        rows.append((name, number, share_bp(number, of=whole), None))
        above = last
    return Table(
        columns=(
            text(asked.by.value, "made before pickup"),
            count("bookings", "bookings"),
            share("share", "share"),
            Column("median_days", "median days", Measure.DAYS),
        ),
        rows=tuple(rows),
        total=("total", whole, None, _median(found)),
        charted="bookings",
        note="Bookings ever confirmed, by pickup date; a day is 24 hours.",
    )


async def _groups(asked: Asked) -> Sequence[tuple[Cell, Sequence[Counted]]]:
    """Return the bookings of every span in order, or of every service or status there is."""
    if asked.by in (Grouping.SERVICE, Grouping.STATUS):
        counted = await asked.desk.bookings((asked.days.first_on, asked.days.last_on + DAY))
        names = sorted({_name(one, asked.by) for one in counted}, key=_order)
        return [(name, [one for one in counted if _name(one, asked.by) == name]) for name in names]
    spans = Spans.of(asked.days, SpanLength(asked.by.value))
    counted = await asked.desk.bookings(spans.bounds)
    return [
        (on, [one for one in counted if one.span == number])
        for number, on in enumerate(spans.firsts)
    ]


def _name(counted: Counted, by: Grouping) -> str:
    return counted.status.value if by is Grouping.STATUS else counted.service.value


def _order(name: str) -> tuple[int, str]:
    """Put statuses in their own order, services in the alphabet's."""
    statuses = [status.value for status in BookingStatus]
    return (statuses.index(name) if name in statuses else 0, name)


def _key_column(by: Grouping) -> Column:
    if by in (Grouping.SERVICE, Grouping.STATUS):
        return text(by.value, by.value)
    return span_column(by)


def _cancelled_cells(found: Sequence[Counted]) -> tuple[Cell, ...]:
    confirmed = [one for one in found if one.was_confirmed]
    cancelled = [one for one in confirmed if one.status is BookingStatus.CANCELLED]
    refunded = _sum(one for one in confirmed if one.was_refunded)
    whole = _sum(confirmed)
    return (
        whole,
        _sum(cancelled),
        share_bp(_sum(cancelled), of=whole),
        _sum(one for one in cancelled if one.reason is CancellationReason.CUSTOMER),
        _sum(one for one in cancelled if one.reason is CancellationReason.STAFF),
        refunded,
        share_bp(refunded, of=whole),
        _sum(
            one for one in found if not one.was_confirmed and one.status is BookingStatus.CANCELLED
        ),
    )


def _sum(found: Iterable[Counted]) -> int:
    return sum(one.bookings for one in found)


def _median(found: Mapping[int, int]) -> int | None:
    """Return the lower one of the two in the middle, where there are two."""
    middle = (sum(found.values()) + 1) // 2
    for lead, number in sorted(found.items()):
        middle -= number
        if middle <= 0:
            return lead
    return None
