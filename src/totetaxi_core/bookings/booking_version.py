"""Which version of a booking a caller has seen: nobody overwrites what they do not know of."""

from collections.abc import Collection

from totetaxi_core.bookings.booking import Booking
from totetaxi_core.refusal import DomainError


class StaleVersionError(DomainError):
    """The booking has changed since the caller saw it; nothing was done."""

    code = "stale_version"

    def __init__(self, booking: Booking) -> None:
        super().__init__(
            f"booking {booking.booking_number} has changed since you saw it: it is "
            f"{booking.status.replace('_', ' ')} now, version {booking.version}"
        )
        self.version = booking.version


def require_version(booking: Booking, seen: Collection[int] | None) -> None:
    """Refuse a caller who has seen other versions than this one; None is asked of nobody.

    Raises:
        StaleVersionError: the booking has changed since.
    """
    if seen is not None and booking.version not in seen:
        raise StaleVersionError(booking)
