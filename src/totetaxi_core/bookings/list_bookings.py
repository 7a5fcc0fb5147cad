"""List bookings, newest first, going on from a booking's number."""

from dataclasses import dataclass

from totetaxi_core.bookings.booking import Booking
from totetaxi_core.bookings.find_bookings import BookingFilter, find_bookings
from totetaxi_core.page import Place
from totetaxi_core.ports import Ports


@dataclass(frozen=True, slots=True, kw_only=True)
class BookingPage:
    """`next_after` is the number to ask on from; None at the end."""

    bookings: tuple[Booking, ...]
    next_after: str | None


async def list_bookings(
    ports: Ports, wanted: BookingFilter, *, after: str | None, limit: int
) -> BookingPage:
    """Return at most `limit` bookings older than the one whose number is `after`.

    Raises:
        BookingNotFoundError: no booking has that number.
    """
    async with ports.unit_of_work() as uow:
        last = None if after is None else await uow.bookings.get_by_number(after)
        before = None if last is None else Place.of(last)
        page = await find_bookings(uow.booking_desk, wanted, before=before, limit=limit)
    oldest = page.oldest
    return BookingPage(
        bookings=page.entries, next_after=None if oldest is None else oldest.booking_number
    )
