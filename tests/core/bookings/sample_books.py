"""Price books for tests of booking: the company's own, with one thing changed."""

from typing import cast

from tests.builders import DEFAULT_BOOK, a_price_book, winter_code_document
from totetaxi_core.price_book import PriceBook


def book_with_petite_at(price_cents: int, *, version: int = 1) -> PriceBook:
    """The first package alone, at this price."""
    packages = cast("list[dict[str, object]]", DEFAULT_BOOK.document["mini_move_packages"])
    return a_price_book(
        version=version, mini_move_packages=[{**packages[0], "base_price_cents": price_cents}]
    )


def book_with_code(**facts: object) -> PriceBook:
    """The code WINTER10 takes 10 % off from November on, unless facts of its own say otherwise."""
    return a_price_book(discount_codes=[{**winter_code_document(), **facts}])
