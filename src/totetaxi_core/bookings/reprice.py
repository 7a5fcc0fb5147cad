"""What a booking costs at another date and time: the same wishes, at the price book in effect."""

from dataclasses import replace
from datetime import date, datetime, time
from functools import lru_cache

from totetaxi_core.bookings.booked_code import booked_code
from totetaxi_core.bookings.booking import Booking
from totetaxi_core.price_book import DiscountCode, PriceBook
from totetaxi_core.pricing import Quote, quote
from totetaxi_core.unit_of_work import UnitOfWork

BOOKS_KEPT = 16


async def reprice(
    booking: Booking, pickup_date: date, pickup_time: time, uow: UnitOfWork, *, at: datetime
) -> Quote:
    """Return the price there; in its present slot a booking keeps the price it has.

    A staff adjustment stays. So does the discount code, by the terms it was given with: it has been
    granted and its use is taken, so that neither its validity nor its withdrawal matters any more.

    Raises:
        InvalidInputError: names what the present book does not offer any more.
    """
    present = booking.quote.request
    if (present.pickup_date, present.pickup_time) == (pickup_date, pickup_time):
        return booking.quote
    request = replace(present, pickup_date=pickup_date, pickup_time=pickup_time)
    book = await uow.price_books.current(at=at)
    given = await booked_code(booking.quote, uow)
    if given is None:
        return quote(request, book, at=at)
    priced = quote(request, granting(book, given.code), at=at)
    is_older = given.version != book.version
    return replace(priced, code_book_version=given.version if is_older else None)


@lru_cache(maxsize=BOOKS_KEPT)
def granting(book: PriceBook, code: DiscountCode) -> PriceBook:
    """Return the book with this code alone, good for whoever has it."""
    granted = replace(code, is_active=True, valid_from=None, valid_until=None, min_order_cents=0)
    return replace(book, discount_codes=(granted,))
