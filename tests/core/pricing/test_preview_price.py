from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, NoReturn

import pytest

from tests.builders import NOW, a_contact, a_quote_request, an_id
from tests.core.bookings.memory_house import MemoryHouse, a_house, an_order
from tests.core.bookings.sample_books import book_with_code, book_with_petite_at
from totetaxi_core.ports import Ports
from totetaxi_core.price_book import PriceBook
from totetaxi_core.pricing.preview_price import PricePreview, preview_price
from totetaxi_core.refusal import InvalidInputError
from totetaxi_core.scheduling.schedule import Schedule

CODED = replace(a_quote_request(), discount_code="winter10")


def no_database() -> NoReturn:
    raise AssertionError("the database was asked")


def without_database(house: MemoryHouse) -> Ports:
    return replace(house.ports, unit_of_work=no_database)


async def preview(
    book: PriceBook,
    *,
    at: datetime = NOW,
    schedule: Schedule | None = None,
    **changes: Any,  # noqa: ANN401
) -> PricePreview:
    house = MemoryHouse(
        at=at, schedule=schedule or Schedule(), holidays=[date(2026, 11, 26), date(2026, 12, 25)]
    )
    request = replace(a_quote_request(), **changes)
    return await preview_price(request, book, without_database(house), house.terms)


async def test_given_a_request_without_code_when_previewed_then_the_database_is_not_asked() -> None:
    house = MemoryHouse()
    book = book_with_petite_at(99_500, version=3)

    seen = await preview_price(a_quote_request(), book, without_database(house), house.terms)

    token = house.terms.quote_tokens.read(seen.quote_token, a_quote_request(), at=NOW)
    assert seen.quote.total_cents == 99_500
    assert (seen.bookable, seen.refusal_codes) == (True, ())
    assert seen.expires_at == token.expires_at == NOW + timedelta(minutes=30)
    assert (token.price_book_version, token.quoted_at) == (3, NOW)


@pytest.mark.parametrize(
    ("changes", "codes"),
    [
        ({"pickup_date": date(2026, 11, 20)}, ("past",)),
        ({"pickup_date": date(2026, 11, 23)}, ("same_day",)),
        ({"pickup_date": date(2026, 11, 24), "at": NOW + timedelta(hours=8)}, ("notice",)),
        ({"pickup_date": date(2027, 6, 1)}, ("horizon",)),
        ({"pickup_date": date(2026, 12, 5)}, ("weekend",)),
        ({"pickup_date": date(2026, 12, 25)}, ("holiday",)),
        ({"schedule": Schedule(closed_dates=frozenset({date(2026, 12, 1)}))}, ("closed",)),
        ({"pickup_time": time(6, 59)}, ("outside_pickup_hours",)),
        (
            {"pickup_date": date(2026, 11, 21), "pickup_time": time(12, 1)},
            ("past", "weekend", "outside_pickup_hours"),
        ),
    ],
)
async def test_given_a_pickup_the_schedule_refuses_when_previewed_then_it_is_priced_and_told(
    changes: dict[str, Any], codes: tuple[str, ...]
) -> None:
    seen = await preview(book_with_petite_at(99_500), **changes)

    assert seen.refusal_codes == codes
    assert not seen.bookable
    assert seen.quote.total_cents >= 99_500


@pytest.mark.parametrize(
    ("price_cents", "codes"),
    [
        (0, ()),
        (1, ("amount_too_small",)),
        (99, ("amount_too_small",)),
        (100, ()),
        (500_000, ()),
        (500_001, ("amount_needs_staff",)),
    ],
)
async def test_given_a_total_out_of_limits_when_previewed_then_it_is_told(
    price_cents: int, codes: tuple[str, ...]
) -> None:
    seen = await preview(book_with_petite_at(price_cents))

    assert seen.refusal_codes == codes
    assert seen.bookable is not bool(codes)
    assert seen.quote.total_cents == price_cents


async def test_given_schedule_and_amount_refuse_when_previewed_then_the_schedule_comes_first() -> (
    None
):
    seen = await preview(book_with_petite_at(50), pickup_date=date(2026, 11, 20))

    assert seen.refusal_codes == ("past", "amount_too_small")


async def test_given_no_crew_left_when_previewed_then_it_is_not_looked_at() -> None:
    seen = await preview(book_with_petite_at(99_500), schedule=Schedule(default_crews=0))

    assert seen.bookable


async def test_given_bad_fields_when_previewed_then_every_one_is_named() -> None:
    with pytest.raises(InvalidInputError) as refused:
        await preview(book_with_petite_at(99_500), pickup_zip="90210", mini_move_package_id=an_id())

    assert {fault.field for fault in refused.value.faults} == {
        "pickup_zip",
        "mini_move_package_id",
    }


@pytest.mark.parametrize(
    ("facts", "email", "usable"),
    [
        ({}, None, True),
        ({"max_uses": 2}, None, True),
        ({"max_uses": 1}, None, False),
        ({"max_uses_per_customer": 1}, None, True),
        ({"max_uses_per_customer": 1}, "bo@example.com", True),
        ({"max_uses_per_customer": 1}, " ada.GUEST@example.com", False),
        ({"max_uses_per_customer": 2}, "ada.guest@example.com", True),
    ],
)
async def test_given_a_code_used_once_by_ada_when_previewed_then_its_uses_count(
    facts: dict[str, int],
    email: str | None,
    usable: bool,  # noqa: FBT001
) -> None:
    book = book_with_code(**facts)
    house = await a_house(book=book)
    await house.book_order(an_order(request=CODED, contact=a_contact()))

    async def ask() -> PricePreview:
        return await preview_price(CODED, book, house.ports, house.terms, email=email)

    if usable:
        assert (await ask()).quote.total_cents == 89_550
    else:
        with pytest.raises(InvalidInputError) as refused:
            await ask()
        assert refused.value.code == "discount_unavailable"
        assert refused.value.field == "discount_code"


@pytest.mark.parametrize(
    ("facts", "usable"),
    [
        ({"valid_from": "2026-11-23T15:00:00Z"}, True),
        ({"valid_from": "2026-11-23T15:00:01Z"}, False),
        ({"valid_until": "2026-11-23T15:00:00Z"}, False),
        ({"valid_until": "2026-11-23T15:00:01Z"}, True),
        ({"is_active": False}, False),
        ({"service_types": ["blade_delivery"]}, False),
        ({"min_order_cents": 99_500}, True),
        ({"min_order_cents": 99_501}, False),
    ],
)
async def test_given_a_code_when_its_terms_refuse_it_then_all_reasons_read_the_same(
    facts: dict[str, object],
    usable: bool,  # noqa: FBT001
) -> None:
    book = book_with_code(**facts)
    house = await a_house(book=book, at=datetime(2026, 11, 23, 15, 0, tzinfo=UTC))

    if usable:
        seen = await preview_price(CODED, book, house.ports, house.terms)
        assert seen.quote.total_cents == 89_550
    else:
        with pytest.raises(InvalidInputError) as refused:
            await preview_price(CODED, book, house.ports, house.terms)
        assert str(refused.value) == "discount_code: this code cannot be used for this booking"
