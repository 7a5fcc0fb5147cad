"""A booking as it stands in its new slot, with a cart key of its own there."""

from datetime import datetime, time

from totetaxi_core.bookings.booking import Booking
from totetaxi_core.bookings.cart_key import cart_key
from totetaxi_core.pricing.quote import Quote
from totetaxi_core.unit_of_work import UnitOfWork


async def moved_booking(
    booking: Booking,
    quote: Quote,
    uow: UnitOfWork,
    *,
    pickup_at: datetime,
    crew_day_ends_at: time,
    at: datetime,
    hold_expires_at: datetime | None = None,
) -> Booking:
    """Return the locked booking, moved and not saved yet; call it before any crew is locked.

    Raises:
        NotReschedulableError: it is neither pending nor confirmed, or its pickup is due.
    """
    key = await _cart_key(booking, quote, uow)
    return booking.reschedule(
        quote,
        pickup_at=pickup_at,
        crew_day_ends_at=crew_day_ends_at,
        cart_key=key,
        hold_expires_at=hold_expires_at,
        at=at,
    )


async def _cart_key(booking: Booking, quote: Quote, uow: UnitOfWork) -> str:
    """Return the key of its cart; one of its own where another booking has that, or it had one."""
    key = cart_key(
        booking.contact.email_key,
        quote,
        pickup=booking.pickup_address,
        delivery=booking.delivery_address,
    )
    own = f"{key}:{booking.id}"
    if ":" in booking.cart_key:
        return own
    other = await uow.bookings.with_cart(key)
    return key if other is None or other.id == booking.id else own
