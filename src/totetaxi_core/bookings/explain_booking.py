"""Say why a booking costs what it costs."""

from dataclasses import dataclass
from uuid import UUID

from totetaxi_core.bookings.booking import Booking
from totetaxi_core.ports import Ports
from totetaxi_core.pricing.explain_price import RuleFinding, explain_price


@dataclass(frozen=True, slots=True, kw_only=True)
class BookingExplanation:
    """A booking, and each surcharge rule of the price book it was priced with, in its order."""

    booking: Booking
    rules: tuple[RuleFinding, ...]


async def explain_booking(reference: UUID | str, ports: Ports) -> BookingExplanation:
    """Explain the booking of an id, or of a number in any case.

    Raises:
        BookingNotFoundError: there is none.
    """
    async with ports.unit_of_work() as uow:
        booking = (
            await uow.bookings.get_by_number(reference)
            if isinstance(reference, str)
            else await uow.bookings.get(reference)
        )
        book = await uow.price_books.get(booking.quote.price_book_version)
    return BookingExplanation(booking=booking, rules=explain_price(booking.quote, book))
