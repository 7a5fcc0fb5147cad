"""The half hours a booking keeps a crew busy."""

from totetaxi_core.bookings.booking import Booking
from totetaxi_core.scheduling.occupancy import half_hours


def occupied(booking: Booking) -> range:
    """Return them, numbered as in `scheduling.occupancy`."""
    return half_hours(
        booking.quote.request.pickup_time,
        booking.quote.estimated_hours,
        crew_day_ends_at=booking.crew_day_ends_at,
    )
