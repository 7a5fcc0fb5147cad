"""What a customer's spending shows: over their whole time, and month by month.

Source: docs/customers.md, "Analytics".
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, tzinfo
from typing import Final, Self
from uuid import UUID

from totetaxi_core.catalog import ServiceType
from totetaxi_core.customers.totals import VIP_FROM_CENTS, BookingSpend, CustomerTotals
from totetaxi_core.ports import Ports, Terms

MONTHS: Final = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomerAnalytics:
    """`monthly_spending` has the net cents of each month by its first day, oldest first.

    A month in which more went back than came is below zero. `average_booking_cents` is rounded
    down. `to_vip_cents` is what is missing, None for a VIP.
    """

    totals: CustomerTotals
    average_booking_cents: int
    most_used_service: ServiceType | None
    monthly_spending: Mapping[date, int]
    to_vip_cents: int | None

    @classmethod
    def of(cls, spends: Sequence[BookingSpend], *, at: datetime, zone: tzinfo) -> Self:
        """Tell it of every booking of an account, up to the month of an instant in a zone."""
        totals = CustomerTotals.of(spends)
        number, spent_cents = totals.total_bookings, totals.total_spent_cents
        return cls(
            totals=totals,
            average_booking_cents=spent_cents // number if number else 0,
            most_used_service=_most_used(spends),
            monthly_spending=_monthly(spends, last=at.astimezone(zone).date(), zone=zone),
            to_vip_cents=None if totals.is_vip else VIP_FROM_CENTS - spent_cents,
        )


async def analyze_customer(customer_id: UUID, ports: Ports, terms: Terms) -> CustomerAnalytics:
    """Return the analytics of an account as of now."""
    async with ports.unit_of_work() as uow:
        spends = await uow.spending.of_customer(customer_id)
    return CustomerAnalytics.of(spends, at=ports.clock(), zone=terms.zone)


def _most_used(spends: Sequence[BookingSpend]) -> ServiceType | None:
    """Return the service of most bookings that count; of two alike the one booked last."""
    counted = [one for one in spends if one.is_counted]
    numbers = Counter(one.service_type for one in counted)
    most = max(numbers.values(), default=0)
    newest_first = (one.service_type for one in reversed(counted))
    return next((service for service in newest_first if numbers[service] == most), None)


def _monthly(spends: Sequence[BookingSpend], *, last: date, zone: tzinfo) -> Mapping[date, int]:
    months = {_month_before(last, number): 0 for number in reversed(range(MONTHS))}
    for spend in spends:
        for movement in spend.movements:
            month = movement.posted_at.astimezone(zone).date().replace(day=1)
            if month in months:
                months[month] += movement.amount_cents
    return months


def _month_before(day: date, number: int) -> date:
    """Return the first day of the month so many months before that of a day."""
    years, month = divmod(day.year * 12 + day.month - 1 - number, 12)
    return date(years, month + 1, 1)
