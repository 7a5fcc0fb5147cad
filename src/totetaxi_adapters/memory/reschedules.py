"""The port to reschedules."""

from datetime import date, datetime
from uuid import UUID

from totetaxi_adapters.memory.database import MemoryDatabase
from totetaxi_adapters.memory.table import View
from totetaxi_adapters.memory.transaction import Transaction
from totetaxi_core.bookings.reschedule import (
    Reschedule,
    RescheduleExistsError,
    RescheduleState,
)


class MemoryReschedules:
    def __init__(self, database: MemoryDatabase, transaction: Transaction) -> None:
        self._transaction = transaction
        self._rows = View(database.reschedules, transaction)

    async def add(self, reschedule: Reschedule) -> None:
        """Store a new one.

        Raises:
            RescheduleExistsError: the booking has a pending one.
        """
        await self._transaction.lock("pending reschedule", reschedule.booking_id)
        if await self.pending_of(reschedule.booking_id) is not None:
            self._transaction.doom()
            raise RescheduleExistsError(f"booking {reschedule.booking_id} is being rescheduled")
        self._rows.insert(reschedule.id, reschedule)

    async def save(self, reschedule: Reschedule) -> None:
        """Store it as it now stands."""
        self._rows.update(reschedule.id, reschedule)

    async def pending_of(self, booking_id: UUID) -> Reschedule | None:
        """Return the booking's pending one."""
        found = self._rows.where("booking", booking_id)
        return next((row for row in found if row.state is RescheduleState.PENDING), None)

    async def of_payment(self, payment_id: UUID) -> Reschedule | None:
        """Return the one whose difference the payment is for."""
        return next(iter(self._rows.where("payment", payment_id)), None)

    async def held_on(self, on: date) -> tuple[Reschedule, ...]:
        """Return the pending ones whose new slot is on this date."""
        pending = self._rows.where("state", RescheduleState.PENDING)
        held = [row for row in pending if row.quote.request.pickup_date == on]
        return tuple(sorted(held, key=lambda row: (row.created_at, row.id)))

    async def lapsed(self, *, at: datetime, limit: int) -> tuple[UUID, ...]:
        """Return the bookings of pending ones that expired by an instant, earliest first."""
        pending = self._rows.where("state", RescheduleState.PENDING)
        over = sorted((row.expires_at, row.id, row) for row in pending if row.expires_at <= at)
        return tuple(row.booking_id for _, _, row in over[:limit])
