"""Reports of money."""

from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Final, TypeAlias, TypeVar
from uuid import UUID

from totetaxi_adapters.memory.database import MemoryDatabase
from totetaxi_adapters.memory.table import View
from totetaxi_adapters.memory.transaction import Transaction
from totetaxi_core.bookings.booking import Booking
from totetaxi_core.customers.totals import MONEY
from totetaxi_core.ledger.account import Account
from totetaxi_core.ledger.entry import EntryKind, LedgerEntry
from totetaxi_core.pricing import LineKind
from totetaxi_core.reports.line_split import split_over_lines
from totetaxi_core.reports.report_desk import EarnedLine, Posted, Sold, Spender, Window

K = TypeVar("K")
Part: TypeAlias = tuple[LineKind, str, str, int]
REVENUE: Final = frozenset(LineKind) - {LineKind.DISCOUNT, LineKind.TAX}
HELD: Final = frozenset({*MONEY, Account.CUSTOMER_MONEY})
OFF: Final = frozenset({LineKind.DISCOUNT})


class MemoryMoneyReports:
    def __init__(self, database: MemoryDatabase, transaction: Transaction) -> None:
        self._bookings = View(database.bookings, transaction)
        self._entries = View(database.ledger_entries, transaction)

    async def posted_by_span(self, bounds: Sequence[datetime]) -> Mapping[int, Sequence[Posted]]:
        window = Window(bounds[0], bounds[-1])
        return _summed(
            (bisect_right(bounds, entry.posted_at) - 1, entry) for entry in self._posted(window)
        )

    async def posted_by_sold(self, window: Window, *, by: Sold) -> Mapping[str, Sequence[Posted]]:
        found = _summed((_sold(self._booking(entry), by), entry) for entry in self._posted(window))
        earned = {
            sold: [one for one in sums if one.account not in HELD] for sold, sums in found.items()
        }
        return {sold: sums for sold, sums in earned.items() if sums}

    async def earned_by_line(self, window: Window) -> Sequence[EarnedLine]:
        earned: Counter[UUID] = Counter()
        off: Counter[UUID] = Counter()
        for entry in self._posted(window):
            earned[entry.booking_id] -= entry.amount_in(Account.REVENUE)
            off[entry.booking_id] -= entry.amount_in(Account.DISCOUNTS)
        return _by_line([*self._parts(earned, REVENUE), *self._parts(off, OFF)])

    def _parts(self, amounts: Mapping[UUID, int], kinds: frozenset[LineKind]) -> Iterator[Part]:
        for booking_id, amount_cents in amounts.items():
            booking = self._bookings.get(booking_id)
            lines = [] if booking is None else booking.quote.lines
            own = [line for line in lines if line.kind in kinds]
            parts = split_over_lines(amount_cents, own)
            if parts is not None and amount_cents:
                for line, part_cents in zip(own, parts, strict=True):
                    yield line.kind, line.code, line.label, part_cents
            elif amount_cents:
                yield min(kinds, key=_order), "", "", amount_cents

    async def top_spenders(self, window: Window, *, limit: int) -> Sequence[Spender]:
        spent: Counter[tuple[UUID | None, str]] = Counter()
        charged: defaultdict[tuple[UUID | None, str], dict[UUID, Booking]] = defaultdict(dict)
        for entry in self._posted(window):
            booking = self._booking(entry)
            who = buyer(booking)
            spent[who] += sum(entry.amount_in(account) for account in MONEY)
            if entry.kind is EntryKind.CHARGE:
                charged[who][booking.id] = booking
        return [
            _spender(who, charged[who].values(), spent_cents=spent_cents)
            for who, spent_cents in spent.most_common(limit)
            if spent_cents > 0
        ]

    def _posted(self, window: Window) -> Iterator[LedgerEntry]:
        for entry in self._entries.all():
            if window.begins_at <= entry.posted_at < window.ends_at:
                yield entry

    def _booking(self, entry: LedgerEntry) -> Booking:
        booking = self._bookings.get(entry.booking_id)
        if booking is None:
            raise RuntimeError(f"entry {entry.id} is of a booking that was never stored")
        return booking


def buyer(booking: Booking) -> tuple[UUID | None, str]:
    """Return who books: the account, else the guest's e-mail address."""
    is_guest = booking.customer_id is None
    return (booking.customer_id, booking.contact.email_key if is_guest else "")


def _summed(keyed: Iterable[tuple[K, LedgerEntry]]) -> Mapping[K, Sequence[Posted]]:
    cents: Counter[tuple[K, EntryKind, Account]] = Counter()
    entries: Counter[tuple[K, EntryKind, Account]] = Counter()
    for key, entry in keyed:
        for side in entry.postings:
            cents[key, entry.kind, side.account] += side.amount_cents
            entries[key, entry.kind, side.account] += 1
    found: defaultdict[K, list[Posted]] = defaultdict(list)
    for (key, kind, account), number in entries.items():
        amount_cents = cents[key, kind, account]
        found[key].append(
            Posted(kind=kind, account=account, amount_cents=amount_cents, entries=number)
        )
    return found


def _sold(booking: Booking, by: Sold) -> str:
    codes = (line.code for line in booking.quote.lines if line.kind is LineKind.BASE)
    service = booking.quote.request.service_type.value
    return service if by is Sold.SERVICE else next(codes, service)


def _by_line(parts: Sequence[Part]) -> Sequence[EarnedLine]:
    found: defaultdict[tuple[LineKind, str], list[Part]] = defaultdict(list)
    for part in parts:
        found[part[0], part[1]].append(part)
    return [
        EarnedLine(
            kind=kind,
            code=code,
            label=max(label for _, _, label, _ in of_one),
            lines=len(of_one) if code else 0,
            amount_cents=sum(part[-1] for part in of_one),
        )
        for (kind, code), of_one in found.items()
    ]


def _order(kind: LineKind) -> int:
    return list(LineKind).index(kind)


def _spender(
    who: tuple[UUID | None, str], bookings: Iterable[Booking], *, spent_cents: int
) -> Spender:
    latest = sorted(bookings, key=lambda one: (-one.created_at.timestamp(), one.id))
    contact = latest[0].contact
    return Spender(
        customer_id=who[0],
        email=contact.email,
        name=f"{contact.first_name} {contact.last_name}",
        bookings=len(latest),
        spent_cents=spent_cents,
    )
