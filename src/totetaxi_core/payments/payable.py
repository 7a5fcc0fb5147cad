"""Why a booking cannot be paid, or not now."""

from totetaxi_core.bookings.booking import Booking, InvalidTransitionError
from totetaxi_core.bookings.booking_status import BookingStatus
from totetaxi_core.ports import Ports
from totetaxi_core.refusal import DomainError


class NotPayableError(InvalidTransitionError):
    """The booking waits for no payment: it is paid, or over, or its hold has lapsed."""

    def __init__(self, booking: Booking) -> None:
        lapsed = booking.status is BookingStatus.PENDING
        stands = "was not paid in time" if lapsed else f"is {booking.status.replace('_', ' ')}"
        DomainError.__init__(
            self, f"booking {booking.booking_number} {stands}: it is not waiting for a payment"
        )
        self.status, self.target = booking.status, BookingStatus.CONFIRMED


class PaymentUnderWayError(DomainError):
    """A payment may still come through, so the booking can neither be ended nor paid anew."""

    code = "payment_under_way"
    field = "status"


def require_payable(booking: Booking, ports: Ports) -> None:
    """Refuse a booking that waits for no payment.

    Raises:
        NotPayableError: it is not pending, or its hold has lapsed.
    """
    if not booking.is_payable(at=ports.clock()):
        raise NotPayableError(booking)
