"""A booking that moves keeps its discount code by the terms it was given with, whatever follows."""

import asyncio
from datetime import date
from typing import Final

from hypothesis import example, given
from hypothesis import strategies as st

from tests.builders import a_price_book, winter_code_document
from tests.core.bookings.rescheduling import (
    SATURDAY,
    TUESDAY,
    WEDNESDAY,
    WEEKDAY_CENTS,
    WEEKEND_CENTS,
    a_moving_house,
    book_on,
    move,
)
from totetaxi_core.price_book import PriceBook

PRICES: Final = {TUESDAY: WEEKDAY_CENTS, WEDNESDAY: WEEKDAY_CENTS, SATURDAY: WEEKEND_CENTS}
CAPS: Final = st.none() | st.sampled_from([1, 9_950, 10_000, 11_700]) | st.integers(0, 50_000)
TERMS: Final = st.one_of(
    st.fixed_dictionaries({"rate_bp": st.sampled_from([1_000, 500]), "max_discount_cents": CAPS}),
    st.fixed_dictionaries(
        {
            "kind": st.just("fixed"),
            "amount_cents": st.sampled_from([9_950, 11_700]) | st.integers(1, 50_000),
        }
    ),
)
CHANGES: Final = st.lists(st.tuples(TERMS, st.sampled_from(list(PRICES))), min_size=1, max_size=4)
TEN_PERCENT: Final = {"rate_bp": 1_000, "max_discount_cents": None}
CAPPED_LATER: Final = {"rate_bp": 1_000, "max_discount_cents": 10_000}


def book_with(terms: dict[str, object], *, version: int = 1) -> PriceBook:
    """Return the company's book with WINTER10 by these terms."""
    code = {**winter_code_document(), **terms}
    if "amount_cents" in terms:
        code = {name: fact for name, fact in code.items() if name != "rate_bp"}
    return a_price_book(version=version, discount_codes=[code])


@given(first=TERMS, changes=CHANGES)
@example(first=TEN_PERCENT, changes=[(CAPPED_LATER, WEDNESDAY), (CAPPED_LATER, SATURDAY)])
def test_given_any_later_terms_when_moved_again_and_again_then_its_first_terms_are_its_price(
    first: dict[str, object], changes: list[tuple[dict[str, object], date]]
) -> None:
    async def story() -> None:
        given_by = book_with(first)
        code = given_by.discount_codes[0]
        house = await a_moving_house(book=given_by)
        booking = await book_on(house, discount_code="winter10")
        for version, (terms, on) in enumerate(changes, start=1):
            later = book_with({**terms, "id": str(code.id)}, version=version + 1)
            await house.publish(later, based_on=version)
            expecting = PRICES[on] - code.amount_off(PRICES[on])
            moved = await move(house, booking, on, expecting=expecting)
            assert moved.booking.quote.request.pickup_date == on

    asyncio.run(story())
