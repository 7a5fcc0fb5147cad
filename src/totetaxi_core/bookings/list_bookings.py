"""List bookings, newest first, a page at a time."""

from dataclasses import dataclass

from totetaxi_core.bookings.booking import Booking
from totetaxi_core.bookings.booking_status import BookingStatus
from totetaxi_core.ports import Ports


@dataclass(frozen=True, slots=True, kw_only=True)
class BookingPage:
    """`next_after` is the number to ask on from; None at the end."""

    bookings: tuple[Booking, ...]
    next_after: str | None


async def list_bookings(
    ports: Ports, *, status: BookingStatus | None, after: str | None, limit: int
) -> BookingPage:
    """Return at most `limit` bookings older than the one whose number is `after`.

    Raises:
        BookingNotFoundError: no booking has that number.
    """
    async with ports.unit_of_work() as uow:
        last = None if after is None else await uow.bookings.get_by_number(after)
        found = await uow.bookings.page(
            status=status, after=(last.created_at, last.id) if last else None, limit=limit + 1
        )
    shown = found[:limit]
    return BookingPage(
        bookings=shown, next_after=shown[-1].booking_number if len(found) > limit else None
    )
