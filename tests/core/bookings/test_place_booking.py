from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from random import SystemRandom
from typing import Any

import pytest

from tests.builders import (
    HOLD,
    NOW,
    PICKUP_DATE,
    a_contact,
    a_quote_request,
    an_address,
    an_id,
)
from tests.core.bookings.memory_house import NEW_YORK, a_house, a_key, an_order
from tests.core.bookings.sample_books import book_with_code
from totetaxi_core.bookings.booking_status import BookingStatus
from totetaxi_core.bookings.place_booking import place_booking
from totetaxi_core.ids import IdSource
from totetaxi_core.notifications.message import MessageKind
from totetaxi_core.payments.payment import AttemptState, PaymentPurpose, PaymentStatus
from totetaxi_core.refusal import InvalidInputError
from totetaxi_core.scheduling.crews import SlotUnavailableError
from totetaxi_core.scheduling.schedule import Schedule

HALF_HOURS_OF_TWO_HOURS = range(18, 22)  # 09:00 to 11:00


def request_with(**changes: Any) -> dict[str, Any]:  # noqa: ANN401  any pricing field
    return {"request": replace(a_quote_request(), **changes)}


async def test_given_a_sound_order_when_placed_then_booking_payment_and_crew_stand_together() -> (
    None
):
    house = await a_house()

    placed = await place_booking(an_order(), house.ports, house.terms)

    booking = house.booking(placed.booking.id)
    [payment], [attempt] = house.payments(booking), house.attempts(booking)
    assert placed.booking == booking
    assert booking.status is BookingStatus.PENDING
    assert booking.total_cents == payment.amount_cents == 99_500
    assert booking.hold_expires_at == NOW + HOLD
    assert (payment.purpose, payment.status) == (PaymentPurpose.BOOKING, PaymentStatus.PENDING)
    assert (attempt.number, attempt.state, attempt.intent_id) == (1, AttemptState.LIVE, None)
    assert house.crews_taken() == {(PICKUP_DATE, at): 1 for at in HALF_HOURS_OF_TWO_HOURS}
    assert house.owed_messages() == [MessageKind.BOOKING_RECEIVED]
    assert house.stripe.calls == []
    assert house.acts() == []


async def test_given_an_order_without_intent_when_placed_then_the_payment_has_no_attempt() -> None:
    house = await a_house()

    placed = await place_booking(an_order(wants_intent=False), house.ports, house.terms)

    assert len(house.payments(placed.booking)) == 1
    assert house.attempts(placed.booking) == []


async def test_given_winter_time_when_placed_then_pickup_is_nine_in_new_york() -> None:
    house = await a_house()

    placed = await place_booking(an_order(), house.ports, house.terms)

    assert placed.booking.pickup_at == datetime(2026, 12, 1, 9, 0, tzinfo=NEW_YORK)
    assert placed.booking.pickup_at.utcoffset() == timedelta(0)


@pytest.mark.parametrize(
    ("changes", "field", "code"),
    [
        (request_with(pickup_date=date(2026, 11, 20)), "pickup_date", "past"),
        (request_with(pickup_date=NOW.date()), "pickup_date", "same_day"),
        (request_with(pickup_date=date(2027, 5, 24)), "pickup_date", "horizon"),
        (request_with(pickup_date=date(2026, 12, 5)), "pickup_date", "weekend"),
        (request_with(pickup_date=date(2026, 12, 2)), "pickup_date", "closed"),
        (request_with(pickup_date=date(2026, 11, 26)), "pickup_date", "holiday"),
        (request_with(pickup_time=time(6, 59)), "pickup_time", "outside_pickup_hours"),
        (request_with(pickup_time=time(12, 1)), "pickup_time", "outside_pickup_hours"),
        (request_with(pickup_time=time(9, 0, 30)), "pickup_time", "outside_pickup_hours"),
        (request_with(pickup_zip="90210"), "pickup_zip", "outside_service_area"),
        (request_with(delivery_zip="90210"), "delivery_zip", "outside_service_area"),
        (request_with(delivery_zip=None), "delivery_zip", "missing"),
        (request_with(mini_move_package_id=an_id()), "mini_move_package_id", "unavailable"),
        (request_with(total_weight_lb=20), "total_weight_lb", "not_applicable"),
        (request_with(discount_code="NO-SUCH"), "discount_code", "discount_unavailable"),
        (request_with(item_count=3), "item_description", "missing"),
        ({"item_description": "x" * 501}, "item_description", "too_long"),
        ({"delivery_address": an_address()}, "delivery_address", "same_address"),
    ],
)
async def test_given_a_bad_field_when_placed_then_it_is_named_and_nothing_is_stored(
    changes: dict[str, Any], field: str, code: str
) -> None:
    closed = Schedule(closed_dates=frozenset({date(2026, 12, 2)}))
    house = await a_house(schedule=closed, holidays=[date(2026, 11, 26)])
    before = house.stored()

    with pytest.raises(InvalidInputError) as refused:
        await place_booking(an_order(**changes, idempotency_key=a_key()), house.ports, house.terms)

    assert [(fault.field, fault.code) for fault in refused.value.faults] == [(field, code)]
    assert house.stored() == before


