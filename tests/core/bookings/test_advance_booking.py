"""Staff start and complete bookings, each change on record."""

from collections.abc import Awaitable, Callable

import pytest

from tests.core.bookings.memory_house import MemoryHouse, a_house, by_staff
from tests.core.bookings.rescheduling import (
    SATURDAY,
    TUESDAY,
    a_moving_house,
    held_on_saturday,
    reschedules,
)
from totetaxi_core.bookings.advance_booking import complete_booking, start_booking
from totetaxi_core.bookings.booking import Booking, InvalidTransitionError
from totetaxi_core.bookings.booking_status import BookingStatus
from totetaxi_core.bookings.booking_version import StaleVersionError
from totetaxi_core.bookings.cancel_booking import Cancelling, cancel_booking
from totetaxi_core.bookings.reschedule import RescheduleState
from totetaxi_core.bookings.status_change import StatusChange
from totetaxi_core.payments.gateway import IntentStatus
from totetaxi_core.ports import Ports, Terms

Act = Callable[[StatusChange, Ports, Terms], Awaitable[Booking]]


async def a_confirmed_booking(house: MemoryHouse) -> Booking:
    _, intent = await house.book_unpaid()
    confirmed = await house.settle(house.pay(intent))
    assert confirmed is not None
    return confirmed


async def test_given_a_confirmed_booking_when_started_and_completed_then_both_are_on_record() -> (
    None
):
    house = await a_house()
    booking = await a_confirmed_booking(house)

    started = await start_booking(
        by_staff(booking, notes="two crews", seen=2), house.ports, house.terms
    )
    completed = await complete_booking(by_staff(booking, name="lou"), house.ports, house.terms)

    assert (started.status, started.started_at) == (BookingStatus.IN_PROGRESS, house.clock())
    assert (completed.status, completed.completed_at) == (BookingStatus.COMPLETED, house.clock())
    assert house.booking(booking.id) == completed
    number = booking.booking_number
    assert [(act.staff_name, act.description) for act in house.acts()] == [
        ("maria", f"started {number}: two crews"),
        ("lou", f"completed {number}"),
    ]
    assert [(act.before, act.after) for act in house.acts()] == [
        ({"status": "confirmed", "version": 2}, {"status": "in_progress", "version": 3}),
        ({"status": "in_progress", "version": 3}, {"status": "completed", "version": 4}),
    ]


async def test_given_a_confirmed_booking_when_completed_at_once_then_it_is_done() -> None:
    house = await a_house()
    booking = await a_confirmed_booking(house)

    completed = await complete_booking(by_staff(booking), house.ports, house.terms)

    assert (completed.status, completed.started_at) == (BookingStatus.COMPLETED, None)


@pytest.mark.parametrize(
    ("act", "said"),
    [(start_booking, "cannot become in progress"), (complete_booking, "cannot become completed")],
)
async def test_given_a_pending_booking_when_advanced_then_it_is_refused(
    act: Act, said: str
) -> None:
    house = await a_house()
    booking, _ = await house.book_unpaid()

    with pytest.raises(InvalidTransitionError, match=said):
        await act(by_staff(booking), house.ports, house.terms)

    assert house.booking(booking.id) == booking
    assert house.acts() == []


@pytest.mark.parametrize("act", [start_booking, complete_booking])
async def test_given_a_change_since_when_advanced_then_it_is_stale_and_all_stands(act: Act) -> None:
    house = await a_house()
    booking = await a_confirmed_booking(house)
    before = house.stored()

    with pytest.raises(StaleVersionError, match="has changed since you saw it"):
        await act(by_staff(booking, seen=1), house.ports, house.terms)

    assert house.stored() == before


@pytest.mark.parametrize("is_paid", [True, False])
async def test_given_a_change_since_when_cancelled_by_staff_then_it_is_stale_and_all_stands(
    is_paid: bool,  # noqa: FBT001  a parameter
) -> None:
    house = await a_house()
    booking, intent = await house.book_unpaid()
    if is_paid:
        await house.settle(house.pay(intent))
    before = house.stored()
    cancelling = Cancelling(booking_id=booking.id, staff_name="maria", seen_versions=(9,))

    with pytest.raises(StaleVersionError):
        await cancel_booking(cancelling, house.ports, house.terms, expected_refund_cents=0)

    assert house.stored() == before


async def test_given_notes_when_cancelled_by_staff_then_they_are_on_record_with_both_ends() -> None:
    house = await a_house()
    booking, _ = await house.book_unpaid()
    cancelling = Cancelling(booking_id=booking.id, staff_name="maria", notes="no elevator")

    await cancel_booking(cancelling, house.ports, house.terms, expected_refund_cents=0)

    [act] = house.acts()
    assert act.description == f"cancelled {booking.booking_number}, unpaid: no elevator"
    assert (act.before, act.after) == (
        {"status": "pending", "version": 1},
        {"status": "cancelled", "version": 2},
    )


async def test_given_a_cancelled_booking_when_cancelled_again_then_it_says_already() -> None:
    house = await a_house()
    booking, _ = await house.book_unpaid()
    await house.cancel(booking)

    again = Cancelling(booking_id=booking.id, staff_name="maria")
    with pytest.raises(InvalidTransitionError) as refused:
        await cancel_booking(again, house.ports, house.terms, expected_refund_cents=0)

    assert str(refused.value) == f"booking {booking.booking_number} is cancelled already"


@pytest.mark.parametrize("act", [start_booking, complete_booking])
async def test_given_a_move_that_waits_for_its_payment_when_advanced_then_it_ends_at_stripe_first(
    act: Act,
) -> None:
    house = await a_moving_house()
    booking, held = await held_on_saturday(house)
    assert held.intent is not None

    advanced = await act(by_staff(booking, seen=booking.version), house.ports, house.terms)

    [move] = reschedules(house)
    assert move.state is RescheduleState.ENDED
    assert (await house.stripe.get_intent(held.intent.id)).status is IntentStatus.CANCELED
    assert advanced.pickup_at == booking.pickup_at
    assert {on for on, _ in house.crews_taken()} == {TUESDAY}


@pytest.mark.parametrize("act", [start_booking, complete_booking])
async def test_given_a_move_paid_meanwhile_when_advanced_then_that_is_news_to_staff(
    act: Act,
) -> None:
    house = await a_moving_house()
    booking, held = await held_on_saturday(house)
    assert held.intent is not None
    house.pay(held.intent)

    with pytest.raises(StaleVersionError):
        await act(by_staff(booking), house.ports, house.terms)

    moved = house.booking(booking.id)
    assert (moved.status, moved.quote.request.pickup_date) == (BookingStatus.CONFIRMED, SATURDAY)
