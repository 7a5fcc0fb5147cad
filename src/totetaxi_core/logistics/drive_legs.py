"""The legs a booking is driven in."""

from totetaxi_core.bookings.booking import Booking
from totetaxi_core.bookings.booking_status import BookingStatus
from totetaxi_core.logistics.courier_task import LEGS, Leg

UNDER_COURIER = frozenset({BookingStatus.CONFIRMED, BookingStatus.IN_PROGRESS})


def legs_of(booking: Booking) -> tuple[Leg, ...]:
    """Return the legs of a booking, in the order in which they are driven."""
    return LEGS if booking.delivery_address else (Leg.PICKUP,)


def last_leg(booking: Booking) -> Leg:
    """Return the leg whose end is the booking's."""
    return legs_of(booking)[-1]
