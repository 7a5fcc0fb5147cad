"""Stripe's customer who pays a booking: that of the account it was made for."""

from totetaxi_core.bookings.booking import GUEST, Booking
from totetaxi_core.unit_of_work import UnitOfWork


async def payer_of(booking: Booking, uow: UnitOfWork) -> str | None:
    """Return Stripe's id of the customer; None before the first saved card, and for a guest.

    A guest may be anybody who typed an account's address: their payment is none of its.
    """
    if booking.customer_id is None or booking.placed_by == GUEST:
        return None
    return (await uow.customers.get(booking.customer_id)).stripe_customer_id
