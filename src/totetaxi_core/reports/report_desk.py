"""The port by which reports are counted."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Protocol
from uuid import UUID

from totetaxi_core.bookings.booking_status import BookingStatus, CancellationReason
from totetaxi_core.catalog import ServiceType
from totetaxi_core.ledger.account import Account
from totetaxi_core.ledger.entry import EntryKind
from totetaxi_core.pricing import LineKind
from totetaxi_core.reports.span import Days


@dataclass(frozen=True, slots=True)
class Window:
    """Instants in UTC: `[begins_at, ends_at)`."""

    begins_at: datetime
    ends_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Posted:
    """What entries of one kind, `entries` of them, debit an account together."""

    kind: EntryKind
    account: Account
    amount_cents: int
    entries: int


class Sold(StrEnum):
    """What bookings are told apart by: `package` is their base line, or the service without one."""

    SERVICE = "service"
    PACKAGE = "package"


@dataclass(frozen=True, slots=True, kw_only=True)
class EarnedLine:
    """What the lines of one kind and code have earned, `lines` of them, with a label they had.

    The code and label are empty for what the ledger has and no line explains; the kind is then
    `base` for revenue and `discount` for what was taken off.
    """

    kind: LineKind
    code: str
    label: str
    lines: int
    amount_cents: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """Bookings that are alike. `was_confirmed`: they were, once, whatever became of them.

    `was_refunded`: revenue of theirs went back, and not all of that failed.
    """

    span: int
    service: ServiceType
    status: BookingStatus
    reason: CancellationReason | None
    was_confirmed: bool
    was_refunded: bool
    bookings: int


@dataclass(frozen=True, slots=True)
class Pickups:
    """How many standing bookings are picked up in a half hour, counted from midnight."""

    on: date
    half_hour: int
    bookings: int


@dataclass(frozen=True, slots=True)
class CrewDay:
    """A date somebody has touched: its crews, and how many half hours of theirs are taken."""

    crews: int
    taken_half_hours: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Spender:
    """Somebody who books: an account, else the guests of one e-mail address.

    `spent_cents` is the money that came less what went back, as an account's totals have it.
    """

    customer_id: UUID | None
    email: str
    name: str
    bookings: int
    spent_cents: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Buyers:
    """How many had a booking confirmed in a span, and how many of these for the first time ever."""

    customers: int
    new_customers: int
    bookings: int


class ReportDesk(Protocol):
    """Figures for reports: each call is one statement, whatever the days.

    Spans are told by their bounds: span 0 is `[bounds[0], bounds[1])`, and so on. Deleted bookings
    count in money, and in nothing else.
    """

    async def posted_by_span(self, bounds: Sequence[datetime]) -> Mapping[int, Sequence[Posted]]:
        """Return what the ledger has for each span in which something was posted."""
        ...

    async def posted_by_sold(self, window: Window, *, by: Sold) -> Mapping[str, Sequence[Posted]]:
        """Return what the ledger has by service, or by the code of the package.

        Only of what is earned, lost and owed as tax: not of the accounts that hold money.
        """
        ...

    async def earned_by_line(self, window: Window) -> Sequence[EarnedLine]:
        """Return the ledger's revenue, and below zero its discounts, by the lines that made it.

        A booking's revenue is split over its lines, without discounts and taxes, in their order
        and as their amounts are to each other; its discounts over its discount lines. Each line
        gets what brings all up to it to their exact share, rounded towards zero: together they are
        the ledger's figure. What was posted for a booking whose lines add up to nothing has no
        code. A booking that was charged once, and never moved, has earned its lines as they are.
        """
        ...

    async def bookings(self, bounds: Sequence[date]) -> Sequence[Counted]:
        """Count the bookings by their pickup date."""
        ...

    async def lead_days(self, days: Days) -> Mapping[int, int]:
        """Count bookings by the whole days, of 24 hours, between being made and picked up.

        Those with a pickup on these days that were confirmed once.
        """
        ...

    async def pickups(self, days: Days) -> Sequence[Pickups]:
        """Count the bookings that stand: confirmed, in progress, or completed."""
        ...

    async def crew_days(self, days: Days) -> Mapping[date, CrewDay]:
        """Return the dates of these that somebody has touched."""
        ...

    async def top_spenders(self, window: Window, *, limit: int) -> Sequence[Spender]:
        """Return those who spent most in this time, most first; nobody who spent nothing."""
        ...

    async def buyers(self, bounds: Sequence[datetime]) -> Mapping[int, Buyers]:
        """Count who had a booking confirmed in each span; spans without anybody are left out."""
        ...
