"""Bookings with several paid payments: nothing about them differs, and what does is mended."""

from datetime import timedelta

import pytest

from tests.core.bookings.memory_house import MemoryHouse
from tests.core.bookings.rescheduling import (
    MORE_CENTS,
    SATURDAY,
    TUESDAY,
    WEEKDAY_CENTS,
    WEEKEND_CENTS,
    a_moving_house,
    check_books,
    difference_of,
    held_on_saturday,
    move,
)
from tests.core.reconciliation.drifting import outcomes, reconciled
from totetaxi_core.bookings.booking import Booking
from totetaxi_core.bookings.cancel_booking import Cancelling, cancel_booking
from totetaxi_core.payments.payment import PaymentStatus
from totetaxi_core.reconciliation.drift import DriftKind, Outcome

LATER = timedelta(hours=2)


async def moved_to_saturday(house: MemoryHouse) -> Booking:
    _, held = await held_on_saturday(house)
    assert held.intent is not None
    moved = await house.settle(house.pay(held.intent))
    assert moved is not None
    await house.work_off()
    return moved


@pytest.mark.parametrize("then", ["stays", "moves back", "is cancelled", "is cancelled late"])
async def test_given_a_booking_paid_in_two_parts_when_reconciled_then_nothing_differs(
    then: str,
) -> None:
    house = await a_moving_house()
    booking = await moved_to_saturday(house)
    cents = WEEKEND_CENTS
    if then == "is cancelled late":
        house.clock.advance(booking.pickup_at - timedelta(hours=30) - house.clock())
        cents //= 2
    if then == "moves back":
        await move(house, booking, TUESDAY, expecting=WEEKDAY_CENTS)
    elif then.startswith("is cancelled"):
        asked = Cancelling(booking_id=booking.id)
        await cancel_booking(asked, house.ports, house.terms, expected_refund_cents=cents)
    await house.work_off()
    house.clock.advance(LATER)

    found = await reconciled(house, repair=True)

    assert found.drifts == ()


async def test_given_a_difference_paid_unheard_of_when_reconciled_then_the_booking_moves() -> None:
    house = await a_moving_house()
    booking, held = await held_on_saturday(house)
    assert held.intent is not None
    house.pay(held.intent)
    house.clock.advance(timedelta(minutes=10))

    found = await reconciled(house, repair=True)

    [drift] = found.drifts
    assert outcomes(found) == [(DriftKind.PAID_AT_STRIPE_PENDING_HERE, Outcome.REPAIRED)]
    assert drift.drift.expected_cents == MORE_CENTS
    assert drift.drift.payment_id == difference_of(house, booking).id
    assert house.booking(booking.id).quote.request.pickup_date == SATURDAY
    assert difference_of(house, booking).status is PaymentStatus.SUCCEEDED


async def test_given_the_ledger_lacks_a_difference_when_reconciled_then_it_is_posted() -> None:
    house = await a_moving_house()
    booking = await moved_to_saturday(house)
    payment = difference_of(house, booking)
    rows = house.database.ledger_entries.rows
    lost = [key for key, entry in rows.items() if entry.payment_id == payment.id]
    house.database.ledger_entries.publish(dict.fromkeys(lost))
    house.clock.advance(LATER)

    found = await reconciled(house, repair=True)

    assert outcomes(found) == [(DriftKind.LEDGER_DISAGREES, Outcome.REPAIRED)]
    check_books(house, booking)
