"""Rehearse a price book: what the bookings of a time would have cost under it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from totetaxi_core.price_book import PriceBook
from totetaxi_core.pricing import LineKind
from totetaxi_core.rehearsal.reprice_past import BookOf, PastBooking, reprice_past
from totetaxi_core.rehearsal.tally import ChangedBooking, Sums, Tally, largest

SURCHARGES = (LineKind.TIME_SURCHARGE, LineKind.GEOGRAPHIC_SURCHARGE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rehearsal:
    """A tally read against the draft.

    `never_fire` are slugs of active surcharge rules that no booking was charged for;
    `uncovered_dates` those on which bookings paid a time surcharge and would pay none.
    """

    tally: Tally
    never_fire: tuple[str, ...]

    @property
    def unchanged(self) -> int:
        """How many bookings cost the same."""
        tally = self.tally
        refused = sum(sums.bookings for sums in tally.refused.values())
        return tally.total.bookings - tally.winners.bookings - tally.losers.bookings - refused

    @property
    def uncovered_dates(self) -> tuple[date, ...]:
        return tuple(sorted(self.tally.dates_before - self.tally.dates_after))

    @property
    def most_changed(self) -> tuple[ChangedBooking, ...]:
        """At most ten, the largest change first."""
        return tuple(largest(self.tally.most_changed))

    @property
    def weeks(self) -> tuple[tuple[date, Sums], ...]:
        """The sums by the week's Monday, in order; a week without a pickup is left out."""
        return tuple(sorted(self.tally.weeks.items()))


def simulate_book(bookings: Iterable[PastBooking], draft: PriceBook, *, book_of: BookOf) -> Tally:
    """Return the tally of some bookings, read one by one; `book_of` returns stored versions."""
    tally = Tally()
    for past in bookings:
        tally.add(past, reprice_past(past, draft, book_of=book_of))
    return tally


def rehearsal_of(parts: Iterable[Tally], draft: PriceBook) -> Rehearsal:
    """Return the rehearsal that the tallies of all parts make."""
    whole = Tally()
    for part in parts:
        whole.merge(part)
    fired = {
        code
        for (kind, code), sums in whole.lines.items()
        if kind in SURCHARGES and sums.after_cents
    }
    never = (
        rule.slug for rule in draft.surcharge_rules if rule.is_active and rule.slug not in fired
    )
    return Rehearsal(tally=whole, never_fire=tuple(never))
