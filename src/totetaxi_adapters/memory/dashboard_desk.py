"""The port by which the desk is counted."""

from collections import Counter
from collections.abc import Mapping
from datetime import date, datetime

from totetaxi_adapters.memory.database import MemoryDatabase
from totetaxi_adapters.memory.table import View
from totetaxi_adapters.memory.transaction import Transaction
from totetaxi_core.bookings.booking import Booking
from totetaxi_core.bookings.booking_status import BookingStatus
from totetaxi_core.payments.refund import RefundStatus
from totetaxi_core.staff.dashboard_desk import PickupToday, WaitingRefunds


class MemoryDashboardDesk:
    def __init__(self, database: MemoryDatabase, transaction: Transaction) -> None:
        self._bookings = View(database.bookings, transaction)
        self._customers = View(database.customers, transaction)
        self._refunds = View(database.refunds, transaction)

    async def bookings_by_status(
        self, *, first_on: date, last_on: date
    ) -> Mapping[BookingStatus, int]:
        return Counter(
            row.status
            for row in self._bookings.all()
            if first_on <= row.quote.request.pickup_date <= last_on
        )

    async def pickups(self, on: date) -> tuple[PickupToday, ...]:
        found = (_pickup(row) for row in self._bookings.all() if _is_on(row, on))
        return tuple(sorted(found, key=lambda one: (one.pickup_time, one.booking_number)))

    async def new_customers(self, *, created_from: datetime, created_until: datetime) -> int:
        made = (row.created_at for row in self._customers.all())
        return sum(created_from <= created_at < created_until for created_at in made)

    async def waiting_refunds(self) -> WaitingRefunds:
        waiting = [
            row.created_at for row in self._refunds.all() if row.status is RefundStatus.REQUESTED
        ]
        return WaitingRefunds(count=len(waiting), oldest_at=min(waiting, default=None))


def _is_on(booking: Booking, on: date) -> bool:
    is_that_day = booking.quote.request.pickup_date == on
    return is_that_day and booking.status is not BookingStatus.CANCELLED


def _pickup(booking: Booking) -> PickupToday:
    request = booking.quote.request
    return PickupToday(
        booking_id=booking.id,
        booking_number=booking.booking_number,
        status=booking.status,
        service_type=request.service_type,
        pickup_time=request.pickup_time,
    )
