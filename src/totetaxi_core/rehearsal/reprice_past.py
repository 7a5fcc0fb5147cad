"""What a past booking would have cost under another price book.

Source: docs/pricing.md, "Rehearsing a book".
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

from totetaxi_core.bookings.booked_code import code_in_book, has_terms_of, versions_with_code
from totetaxi_core.bookings.reprice import granting
from totetaxi_core.price_book import DiscountCode, PriceBook
from totetaxi_core.pricing import Quote, quote
from totetaxi_core.refusal import InvalidInputError

BookOf = Callable[[int], PriceBook]


@dataclass(frozen=True, slots=True, kw_only=True)
class PastBooking:
    """A booking as it was priced; `created_at` is an aware instant."""

    booking_number: str
    quote: Quote
    created_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Repriced:
    """`quote` is None where the book refuses the booking: `refused_for` says why, as `field code`.

    `is_code_lost` tells that the booking's discount code cannot be used under the book: the price
    is the one without it.
    """

    quote: Quote | None
    refused_for: str = ""
    is_code_lost: bool = False


def reprice_past(past: PastBooking, book: PriceBook, *, book_of: BookOf) -> Repriced:
    """Price a booking as if the book had been in effect; `book_of` returns stored versions.

    The slot, the wishes and a staff adjustment stay. A discount code the book has unchanged stays
    granted; one it has otherwise must be valid when the booking was made. Under the version the
    booking was priced with, the price is the stored one.
    """
    try:
        return _with_code(past, book, book_of=book_of)
    except InvalidInputError as refusal:
        fault = refusal.faults[0]
        return Repriced(quote=None, refused_for=f"{fault.field} {fault.code}")


def _with_code(past: PastBooking, book: PriceBook, *, book_of: BookOf) -> Repriced:
    request = past.quote.request
    if request.discount_code is None:
        return Repriced(quote=quote(request, book, at=past.created_at))
    given = _given_code(past.quote, book_of)
    is_own = book.version == past.quote.price_book_version
    if given is not None and (is_own or given in book.discount_codes):
        return Repriced(quote=quote(request, granting(book, given), at=past.created_at))
    try:
        return Repriced(quote=quote(request, book, at=past.created_at))
    except InvalidInputError as refusal:
        if refusal.code != "discount_unavailable":
            raise
    without = quote(replace(request, discount_code=None), book, at=past.created_at)
    return Repriced(quote=without, is_code_lost=True)


def _given_code(priced: Quote, book_of: BookOf) -> DiscountCode | None:
    """Return the booking's code by the terms it was given with, as `booked_code` does."""
    newest = None
    for version in versions_with_code(priced):
        code = code_in_book(priced, book_of(version))
        if code is not None and has_terms_of(code, priced):
            return code
        newest = newest or code
    return newest
