"""The port by which the desk is counted."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Protocol
from uuid import UUID

from totetaxi_core.bookings.booking_status import BookingStatus
from totetaxi_core.catalog import ServiceType


@dataclass(frozen=True, slots=True, kw_only=True)
class PickupToday:
    """A booking that is not cancelled; `pickup_time` is the business's own."""

    booking_id: UUID
    booking_number: str
    status: BookingStatus
    service_type: ServiceType
    pickup_time: time


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitingRefunds:
    """How many wait for a decision, and since when the oldest does, in UTC."""

    count: int
    oldest_at: datetime | None


class DashboardDesk(Protocol):
    """Counts for the desk, in its unit of work's transaction: each by an index, over few rows."""

    async def bookings_by_status(
        self, *, first_on: date, last_on: date
    ) -> Mapping[BookingStatus, int]:
        """Count the bookings whose pickup is on these days, both included."""
        ...

    async def pickups(self, on: date) -> tuple[PickupToday, ...]:
        """Return the pickups of a day in their order."""
        ...

    async def new_customers(self, *, created_from: datetime, created_until: datetime) -> int:
        """Count the accounts made in `[created_from, created_until)`."""
        ...

    async def waiting_refunds(self) -> WaitingRefunds: ...
