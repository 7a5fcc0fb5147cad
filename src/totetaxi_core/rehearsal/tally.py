"""What a rehearsal adds up, booking by booking; tallies of parts add up to that of the whole."""

from collections.abc import Hashable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from heapq import nlargest
from typing import Final, TypeVar

from totetaxi_core.catalog import ServiceType
from totetaxi_core.pricing import LineKind, Quote
from totetaxi_core.rehearsal.reprice_past import PastBooking, Repriced

MOST_CHANGED: Final = 10
Key = TypeVar("Key", bound=Hashable)
LineName = tuple[LineKind, str]


@dataclass(slots=True)
class Sums:
    """How many bookings, and their cents before and after. A booking refused has 0 after."""

    bookings: int = 0
    before_cents: int = 0
    after_cents: int = 0

    @property
    def change_cents(self) -> int:
        return self.after_cents - self.before_cents

    def add(self, *, before_cents: int, after_cents: int, bookings: int = 1) -> None:
        self.bookings += bookings
        self.before_cents += before_cents
        self.after_cents += after_cents


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangedBooking:
    """A booking whose price differs; `after_cents` is None where the book refuses it."""

    booking_number: str
    pickup_date: date
    service_type: ServiceType
    before_cents: int
    after_cents: int | None

    @property
    def change_cents(self) -> int:
        return (self.after_cents or 0) - self.before_cents


@dataclass(slots=True)
class Tally:
    """Sums of all, by service, by the week's Monday and by line (kind and code).

    In `lines`, `bookings` counts those that have the line before or after. `winners` pay less
    under the draft, `losers` more; `refused` is by reason. The dates are those on which a booking
    paid a time surcharge.
    """

    total: Sums = field(default_factory=Sums)
    services: dict[ServiceType, Sums] = field(default_factory=dict)
    weeks: dict[date, Sums] = field(default_factory=dict)
    lines: dict[LineName, Sums] = field(default_factory=dict)
    winners: Sums = field(default_factory=Sums)
    losers: Sums = field(default_factory=Sums)
    refused: dict[str, Sums] = field(default_factory=dict)
    codes_lost: int = 0
    dates_before: set[date] = field(default_factory=set)
    dates_after: set[date] = field(default_factory=set)
    most_changed: list[ChangedBooking] = field(default_factory=list)

    def add(self, past: PastBooking, repriced: Repriced) -> None:
        """Count a booking and what became of its price."""
        before, after = past.quote, repriced.quote
        before_cents, after_cents = before.total_cents, after.total_cents if after else 0
        request = before.request
        monday = request.pickup_date - timedelta(days=request.pickup_date.weekday())
        for sums in (
            self.total,
            self.services.setdefault(request.service_type, Sums()),
            self.weeks.setdefault(monday, Sums()),
        ):
            sums.add(before_cents=before_cents, after_cents=after_cents)
        self._add_lines(before, after)
        self.codes_lost += repriced.is_code_lost
        if after is None:
            reason = self.refused.setdefault(repriced.refused_for, Sums())
            reason.add(before_cents=before_cents, after_cents=0)
        elif after_cents != before_cents:
            side = self.winners if after_cents < before_cents else self.losers
            side.add(before_cents=before_cents, after_cents=after_cents)
        if after is None or after_cents != before_cents:
            self._add_changed(past, after)

    def merge(self, other: "Tally") -> None:
        """Add the tally of other bookings."""
        _merge_sums(self.total, other.total)
        _merge_sums(self.winners, other.winners)
        _merge_sums(self.losers, other.losers)
        _merge(self.services, other.services)
        _merge(self.weeks, other.weeks)
        _merge(self.lines, other.lines)
        _merge(self.refused, other.refused)
        self.codes_lost += other.codes_lost
        self.dates_before |= other.dates_before
        self.dates_after |= other.dates_after
        self.most_changed = largest([*self.most_changed, *other.most_changed])

    def _add_lines(self, before: Quote, after: Quote | None) -> None:
        names = _by_line(before), _by_line(after) if after else {}
        for name in {**names[0], **names[1]}:
            sums = self.lines.setdefault(name, Sums())
            sums.add(before_cents=names[0].get(name, 0), after_cents=names[1].get(name, 0))
        on = before.request.pickup_date
        for found, dates in zip(names, (self.dates_before, self.dates_after), strict=True):
            if any(kind is LineKind.TIME_SURCHARGE for kind, _ in found):
                dates.add(on)

    def _add_changed(self, past: PastBooking, after: Quote | None) -> None:
        request = past.quote.request
        changed = ChangedBooking(
            booking_number=past.booking_number,
            pickup_date=request.pickup_date,
            service_type=request.service_type,
            before_cents=past.quote.total_cents,
            after_cents=after.total_cents if after else None,
        )
        self.most_changed.append(changed)
        if len(self.most_changed) > 10 * MOST_CHANGED:
            self.most_changed = largest(self.most_changed)


def _by_line(priced: Quote) -> dict[LineName, int]:
    cents: dict[LineName, int] = {}
    for line in priced.lines:
        name = line.kind, line.code
        cents[name] = cents.get(name, 0) + line.amount_cents
    return cents


def largest(changed: list[ChangedBooking]) -> list[ChangedBooking]:
    """Return those that changed most, alike ones by number."""
    ordered = sorted(changed, key=lambda one: one.booking_number)
    return nlargest(MOST_CHANGED, ordered, key=lambda one: abs(one.change_cents))


def _merge(sums: dict[Key, Sums], others: Mapping[Key, Sums]) -> None:
    for key, other in others.items():
        _merge_sums(sums.setdefault(key, Sums()), other)


def _merge_sums(sums: Sums, other: Sums) -> None:
    sums.add(
        before_cents=other.before_cents, after_cents=other.after_cents, bookings=other.bookings
    )
