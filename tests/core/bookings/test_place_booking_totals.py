"""The price of an order: its limits, its code, the total its customer expects."""

from dataclasses import replace
from typing import Any

import pytest

from tests.builders import (
    a_contact,
    a_quote_request,
)
from tests.core.bookings.memory_house import a_house, a_key, an_order
from tests.core.bookings.sample_books import book_with_code, book_with_petite_at
from totetaxi_core.bookings.booking_status import BookingStatus
from totetaxi_core.bookings.place_booking import PriceChangedError, place_booking
from totetaxi_core.bookings.repositories import DiscountUsedUpError
from totetaxi_core.notifications.message import MessageKind
from totetaxi_core.outbox.owed_effect import EffectKind, EffectState
from totetaxi_core.pricing.charge_limits import AmountNeedsStaffError, AmountTooSmallError
from totetaxi_core.refusal import DomainError

HALF_HOURS_OF_TWO_HOURS = range(18, 22)  # 09:00 to 11:00


def request_with(**changes: Any) -> dict[str, Any]:  # noqa: ANN401  any pricing field
    return {"request": replace(a_quote_request(), **changes)}


@pytest.mark.parametrize(
    ("price_cents", "refusal"),
    [(1, AmountTooSmallError), (99, AmountTooSmallError), (500_001, AmountNeedsStaffError)],
)
async def test_given_a_total_out_of_limits_when_placed_then_nothing_is_stored(
    price_cents: int, refusal: type[DomainError]
) -> None:
    house = await a_house(book=book_with_petite_at(price_cents))
    before = house.stored()

    with pytest.raises(refusal):
        await place_booking(an_order(idempotency_key=a_key()), house.ports, house.terms)

    assert house.stored() == before


@pytest.mark.parametrize("price_cents", [100, 500_000])
async def test_given_a_total_at_a_limit_when_placed_then_it_is_booked(price_cents: int) -> None:
    house = await a_house(book=book_with_petite_at(price_cents))

    placed = await place_booking(an_order(), house.ports, house.terms)

    assert placed.booking.total_cents == price_cents


async def test_given_a_code_when_its_last_use_is_gone_then_the_next_order_is_not_stored() -> None:
    house = await a_house(book=book_with_code(max_uses=1))
    with_code = request_with(discount_code=" winter10 ")
    first = await place_booking(an_order(**with_code), house.ports, house.terms)
    before = house.stored()

    with pytest.raises(DiscountUsedUpError) as refused:
        await place_booking(
            an_order(**with_code, contact=a_contact(email="bo@example.com")),
            house.ports,
            house.terms,
        )

    assert first.booking.total_cents == 99_500 - 9_950
    assert (refused.value.code, refused.value.field) == ("discount_unavailable", "discount_code")
    assert house.stored() == before


async def test_given_one_use_a_customer_when_the_address_is_typed_otherwise_then_it_counts() -> (
    None
):
    house = await a_house(book=book_with_code(max_uses_per_customer=1))
    order = an_order(**request_with(discount_code="WINTER10"), allow_duplicate=True)
    await place_booking(order, house.ports, house.terms)

    with pytest.raises(DiscountUsedUpError):
        await place_booking(
            replace(order, contact=a_contact(email=" ADA.guest@example.COM ")),
            house.ports,
            house.terms,
        )

    assert len(house.database.code_uses.rows) == 1


async def test_given_another_total_expected_when_placed_then_the_new_quote_is_told() -> None:
    house = await a_house()
    before = house.stored()

    with pytest.raises(PriceChangedError) as refused:
        await place_booking(
            an_order(expected_total_cents=99_499, idempotency_key=a_key()),
            house.ports,
            house.terms,
        )

    assert refused.value.quote.total_cents == 99_500
    assert house.stored() == before


async def test_given_the_expected_total_when_placed_then_it_is_booked() -> None:
    house = await a_house()

    placed = await place_booking(an_order(expected_total_cents=99_500), house.ports, house.terms)

    assert placed.booking.total_cents == 99_500


async def test_given_a_free_order_when_placed_then_it_is_confirmed_and_owes_all_but_a_receipt() -> (
    None
):
    house = await a_house(book=book_with_petite_at(0))

    placed = await place_booking(an_order(expected_total_cents=0), house.ports, house.terms)

    [tasks] = house.effects(EffectKind.CREATE_COURIER_TASKS)
    assert placed.booking.status is BookingStatus.CONFIRMED
    assert placed.booking.hold_expires_at is None
    assert house.payments(placed.booking) == []
    assert house.attempts(placed.booking) == []
    assert house.owed_messages() == [MessageKind.BOOKING_CONFIRMED, MessageKind.REMINDER]
    assert (tasks.state, tasks.payload) == (
        EffectState.DUE,
        {"booking_id": str(placed.booking.id)},
    )
    assert len(house.crews_taken()) == 4
