"""The port by which staff and account holders read bookings."""

from totetaxi_adapters.memory.database import MemoryDatabase
from totetaxi_adapters.memory.table import View
from totetaxi_adapters.memory.transaction import Transaction
from totetaxi_core.bookings.booking import Booking
from totetaxi_core.bookings.find_bookings import (
    BookingFilter,
    Search,
    SearchKind,
)
from totetaxi_core.page import Place


class MemoryBookingDesk:
    def __init__(self, database: MemoryDatabase, transaction: Transaction) -> None:
        self._rows = View(database.bookings, transaction)

    async def page(
        self,
        wanted: BookingFilter,
        *,
        before: Place | None = None,
        after: Place | None = None,
        limit: int,
    ) -> tuple[Booking, ...]:
        found = sorted((row for row in self._rows.all() if _is_wanted(row, wanted)), key=Place.of)
        if after is not None:
            newer = [row for row in found if Place.of(row) > after]
            return tuple(reversed(newer[:limit]))
        older = [row for row in found if before is None or Place.of(row) < before]
        return tuple(reversed(older))[:limit]


def _is_wanted(booking: Booking, wanted: BookingFilter) -> bool:
    request = booking.quote.request
    if wanted.status not in (None, booking.status):
        return False
    if wanted.service_type not in (None, request.service_type):
        return False
    if wanted.customer_id not in (None, booking.customer_id):
        return False
    if wanted.pickup_from is not None and request.pickup_date < wanted.pickup_from:
        return False
    if wanted.pickup_to is not None and request.pickup_date > wanted.pickup_to:
        return False
    return wanted.search is None or _is_found(booking, wanted.search)


def _is_found(booking: Booking, search: Search) -> bool:
    contact = booking.contact
    if search.kind is SearchKind.NUMBER:
        return booking.booking_number == search.text
    if search.kind is SearchKind.PHONE:
        return contact.phone == search.text
    if search.kind is SearchKind.EMAIL:
        return contact.email.lower().startswith(search.text)
    names = (f"{contact.first_name} {contact.last_name}", contact.last_name)
    return any(name.lower().startswith(search.text) for name in names)
