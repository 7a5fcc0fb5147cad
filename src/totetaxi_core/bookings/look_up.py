"""Look a booking up by its number, or by its guest's manage token."""

from uuid import UUID

from totetaxi_core.bookings.booking import Booking
from totetaxi_core.ports import Ports, Terms


async def look_up_status(booking_number: str, ports: Ports) -> Booking:
    """Return the booking of a number, in any case.

    Raises:
        BookingNotFoundError: there is none.
    """
    async with ports.unit_of_work() as uow:
        return await uow.bookings.get_by_number(booking_number)


async def look_up_managed(manage_token: str | None, ports: Ports, terms: Terms) -> Booking:
    """Return the booking a manage token is for.

    Raises:
        ManageTokenError: it is missing, or not ours.
        BookingNotFoundError: the booking is gone.
    """
    booking_id: UUID = terms.manage_tokens.booking_id(manage_token or "")
    async with ports.unit_of_work() as uow:
        return await uow.bookings.get(booking_id)
