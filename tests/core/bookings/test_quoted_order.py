"""Orders that bring a quote token: the price that was shown is the price that is paid."""

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.builders import NOW, a_contact, a_quote_request
from tests.core.bookings.memory_house import MemoryHouse, a_house, a_key, an_order
from tests.core.bookings.sample_books import book_with_code, book_with_petite_at
from totetaxi_core.bookings.place_booking import PriceChangedError, place_booking
from totetaxi_core.bookings.repositories import DiscountUsedUpError
from totetaxi_core.pricing.preview_price import preview_price
from totetaxi_core.pricing.quote_token import LIFETIME, QuoteExpiredError, QuoteMismatchError
from totetaxi_core.refusal import InvalidInputError

CODED = replace(a_quote_request(), discount_code="WINTER10")
HALF_AN_HOUR_ON = (NOW + timedelta(minutes=10)).isoformat()


async def token_of(house: MemoryHouse, request: object = None) -> str:
    async with house.ports.unit_of_work() as uow:
        book = await uow.price_books.current(at=house.clock())
    asked = CODED if request is CODED else a_quote_request()
    preview = await preview_price(asked, book, house.ports, house.terms)
    return preview.quote_token


async def test_given_a_token_when_the_book_changed_since_then_its_price_is_paid() -> None:
    house = await a_house()
    token = await token_of(house)
    await house.publish(book_with_petite_at(120_000), based_on=1)

    placed = await place_booking(an_order(quote_token=token), house.ports, house.terms)

    assert placed.booking.total_cents == 99_500
    assert placed.booking.quote.price_book_version == 1
    assert house.payments(placed.booking)[0].amount_cents == 99_500


async def test_given_no_token_when_the_book_changed_then_the_new_price_is_paid() -> None:
    house = await a_house()
    await house.publish(book_with_petite_at(120_000), based_on=1)

    placed = await place_booking(an_order(), house.ports, house.terms)

    assert placed.booking.total_cents == 120_000
    assert placed.booking.quote.price_book_version == 2


async def test_given_a_token_and_its_total_expected_when_the_book_changed_then_it_is_booked() -> (
    None
):
    house = await a_house()
    token = await token_of(house)
    await house.publish(book_with_petite_at(120_000), based_on=1)

    with pytest.raises(PriceChangedError):
        await place_booking(an_order(expected_total_cents=99_500), house.ports, house.terms)
    placed = await place_booking(
        an_order(expected_total_cents=99_500, quote_token=token), house.ports, house.terms
    )

    assert placed.booking.total_cents == 99_500


async def test_given_a_code_that_ended_since_when_booked_with_the_token_then_it_still_counts() -> (
    None
):
    house = await a_house(book=book_with_code(valid_until=HALF_AN_HOUR_ON))
    token = await token_of(house, CODED)
    house.clock.advance(timedelta(minutes=15))

    with pytest.raises(InvalidInputError) as refused:
        await place_booking(an_order(request=CODED), house.ports, house.terms)
    placed = await place_booking(
        an_order(request=CODED, quote_token=token), house.ports, house.terms
    )

    assert refused.value.code == "discount_unavailable"
    assert placed.booking.total_cents == 89_550


async def test_given_a_token_when_the_codes_last_use_went_since_then_it_is_refused() -> None:
    house = await a_house(book=book_with_code(max_uses=1))
    token = await token_of(house, CODED)
    await place_booking(
        an_order(request=CODED, contact=a_contact(email="bo@example.com")),
        house.ports,
        house.terms,
    )
    before = house.stored()

    with pytest.raises(DiscountUsedUpError):
        await place_booking(an_order(request=CODED, quote_token=token), house.ports, house.terms)

    assert house.stored() == before


async def test_given_a_code_withdrawn_since_when_its_use_is_counted_then_by_its_own_version() -> (
    None
):
    house = await a_house(book=book_with_code(max_uses=1))
    token = await token_of(house, CODED)
    await house.publish(book_with_petite_at(99_500), based_on=1)

    placed = await place_booking(
        an_order(request=CODED, quote_token=token), house.ports, house.terms
    )

    assert placed.booking.id in house.database.code_uses.rows


@pytest.mark.parametrize("late", [False, True])
async def test_given_a_token_when_its_half_hour_is_over_then_it_has_expired(
    late: bool,  # noqa: FBT001  a parameter of pytest
) -> None:
    house = await a_house()
    token = await token_of(house)
    before = house.stored()
    order = an_order(quote_token=token, idempotency_key=a_key())

    house.clock.advance(LIFETIME - (timedelta(0) if late else timedelta(microseconds=1)))
    if late:
        with pytest.raises(QuoteExpiredError):
            await place_booking(order, house.ports, house.terms)
        assert house.stored() == before
    else:
        placed = await place_booking(order, house.ports, house.terms)
        assert placed.booking.total_cents == 99_500


async def test_given_a_token_of_another_request_when_booked_then_nothing_is_stored() -> None:
    house = await a_house()
    token = await token_of(house)
    before = house.stored()
    dearer = replace(a_quote_request(), coi_required=True)

    with pytest.raises(QuoteMismatchError) as refused:
        await place_booking(
            an_order(request=dearer, quote_token=token, idempotency_key=a_key()),
            house.ports,
            house.terms,
        )

    assert (refused.value.code, refused.value.field) == ("quote_mismatch", "quote_token")
    assert house.stored() == before


async def test_given_a_token_when_the_date_closed_since_then_the_schedule_still_refuses() -> None:
    house = await a_house()
    token = await token_of(house)
    house.clock.advance(timedelta(days=8))

    with pytest.raises((InvalidInputError, QuoteExpiredError)):
        await place_booking(an_order(quote_token=token), house.ports, house.terms)

    assert house.database.bookings.rows == {}
