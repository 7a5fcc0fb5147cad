"""Where a booking stands, and how far its drive is."""

from typing import NamedTuple
from uuid import UUID

from totetaxi_core.bookings.booking import Booking
from totetaxi_core.documents.document import Document
from totetaxi_core.logistics.courier_progress import CourierProgress, courier_progress
from totetaxi_core.logistics.delivery_view import LegView, legs_seen, proof_among
from totetaxi_core.ports import Ports, Terms


class FollowedBooking(NamedTuple):
    """`courier` and `legs` have links to where the driver is.

    These, and `proof` of delivery, are not for whoever has the number alone.
    """

    booking: Booking
    courier: CourierProgress
    legs: tuple[LegView, ...] = ()
    proof: tuple[Document, ...] = ()


async def follow_by_number(booking_number: str, ports: Ports) -> FollowedBooking:
    """Return the booking of a number, in any case.

    Raises:
        BookingNotFoundError: there is none.
    """
    async with ports.unit_of_work() as uow:
        booking = await uow.bookings.get_by_number(booking_number)
        tasks = await uow.courier_tasks.of_booking(booking.id)
    return FollowedBooking(booking, courier_progress(booking, tasks))


async def follow_managed(manage_token: str | None, ports: Ports, terms: Terms) -> FollowedBooking:
    """Return the booking a manage token is for.

    Raises:
        ManageTokenError: it is missing, or not ours.
        BookingNotFoundError: the booking is gone.
    """
    booking_id: UUID = terms.manage_tokens.booking_id(manage_token or "")
    async with ports.unit_of_work() as uow:
        booking = await uow.bookings.get(booking_id)
        tasks = await uow.courier_tasks.of_booking(booking.id)
        documents = await uow.documents.of_booking(booking.id)
    return FollowedBooking(
        booking,
        courier_progress(booking, tasks),
        legs=legs_seen(booking, tasks),
        proof=proof_among(documents),
    )
