from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest

from tests.builders import NOW, PICKUP_DATE, a_quote_request
from tests.core.bookings.memory_house import NEW_YORK, a_house, an_order
from tests.core.bookings.sample_books import book_with_petite_at
from totetaxi_core.bookings.booking_status import BookingStatus, CancellationReason
from totetaxi_core.bookings.expire_holds import expire_holds
from totetaxi_core.bookings.order import Order
from totetaxi_core.bookings.place_booking import place_booking
from totetaxi_core.pricing.charge_limits import AmountNeedsStaffError, AmountTooSmallError
from totetaxi_core.refusal import InvalidInputError
from totetaxi_core.scheduling.crews import SlotUnavailableError
from totetaxi_core.scheduling.schedule import Schedule
from totetaxi_core.scheduling.schedule_override import ScheduleOverride

OVERRIDE = ScheduleOverride(reason="An old customer in need")


def a_staff_order(*, override: ScheduleOverride | None = OVERRIDE, **pricing: Any) -> Order:  # noqa: ANN401
    request = replace(a_quote_request(), **pricing)
    return an_order(request=request, placed_by="maria", override=override)


async def test_given_staff_when_they_book_then_it_holds_a_day_and_stands_on_record() -> None:
    house = await a_house()

    placed = await place_booking(a_staff_order(override=None), house.ports, house.terms)

    [act] = house.acts()
    assert placed.booking.placed_by == "maria"
    assert placed.booking.hold_expires_at == NOW + timedelta(hours=24)
    assert (act.staff_name, act.action_type) == ("maria", "booking_create")
    assert act.booking_id == placed.booking.id
    assert "overridden" not in act.description


async def test_given_a_days_hold_when_half_an_hour_passed_then_it_is_not_expired() -> None:
    house = await a_house()
    placed = await place_booking(a_staff_order(), house.ports, house.terms)

    house.clock.advance(timedelta(hours=24) - timedelta(seconds=1))
    held = await expire_holds(house.ports, house.terms, limit=10)
    house.clock.advance(timedelta(seconds=1))
    ended = await expire_holds(house.ports, house.terms, limit=10)

    assert (held, ended) == (0, 1)
    booking = house.booking(placed.booking.id)
    assert booking.cancellation_reason is CancellationReason.PAYMENT_TIMEOUT
    assert house.crews_taken() == {}


@pytest.mark.parametrize(
    ("pickup_date", "at"),
    [
        (date(2026, 11, 23), NOW),
        (date(2026, 11, 24), datetime(2026, 11, 24, 1, 0, tzinfo=UTC)),
        (date(2027, 11, 23), NOW),
        (date(2026, 12, 5), NOW),
        (date(2026, 11, 26), NOW),
        (date(2026, 12, 2), NOW),
    ],
    ids=["today", "notice", "horizon", "weekend", "holiday", "closed"],
)
async def test_given_a_reason_when_the_schedule_is_overridden_then_it_is_booked_and_on_record(
    pickup_date: date, at: datetime
) -> None:
    closed = Schedule(closed_dates=frozenset({date(2026, 12, 2)}))
    house = await a_house(schedule=closed, holidays=[date(2026, 11, 26)], at=at)
    order = a_staff_order(pickup_date=pickup_date, pickup_time=time(11, 0))

    with pytest.raises(InvalidInputError):
        await place_booking(replace(order, override=None), house.ports, house.terms)
    placed = await place_booking(order, house.ports, house.terms)

    assert placed.booking.status is BookingStatus.PENDING
    assert "An old customer in need" in house.acts()[0].description


@pytest.mark.parametrize(
    ("pricing", "code"),
    [
        ({"pickup_date": date(2026, 11, 22)}, "past"),
        ({"pickup_date": date(2026, 11, 23), "pickup_time": time(9, 59)}, "past"),
        ({"pickup_time": time(12, 1)}, "outside_pickup_hours"),
        ({"pickup_zip": "90210"}, "outside_service_area"),
    ],
)
async def test_given_a_reason_when_past_hours_or_area_forbid_it_then_staff_are_refused_too(
    pricing: dict[str, Any], code: str
) -> None:
    house = await a_house(at=datetime(2026, 11, 23, 10, 0, tzinfo=NEW_YORK))
    before = house.stored()

    with pytest.raises(InvalidInputError) as refused:
        await place_booking(a_staff_order(**pricing), house.ports, house.terms)

    assert code in [fault.code for fault in refused.value.faults]
    assert house.stored() == before


async def test_given_a_reason_when_no_crew_is_free_then_staff_are_refused_too() -> None:
    house = await a_house(schedule=Schedule(default_crews=1))
    await place_booking(an_order(), house.ports, house.terms)
    before = house.stored()

    with pytest.raises(SlotUnavailableError):
        await place_booking(a_staff_order(coi_required=True), house.ports, house.terms)

    assert house.stored() == before


async def test_given_a_total_above_the_limit_when_staff_say_why_then_it_is_booked() -> None:
    house = await a_house(book=book_with_petite_at(500_001))

    with pytest.raises(AmountNeedsStaffError):
        await place_booking(a_staff_order(override=None), house.ports, house.terms)
    placed = await place_booking(a_staff_order(), house.ports, house.terms)

    assert placed.booking.total_cents == 500_001


async def test_given_a_total_too_small_for_a_card_when_staff_say_why_then_it_is_refused() -> None:
    house = await a_house(book=book_with_petite_at(99))

    with pytest.raises(AmountTooSmallError):
        await place_booking(a_staff_order(), house.ports, house.terms)

    assert house.crews_taken() == {}
    assert house.acts() == []


async def test_given_staff_when_they_cancel_an_unpaid_booking_then_it_is_on_record() -> None:
    house = await a_house()
    booking, _ = await house.book_unpaid()

    cancelled = await house.cancel(booking, staff_name="maria")

    [act] = house.acts()
    assert cancelled.cancellation_reason is CancellationReason.STAFF
    assert (act.staff_name, act.booking_id) == ("maria", booking.id)
    assert booking.booking_number in act.description
    assert PICKUP_DATE not in {on for on, _ in house.crews_taken()}
