"""The cancellation terms, worked out a second time and by other means."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Final

from totetaxi_adapters.simulation.season import new_york_offset
from totetaxi_core.bookings.booking import Booking
from totetaxi_core.bookings.booking_status import CancellationReason
from totetaxi_core.bookings.cancel_booking import CancellationOffer

ALL, HALF, NOTHING = 2, 1, 0
EARLY: Final = timedelta(hours=48)
LATE: Final = timedelta(hours=24)


def pickup_instant(booking: Booking) -> datetime:
    """Return when the pickup is, in UTC: from its date and time and New York's clocks."""
    request = booking.quote.request
    local = datetime.combine(request.pickup_date, request.pickup_time, tzinfo=UTC)
    return local - new_york_offset(local - new_york_offset(local))


def halves_due(booking: Booking, at: datetime) -> int:
    """Return how many halves of what was paid a customer gets who cancels then."""
    notice = pickup_instant(booking) - at
    if notice >= EARLY:
        return ALL
    return HALF if notice >= LATE else NOTHING


def least_due_cents(booking: Booking, paid_cents: int) -> int:
    """Return what of a payment has to go back now that the booking is cancelled."""
    if booking.cancellation_reason is not CancellationReason.CUSTOMER:
        return paid_cents
    if booking.confirmed_at is None or booking.cancelled_at is None:
        return paid_cents
    return paid_cents * halves_due(booking, booking.cancelled_at) // ALL


def check_cancellation(booking: Booking, offer: CancellationOffer) -> Iterator[str]:
    """Yield a fault if what was shown is not what the terms give at the moment of the act."""
    by_customer = booking.cancellation_reason is CancellationReason.CUSTOMER
    if booking.cancelled_at is None:
        yield "a cancellation was answered, and the booking stands"
    else:
        halves = halves_due(booking, booking.cancelled_at) if by_customer else ALL
        if offer.refund_cents != offer.paid_cents * halves // ALL:
            yield (
                f"{offer.refund_cents} of {offer.paid_cents} cents were offered"
                f" where {halves} halves are due"
            )
