"""Book without an account: what manages the booking is its manage token."""

from dataclasses import dataclass

from totetaxi_core.bookings.book import Booked, book
from totetaxi_core.bookings.order import Order
from totetaxi_core.ports import Ports, Terms


@dataclass(frozen=True, slots=True, kw_only=True)
class BookedAsGuest(Booked):
    """What the guest gets. `manage_token` is None for a repeat: it was mailed the first time."""

    manage_token: str | None


async def book_as_guest(order: Order, ports: Ports, terms: Terms) -> BookedAsGuest:
    """Book, and give the token that manages the booking.

    Raises:
        DomainError: each that `book` raises; then nothing was stored.
    """
    booked = await book(order, ports, terms)
    return BookedAsGuest(
        booking=booked.booking,
        intent=booked.intent,
        payment_error=booked.payment_error,
        is_repeat=booked.is_repeat,
        is_replay=booked.is_replay,
        is_anothers=booked.is_anothers,
        manage_token=None if booked.is_repeat else terms.manage_tokens.token(booked.booking.id),
    )
