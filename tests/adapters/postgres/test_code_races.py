"""Discount codes on real connections: limited by staff while guests take and give back uses."""

import asyncio
from collections import Counter
from dataclasses import replace
from datetime import timedelta

import pytest

from tests.adapters.postgres.raced_world import CODE, a_house_on, order_of
from tests.adapters.postgres.server_view import fetch
from tests.conftest import PostgresUowFactory
from tests.core.bookings.memory_house import MemoryHouse
from tests.core.bookings.sample_books import book_with_code
from totetaxi_core.bookings.booking import Booking
from totetaxi_core.bookings.booking_status import CancellationReason
from totetaxi_core.bookings.end_unpaid import end_unpaid
from totetaxi_core.discount_codes.manage_codes import change_code
from totetaxi_core.discount_codes.read_codes import find_uses, look_up_code
from totetaxi_core.pricing.preview_price import preview_price
from totetaxi_core.refusal import DomainError

BOOKED = "booked"
GUESTS = 12
USES = "SELECT count(*) FROM discount_uses"


async def book(house: MemoryHouse, name: str, *, token: str | None = None) -> Booking:
    order = order_of(name, code=CODE)
    placed = replace(order, wants_intent=False, quote_token=token)
    return (await house.book_order(placed)).booking


async def outcome_of(house: MemoryHouse, name: str) -> str:
    try:
        await book(house, name)
    except DomainError as refusal:
        return refusal.code
    return BOOKED


async def limit(house: MemoryHouse, most: int) -> int:
    """Lower the limit; return the uses there were when it was in force."""
    changes = {"max_uses": most}
    known = await change_code(CODE, changes, house.ports, reason="Too many", by="maria")
    return known.uses


async def end(house: MemoryHouse, booking: Booking) -> None:
    timeout = CancellationReason.PAYMENT_TIMEOUT
    await end_unpaid(booking.id, house.ports, house.terms, reason=timeout)


@pytest.fixture
async def house(uow_factory: PostgresUowFactory) -> MemoryHouse:
    house = a_house_on(uow_factory, crews=2 * GUESTS)
    await house.publish(book_with_code(max_uses=8), based_on=0)
    return house


async def test_given_many_who_take_a_code_when_its_limit_is_lowered_then_every_use_has_its_booking(
    house: MemoryHouse, database_url: str
) -> None:
    guests = [outcome_of(house, f"guest{number}") for number in range(GUESTS)]
    outcomes, seen = await asyncio.gather(asyncio.gather(*guests), limit(house, 3))
    late = [await outcome_of(house, f"late{number}") for number in range(3)]

    told = Counter([*outcomes, *late])
    known = await look_up_code(CODE, house.ports)
    page = await find_uses(CODE, house.ports, limit=100)
    assert set(told) <= {BOOKED, "discount_unavailable"}
    assert fetch(database_url, USES) == [(told[BOOKED],)]
    assert known.uses == len(page.entries) == told[BOOKED]
    assert max(seen, 3) <= known.uses <= 8
    assert known.code.max_uses == 3


async def test_given_a_price_quoted_before_when_the_limit_is_lowered_then_todays_limit_counts(
    house: MemoryHouse,
) -> None:
    async with house.ports.unit_of_work() as uow:
        book_then = await uow.price_books.current(at=house.clock())
    request = order_of("ada", code=CODE).request
    quoted = await preview_price(request, book_then, house.ports, house.terms)
    await book(house, "bob")

    await limit(house, 1)

    with pytest.raises(DomainError) as refusal:
        await book(house, "ada", token=quoted.quote_token)
    assert refusal.value.code == "discount_unavailable"


async def test_given_a_pause_when_a_price_was_quoted_before_then_it_is_honored_and_others_are_not(
    house: MemoryHouse,
) -> None:
    async with house.ports.unit_of_work() as uow:
        book_then = await uow.price_books.current(at=house.clock())
    request = order_of("ada", code=CODE).request
    quoted = await preview_price(request, book_then, house.ports, house.terms)

    await change_code(CODE, {"is_active": False}, house.ports, reason="It leaked", by="maria")

    assert await outcome_of(house, "bob") == "discount_unavailable"
    booked = await book(house, "ada", token=quoted.quote_token)
    assert booked.total_cents == quoted.quote.total_cents


async def test_given_uses_given_back_when_many_race_for_them_then_as_many_are_taken_as_came_back(
    house: MemoryHouse, database_url: str
) -> None:
    held = [await book(house, f"guest{number}") for number in range(8)]
    await limit(house, 6)
    house.clock.advance(timedelta(minutes=1))

    ends = [end(house, booking) for booking in held[:5]]
    outcomes, _ = await asyncio.gather(
        asyncio.gather(*(outcome_of(house, f"next{number}") for number in range(GUESTS))),
        asyncio.gather(*ends),
    )
    rest = [await outcome_of(house, f"last{number}") for number in range(GUESTS)]

    told = Counter([*outcomes, *rest])
    assert set(told) == {BOOKED, "discount_unavailable"}
    assert told[BOOKED] == 3
    assert fetch(database_url, USES) == [(6,)]