async def test_given_the_evening_before_when_placed_then_from_six_on_notice_is_too_short() -> None:
    house = await a_house(at=datetime(2026, 11, 30, 17, 59, 59, tzinfo=NEW_YORK))

    await place_booking(an_order(), house.ports, house.terms)
    house.clock.advance(timedelta(seconds=1))
    with pytest.raises(InvalidInputError) as refused:
        await place_booking(an_order(allow_duplicate=True), house.ports, house.terms)

    assert [fault.code for fault in refused.value.faults] == ["notice"]
    assert len(house.database.bookings.rows) == 1


async def test_given_faults_of_each_kind_when_placed_then_every_one_is_named_at_once() -> None:
    house = await a_house()
    order = an_order(
        **request_with(pickup_date=date(2026, 12, 5), delivery_zip="90210", item_count=2),
        delivery_address=an_address(),
    )

    with pytest.raises(InvalidInputError) as refused:
        await place_booking(order, house.ports, house.terms)

    assert {(fault.field, fault.code) for fault in refused.value.faults} == {
        ("pickup_date", "weekend"),
        ("delivery_zip", "outside_service_area"),
        ("delivery_address", "same_address"),
        ("item_description", "missing"),
    }


async def test_given_the_same_street_in_other_letters_when_placed_then_it_is_the_same_address() -> (
    None
):
    house = await a_house()
    same_door = replace(
        an_address(), address_line_1="740 PARK  avenue.", zip_code="10021-1234", point=None
    )

    with pytest.raises(InvalidInputError) as refused:
        await place_booking(an_order(delivery_address=same_door), house.ports, house.terms)

    assert refused.value.faults[0].code == "same_address"


async def test_given_all_crews_taken_when_one_more_is_placed_then_nothing_of_it_is_stored() -> None:
    house = await a_house(schedule=Schedule(default_crews=1), book=book_with_code(max_uses=5))
    await place_booking(an_order(), house.ports, house.terms)
    before = house.stored()
    late = an_order(
        **request_with(discount_code="WINTER10", pickup_time=time(10, 30)),
        contact=a_contact(email="bo@example.com"),
        idempotency_key=a_key(),
    )

    with pytest.raises(SlotUnavailableError):
        await place_booking(late, house.ports, house.terms)

    assert house.stored() == before


async def test_given_a_crew_free_at_eleven_when_placed_then_the_bookings_touch_not_overlap() -> (
    None
):
    house = await a_house(schedule=Schedule(default_crews=1))
    await place_booking(an_order(), house.ports, house.terms)

    await place_booking(an_order(**request_with(pickup_time=time(11, 0))), house.ports, house.terms)

    assert set(house.crews_taken().values()) == {1}
    assert len(house.crews_taken()) == 8


async def test_given_a_number_in_use_when_drawn_again_then_another_is_drawn() -> None:
    house = await a_house()
    first = await place_booking(an_order(), house.ports, house.terms)
    numbers = iter([first.booking.booking_number, "TT-22222222"])
    ids = DrawnNumbers(numbers)
    ports = replace(house.ports, ids=ids)

    second = await place_booking(an_order(allow_duplicate=True), ports, house.terms)

    assert second.booking.booking_number == "TT-22222222"
    assert set(house.crews_taken().values()) == {2}


class DrawnNumbers(IdSource):
    """Draws the booking numbers it is given."""

    def __init__(self, numbers: Iterator[str]) -> None:
        super().__init__(SystemRandom())
        self._numbers = numbers

    def new_booking_number(self) -> str:
        return next(self._numbers)
