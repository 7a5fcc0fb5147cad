"""The desk at a glance, on the wire."""

from collections.abc import Mapping
from datetime import date, datetime, time
from typing import Any, ClassVar, Self
from uuid import UUID

import attrs

from totetaxi_core.bookings.booking_status import BookingStatus
from totetaxi_core.catalog import ServiceType
from totetaxi_core.staff.dashboard import Dashboard, Money, Period, PlannedPickup, TroubledMessages
from totetaxi_core.staff.dashboard_desk import WaitingRefunds


@attrs.frozen(kw_only=True)
class BookingCountsResponse:
    pending: int
    confirmed: int
    in_progress: int
    completed: int
    cancelled: int

    @classmethod
    def from_counts(cls, counts: Mapping[BookingStatus, int]) -> Self:
        return cls(**{status.value: counts[status] for status in BookingStatus})


@attrs.frozen(kw_only=True)
class MoneyResponse:
    """By the ledger; `net_cents` has what disputes took and gave back too."""

    charged_cents: int
    refunded_cents: int
    net_cents: int

    @classmethod
    def from_money(cls, money: Money | None) -> Self | None:
        if money is None:
            return None
        return cls(
            charged_cents=money.charged_cents,
            refunded_cents=money.refunded_cents,
            net_cents=money.net_cents,
        )


@attrs.frozen(kw_only=True)
class PeriodResponse:
    """New York's days, both included. `bookings` are those picked up on them."""

    date_from: date
    date_to: date
    bookings: BookingCountsResponse
    new_customers: int
    money: MoneyResponse | None

    @classmethod
    def from_period(cls, period: Period) -> Self:
        return cls(
            date_from=period.first_on,
            date_to=period.last_on,
            bookings=BookingCountsResponse.from_counts(period.bookings),
            new_customers=period.new_customers,
            money=MoneyResponse.from_money(period.money),
        )


@attrs.frozen(kw_only=True)
class PickupResponse:
    """`crews_left` is how many are free in the half hour of the pickup."""

    booking_id: UUID
    booking_number: str
    status: BookingStatus
    service_type: ServiceType
    pickup_time: time
    crews_left: int

    @classmethod
    def from_planned(cls, planned: PlannedPickup) -> Self:
        return cls(
            booking_id=planned.pickup.booking_id,
            booking_number=planned.pickup.booking_number,
            status=planned.pickup.status,
            service_type=planned.pickup.service_type,
            pickup_time=planned.pickup.pickup_time,
            crews_left=planned.crews_left,
        )


@attrs.frozen(kw_only=True)
class WaitingRefundsResponse:
    """`oldest_at` is since when the longest waits; null when none does."""

    count: int
    oldest_at: datetime | None

    @classmethod
    def from_waiting(cls, waiting: WaitingRefunds | None) -> Self | None:
        return None if waiting is None else cls(count=waiting.count, oldest_at=waiting.oldest_at)


@attrs.frozen(kw_only=True)
class TroubledMessagesResponse:
    """`unknown` ones may be lost, `refused` ones will never arrive."""

    unknown: int
    refused: int

    @classmethod
    def from_troubled(cls, troubled: TroubledMessages | None) -> Self | None:
        if troubled is None:
            return None
        return cls(unknown=troubled.unknown, refused=troubled.refused)


def _period(first: str, last: str) -> Mapping[str, Any]:
    counts = {"pending": 1, "confirmed": 4, "in_progress": 1, "completed": 2, "cancelled": 0}
    money = {"charged_cents": 199_000, "refunded_cents": 5_000, "net_cents": 194_000}
    return {
        "date_from": first,
        "date_to": last,
        "bookings": counts,
        "new_customers": 3,
        "money": money,
    }


@attrs.frozen(kw_only=True)
class DashboardResponse:
    """`week` is from Monday to Sunday. Null is what the caller may not see."""

    EXAMPLE: ClassVar[Mapping[str, object]] = {
        "today": _period("2026-12-01", "2026-12-01"),
        "week": _period("2026-11-30", "2026-12-06"),
        "pickups": [
            {
                "booking_id": "0b9c4f6e-3a57-4d1e-9a64-5f8b2c7d1e90",
                "booking_number": "TT-7K3M9QXA",
                "status": "confirmed",
                "service_type": "mini_move",
                "pickup_time": "09:00",
                "crews_left": 2,
            }
        ],
        "waiting_refunds": {"count": 1, "oldest_at": "2026-11-30T15:04:10Z"},
        "messages": {"unknown": 0, "refused": 2},
        "failed_jobs": 0,
    }

    today: PeriodResponse
    week: PeriodResponse
    pickups: tuple[PickupResponse, ...]
    waiting_refunds: WaitingRefundsResponse | None
    messages: TroubledMessagesResponse | None
    failed_jobs: int

    @classmethod
    def from_dashboard(cls, seen: Dashboard) -> Self:
        return cls(
            today=PeriodResponse.from_period(seen.today),
            week=PeriodResponse.from_period(seen.week),
            pickups=tuple(PickupResponse.from_planned(one) for one in seen.pickups),
            waiting_refunds=WaitingRefundsResponse.from_waiting(seen.waiting_refunds),
            messages=TroubledMessagesResponse.from_troubled(seen.messages),
            failed_jobs=seen.failed_jobs,
        )
