"""The discount code that a booking was given, in whatever version of the price book it is."""

from totetaxi_core.price_book import DiscountCode, PriceBook
from totetaxi_core.pricing import LineKind, Quote
from totetaxi_core.unit_of_work import UnitOfWork


async def booked_code(quote: Quote, uow: UnitOfWork) -> DiscountCode | None:
    """Return the code of a booked price, None if it has none.

    A later book may have dropped it since the booking was made: then an older one has it.
    """
    if quote.request.discount_code is None:
        return None
    for version in range(quote.price_book_version, 0, -1):
        code = code_in_book(quote, await uow.price_books.get(version))
        if code is not None:
            return code
    return None


def code_in_book(quote: Quote, book: PriceBook) -> DiscountCode | None:
    """Find it by the id its line names; a code that took nothing off has left no line."""
    ids = {line.rule_id for line in quote.lines if line.kind is LineKind.DISCOUNT}
    wanted = (quote.request.discount_code or "").strip().casefold()
    for code in book.discount_codes:
        if code.id in ids or (not ids and code.code.casefold() == wanted):
            return code
    return None
