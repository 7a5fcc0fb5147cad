"""Who moves an unpaid booking about keeps its crew no longer than who leaves it where it is."""

import asyncio
from datetime import date, timedelta
from typing import Final

from hypothesis import given
from hypothesis import strategies as st

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
from totetaxi_core.bookings.expire_holds import expire_holds
from totetaxi_core.payments.payable import NotPayableError

PRICES: Final = {TUESDAY: WEEKDAY_CENTS, WEDNESDAY: WEEKDAY_CENTS, SATURDAY: WEEKEND_CENTS}
MOVES: Final = st.lists(
    st.tuples(st.integers(0, 31), st.sampled_from(list(PRICES)), st.booleans()), max_size=6
)


@given(moves=MOVES)
def test_given_any_moves_when_the_last_hold_of_staff_or_placing_ends_then_no_crew_is_held(
    moves: list[tuple[int, date, bool]],
) -> None:
    async def story() -> None:
        house = await a_moving_house()
        booking = await book_on(house)
        until = booking.created_at + house.terms.hold
        for minutes, on, by_staff in moves:
            house.clock.advance(timedelta(minutes=minutes))
            staff_name = "maria" if by_staff else None
            is_elsewhere = house.booking(booking.id).quote.request.pickup_date != on
            try:
                await move(house, booking, on, expecting=PRICES[on], staff_name=staff_name)
            except NotPayableError:
                assert house.clock() >= until
                break
            if by_staff and is_elsewhere:
                until = house.clock() + house.terms.hold
            assert house.booking(booking.id).hold_expires_at == until
        house.clock.advance(max(until - house.clock(), timedelta(0)))

        await expire_holds(house.ports, house.terms, limit=10)

        assert not any(house.crews_taken().values())

    asyncio.run(story())
