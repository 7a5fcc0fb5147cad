"""The discount code that a booking was given, in whatever version of the price book it is."""

from dataclasses import replace
from datetime import datetime
from typing import Final, NamedTuple

from totetaxi_core.bookings.booking import Booking
from totetaxi_core.ports import Terms
from totetaxi_core.price_book import DiscountCode, DiscountKind, PriceBook
from totetaxi_core.pricing import LineKind, Quote
from totetaxi_core.unit_of_work import UnitOfWork

AFTER: Final = frozenset({LineKind.DISCOUNT, LineKind.ADJUSTMENT, LineKind.TAX})
"""Lines that a discount does not look at."""


class BookedCode(NamedTuple):
    """A code by the terms it was given with, and the version of the book that has these."""

    code: DiscountCode
    version: int


async def booked_code(quote: Quote, uow: UnitOfWork) -> BookedCode | None:
    """Return the code of a booked price by the terms it was given with, None if it has none."""
    newest = None
    for version in versions_with_code(quote):
        code = code_in_book(quote, await uow.price_books.get(version))
        if code is not None:
            found = BookedCode(code, version)
            if has_terms_of(code, quote):
                return found
            newest = newest or found
    return newest


def versions_with_code(quote: Quote) -> range:
    """Return the books that may have given the price its code, likeliest first.

    The price of a booking that moved is of a later book, which may have dropped or changed the
    code since the booking was made: then an older one has it. The price says which one; where it
    was stored before prices did so, the newest that takes off the same is taken.
    """
    if quote.request.discount_code is None:
        return range(0)
    known = quote.code_book_version
    return range(quote.price_book_version, 0, -1) if known is None else range(known, known + 1)


def code_in_book(quote: Quote, book: PriceBook) -> DiscountCode | None:
    """Find it by the id its line names; a code that took nothing off has left no line."""
    ids = {line.rule_id for line in quote.lines if line.kind is LineKind.DISCOUNT}
    wanted = (quote.request.discount_code or "").strip().casefold()
    for code in book.discount_codes:
        if code.id in ids or (not ids and code.code.casefold() == wanted):
            return code
    return None


def has_terms_of(code: DiscountCode, quote: Quote) -> bool:
    """Tell whether the code takes off what the price has off, whatever the least order was."""
    lines = [line for line in quote.lines if line.kind is LineKind.DISCOUNT]
    rate_bp = code.rate_bp if code.kind is DiscountKind.PERCENTAGE else None
    subtotal_cents = sum(line.amount_cents for line in quote.lines if line.kind not in AFTER)
    off_cents = replace(code, min_order_cents=0).amount_off(subtotal_cents)
    return off_cents == -sum(line.amount_cents for line in lines) and all(
        line.rate_bp == rate_bp for line in lines
    )


async def reserve_code(
    booking: Booking, book: PriceBook, uow: UnitOfWork, terms: Terms, *, at: datetime
) -> None:
    """Take a use of the code that the booking was priced with, by `book`, if it has one.

    Raises:
        DiscountUsedUpError: its last use is gone, in all or for this e-mail address.
    """
    for line in booking.quote.lines:
        if line.kind is LineKind.DISCOUNT:
            code = next(code for code in book.discount_codes if code.id == line.rule_id)
            current = await uow.price_books.current(at=at)
            await uow.discount_uses.reserve(
                _limited_now(code, current),
                booking_id=booking.id,
                email_key=booking.contact.email_key,
                pseudonym=terms.pseudonyms.of(booking.contact.email_key),
            )


def _limited_now(code: DiscountCode, current: PriceBook) -> DiscountCode:
    """Return a code of a quote's book with the limits it has in the book in effect.

    A quote keeps that a code is valid, never that uses are left: staff may have lowered them.
    """
    for one in current.discount_codes:
        if one.id == code.id:
            return replace(
                code, max_uses=one.max_uses, max_uses_per_customer=one.max_uses_per_customer
            )
    return code
