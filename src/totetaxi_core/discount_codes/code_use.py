"""One use of a discount code: the booking that has it."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from totetaxi_core.bookings.booking_status import BookingStatus


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeUse:
    """A booking that dies unpaid gives its use back: then there is none.

    `discount_cents` is what the code took off, above zero; `created_at` is the booking's.
    """

    booking_id: UUID
    booking_number: str
    booking_status: BookingStatus
    discount_cents: int
    created_at: datetime

    @property
    def id(self) -> UUID:
        """The booking's id: what tells uses apart in a list."""
        return self.booking_id
