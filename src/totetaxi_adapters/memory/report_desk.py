"""The port by which reports are counted."""

from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from uuid import UUID

from totetaxi_adapters.memory.database import MemoryDatabase
from totetaxi_adapters.memory.report_money import MemoryMoneyReports, buyer
from totetaxi_adapters.memory.table import View
from totetaxi_adapters.memory.transaction import Transaction
from totetaxi_core.bookings.booking import Booking
from totetaxi_core.bookings.booking_status import STANDING
from totetaxi_core.ledger.account import Account
from totetaxi_core.ledger.entry import EntryKind
from totetaxi_core.reports.report_desk import Buyers, Counted, CrewDay, Pickups
from totetaxi_core.reports.span import Days
from totetaxi_core.scheduling.occupancy import HALF_HOUR_MINUTES, minutes_into_day

DAY = timedelta(days=1)
GONE_BACK = (EntryKind.REFUND, EntryKind.REFUND_FAILED)


class MemoryReportDesk(MemoryMoneyReports):
    def __init__(self, database: MemoryDatabase, transaction: Transaction) -> None:
        super().__init__(database, transaction)
        self._crews = View(database.crews, transaction)

    async def bookings(self, bounds: Sequence[date]) -> Sequence[Counted]:
        gone: Counter[UUID] = Counter()
        for entry in self._entries.all():
            if entry.kind in GONE_BACK:
                gone[entry.booking_id] += entry.amount_in(Account.REFUNDS)
        alike = Counter(
            _counted(booking, bounds, was_refunded=gone[booking.id] > 0)
            for booking in self._picked_up(Days(bounds[0], bounds[-1] - DAY))
        )
        return [replace(one, bookings=number) for one, number in alike.items()]

    async def lead_days(self, days: Days) -> Mapping[int, int]:
        return Counter(
            (booking.pickup_at - booking.created_at) // DAY
            for booking in self._picked_up(days)
            if booking.confirmed_at is not None
        )

    async def pickups(self, days: Days) -> Sequence[Pickups]:
        counts = Counter(
            (booking.quote.request.pickup_date, _half_hour(booking))
            for booking in self._picked_up(days)
            if booking.status in STANDING
        )
        return [Pickups(on, half_hour, number) for (on, half_hour), number in counts.items()]

    async def crew_days(self, days: Days) -> Mapping[date, CrewDay]:
        found: dict[date, CrewDay] = {}
        for (on, _), count in self._crews.items():
            if days.first_on <= on <= days.last_on:
                taken = found[on].taken_half_hours if on in found else 0
                found[on] = CrewDay(count.crews, taken + count.taken)
        return found

    async def buyers(self, bounds: Sequence[datetime]) -> Mapping[int, Buyers]:
        bought: defaultdict[tuple[UUID | None, str], list[datetime]] = defaultdict(list)
        for booking in self._bookings.all():
            if booking.confirmed_at is not None and booking.confirmed_at < bounds[-1]:
                bought[buyer(booking)].append(booking.confirmed_at)
        spans = [
            Counter(bisect_right(bounds, at) - 1 for at in instants) for instants in bought.values()
        ]
        customers = Counter(span for of_one in spans for span in of_one if span >= 0)
        new = Counter(min(of_one) for of_one in spans)
        bookings = sum(spans, Counter[int]())
        return {
            span: Buyers(customers=number, new_customers=new[span], bookings=bookings[span])
            for span, number in customers.items()
        }

    def _picked_up(self, days: Days) -> Iterator[Booking]:
        for booking in self._bookings.all():
            if days.first_on <= booking.quote.request.pickup_date <= days.last_on:
                yield booking


def _counted(booking: Booking, bounds: Sequence[date], *, was_refunded: bool) -> Counted:
    request = booking.quote.request
    return Counted(
        span=bisect_right(bounds, request.pickup_date) - 1,
        service=request.service_type,
        status=booking.status,
        reason=booking.cancellation_reason,
        was_confirmed=booking.confirmed_at is not None,
        was_refunded=was_refunded,
        bookings=1,
    )


def _half_hour(booking: Booking) -> int:
    return minutes_into_day(booking.quote.request.pickup_time) // HALF_HOUR_MINUTES
