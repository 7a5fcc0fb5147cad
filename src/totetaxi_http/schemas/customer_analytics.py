"""What a customer's spending shows, on the wire."""

from collections.abc import Mapping
from typing import ClassVar, Self

import attrs

from totetaxi_core.catalog import ServiceType
from totetaxi_core.customers.analytics import CustomerAnalytics
from totetaxi_core.money import dollars


@attrs.frozen(kw_only=True)
class MonthlySpendingEntry:
    """What was charged in a month of New York's, less what went back then."""

    month: str
    spent_cents: int


@attrs.frozen(kw_only=True)
class CustomerAnalyticsResponse:
    """Net of refunds and disputes. `monthly_spending` is the last twelve months, oldest first.

    The average is rounded down. `next_vip_threshold` is what is missing to be a VIP, null for one.
    """

    EXAMPLE: ClassVar[Mapping[str, object]] = {
        "total_spent_cents": 150_000,
        "total_spent_dollars": "1500.00",
        "average_booking_cents": 75_000,
        "average_booking_value": "750.00",
        "most_used_service": "mini_move",
        "monthly_spending": [
            {"month": "2026-10", "spent_cents": 0},
            {"month": "2026-11", "spent_cents": 99_500},
        ],
        "vip_status": False,
        "next_vip_threshold_cents": 50_000,
        "next_vip_threshold": "500.00",
    }

    total_spent_cents: int
    total_spent_dollars: str
    average_booking_cents: int
    average_booking_value: str
    most_used_service: ServiceType | None
    monthly_spending: tuple[MonthlySpendingEntry, ...]
    vip_status: bool
    next_vip_threshold_cents: int | None
    next_vip_threshold: str | None

    @classmethod
    def from_analytics(cls, analytics: CustomerAnalytics) -> Self:
        spent_cents, missing = analytics.totals.total_spent_cents, analytics.to_vip_cents
        return cls(
            total_spent_cents=spent_cents,
            total_spent_dollars=dollars(spent_cents),
            average_booking_cents=analytics.average_booking_cents,
            average_booking_value=dollars(analytics.average_booking_cents),
            most_used_service=analytics.most_used_service,
            monthly_spending=tuple(
                MonthlySpendingEntry(month=f"{month:%Y-%m}", spent_cents=cents)
                for month, cents in analytics.monthly_spending.items()
            ),
            vip_status=analytics.totals.is_vip,
            next_vip_threshold_cents=missing,
            next_vip_threshold=None if missing is None else dollars(missing),
        )
