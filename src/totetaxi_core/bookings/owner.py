"""Whose account a booking is in: for anybody else it does not exist."""

from uuid import UUID

from totetaxi_core.bookings.booking import Booking, BookingNotFoundError
from totetaxi_core.unit_of_work import UnitOfWork


async def booking_of_customer(
    booking_id: UUID, customer_id: UUID, uow: UnitOfWork, *, lock: bool = False
) -> Booking:
    """Return the customer's booking; `lock` keeps other writers out until commit.

    Raises:
        BookingNotFoundError: no booking of this account has this id.
    """
    booking = await uow.bookings.get(booking_id, lock=lock)
    if booking.customer_id != customer_id:
        raise BookingNotFoundError(booking_id)
    return booking
