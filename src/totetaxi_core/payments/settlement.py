"""How an intent and what it is for stand, once it was settled."""

from dataclasses import dataclass
from datetime import datetime

from totetaxi_core.bookings.booking import Booking
from totetaxi_core.bookings.booking_status import BookingStatus
from totetaxi_core.payments.gateway import IntentStatus, PaymentIntent
from totetaxi_core.payments.payment import Payment, PaymentStatus

UNPAID = frozenset({BookingStatus.PENDING, BookingStatus.CANCELLED})
OPEN = frozenset({PaymentStatus.PENDING, PaymentStatus.PROCESSING})


@dataclass(frozen=True, slots=True)
class Settlement:
    """The booking as it now stands, and the intent as Stripe had it.

    `difference` is the payment of a reschedule that the intent is for, None for any other intent.
    """

    booking: Booking
    intent: PaymentIntent
    difference: Payment | None = None

    @property
    def is_received(self) -> bool:
        """Tell whether Stripe has the money."""
        return self.intent.status is IntentStatus.SUCCEEDED

    @property
    def is_taken(self) -> bool:
        """Tell whether what it is for is paid: the booking stands, or has moved."""
        if self.difference is not None:
            return self.difference.status is PaymentStatus.SUCCEEDED
        return self.booking.status not in UNPAID

    @property
    def is_unpaid(self) -> bool:
        """Tell whether what it is for is neither paid nor over."""
        if self.difference is not None:
            return self.difference.status in OPEN
        return self.booking.status is BookingStatus.PENDING

    def is_open(self, *, at: datetime) -> bool:
        """Tell whether what it is for may still be paid."""
        if self.difference is not None:
            return self.is_unpaid
        return self.booking.is_payable(at=at)
