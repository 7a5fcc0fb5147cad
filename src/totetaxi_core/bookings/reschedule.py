"""A booking on its way to another slot, while the difference in its price waits to be paid."""

from dataclasses import dataclass, replace
from datetime import date, datetime, time
from enum import StrEnum
from typing import Protocol, Self
from uuid import UUID

from totetaxi_core.bookings.booking import CREW_DAY_ENDS_AT, Booking
from totetaxi_core.bookings.booking_status import BookingStatus
from totetaxi_core.pricing.quote import Quote
from totetaxi_core.refusal import DomainError


class RescheduleExistsError(DomainError):
    """The booking has a pending reschedule already."""

    code = "reschedule_pending"


class RescheduleState(StrEnum):
    """`ended`: it was not paid in time, or gave way; the booking stayed where it was."""

    PENDING = "pending"
    DONE = "done"
    ENDED = "ended"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reschedule:
    """`quote` is the booking's price in the new slot, `difference_cents` above its present one.

    While pending the new slot's crews are held beside the booking's own, until `expires_at`, in
    UTC; `crew_day_ends_at` is that of the schedule they were taken by. `previous_pickup_at` is the
    pickup it leaves. `requested_by` is `customer` or the name of a member of staff. A booking has
    at most one that is pending.
    """

    id: UUID
    booking_id: UUID
    state: RescheduleState
    quote: Quote
    pickup_at: datetime
    previous_pickup_at: datetime
    difference_cents: int
    payment_id: UUID
    expires_at: datetime
    requested_by: str
    created_at: datetime
    updated_at: datetime
    crew_day_ends_at: time = CREW_DAY_ENDS_AT

    def is_awaited(self, *, at: datetime) -> bool:
        """Tell whether its difference may still be paid."""
        return self.state is RescheduleState.PENDING and at < self.expires_at

    def fits(self, booking: Booking, *, at: datetime) -> bool:
        """Tell whether the booking is as it was when this was agreed to, and no pickup is due."""
        is_same = booking.pickup_at == self.previous_pickup_at
        before_cents = self.quote.total_cents - self.difference_cents
        is_early = at < min(self.previous_pickup_at, self.pickup_at)
        stands = booking.status is BookingStatus.CONFIRMED
        return stands and is_same and is_early and booking.total_cents == before_cents

    def end(self, *, at: datetime) -> Self:
        return replace(self, state=RescheduleState.ENDED, updated_at=at)

    def done(self, *, at: datetime) -> Self:
        return replace(self, state=RescheduleState.DONE, updated_at=at)


class Reschedules(Protocol):
    """Reschedules that cost more. Their writers hold the lock of the booking."""

    async def add(self, reschedule: Reschedule) -> None:
        """Store a new one.

        Raises:
            RescheduleExistsError: the booking has a pending one.
        """
        ...

    async def save(self, reschedule: Reschedule) -> None:
        """Store it as it now stands."""
        ...

    async def pending_of(self, booking_id: UUID) -> Reschedule | None:
        """Return the booking's pending one."""
        ...

    async def of_payment(self, payment_id: UUID) -> Reschedule | None:
        """Return the one whose difference the payment is for."""
        ...

    async def held_on(self, on: date) -> tuple[Reschedule, ...]:
        """Return the pending ones whose new slot is on this date."""
        ...

    async def lapsed(self, *, at: datetime, limit: int) -> tuple[UUID, ...]:
        """Return the bookings of pending ones that expired by an instant, earliest first."""
        ...
