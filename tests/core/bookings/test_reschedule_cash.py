"""A booking that was paid in cash moves: what it is cheaper by is handed back."""

from tests.core.bookings.memory_house import MemoryHouse, by_staff
from tests.core.bookings.rescheduling import (
    FRIDAY,
    MORE_CENTS,
    SATURDAY,
    TUESDAY,
    WEEKDAY_CENTS,
    WEEKEND_CENTS,
    a_moving_house,
    book_on,
    move,
    preview,
    sent_back_cents,
)
from totetaxi_core.bookings.booking import Booking
from totetaxi_core.bookings.cancel_booking import Cancelling, cancel_booking, preview_cancellation
from totetaxi_core.bookings.confirm_in_cash import confirm_in_cash
from totetaxi_core.ledger.account import Account
from totetaxi_core.ledger.post_movement import earned
from totetaxi_core.notifications.message import MessageKind


async def paid_in_cash(house: MemoryHouse) -> Booking:
    """Return a booking for Saturday, confirmed in cash; nothing is owed for it any more."""
    booking = await book_on(house, SATURDAY)
    confirmed = await confirm_in_cash(by_staff(booking), house.ports, house.terms)
    await house.work_off()
    return confirmed


async def balances(house: MemoryHouse) -> dict[Account, int]:
    async with house.ports.unit_of_work() as uow:
        found = await uow.ledger.balances()
    return {account: cents for account, cents in found.items() if cents}


async def cancel_by_staff(house: MemoryHouse, booking: Booking) -> int:
    cancelling = Cancelling(booking_id=booking.id, staff_name="maria")
    cents = (await preview_cancellation(cancelling, house.ports)).refund_cents
    await cancel_booking(cancelling, house.ports, house.terms, expected_refund_cents=cents)
    await house.work_off()
    return cents


async def test_given_cash_when_moved_to_a_cheaper_slot_then_the_rest_is_handed_back() -> None:
    house = await a_moving_house()
    booking = await paid_in_cash(house)

    offer, _ = await preview(house, booking, TUESDAY)
    moved = await move(house, booking, TUESDAY, expecting=WEEKDAY_CENTS)
    await house.work_off()

    [alert] = house.messages(MessageKind.STAFF_ALERT)
    [letter] = house.messages(MessageKind.BOOKING_RESCHEDULED)
    sale = {account: cents for account, cents in earned(moved.booking.quote, 0).items() if cents}
    assert (offer.refund_cents, offer.cash_cents) == (MORE_CENTS, MORE_CENTS)
    assert await balances(house) == {Account.CASH: WEEKDAY_CENTS, **sale}
    assert alert.subject == f"Hand back $175.00 in cash for {booking.booking_number}"
    assert "has moved to a cheaper time. Hand back $175.00 to Ada" in alert.text
    assert "We will get in touch to hand you back $175.00 in cash." in letter.text
    assert house.refunds(booking) == []


async def test_given_cash_moved_twice_when_it_is_cheaper_each_time_then_each_is_handed_back() -> (
    None
):
    house = await a_moving_house()
    booking = await paid_in_cash(house)
    await move(house, booking, TUESDAY, expecting=WEEKDAY_CENTS)
    held = await move(house, booking, SATURDAY, expecting=WEEKEND_CENTS)
    assert held.intent is not None
    await house.settle(house.pay(held.intent))

    back = await move(house, booking, FRIDAY, expecting=WEEKDAY_CENTS)
    await house.work_off()
    cents = await cancel_by_staff(house, back.booking)

    kept = await balances(house)
    assert sent_back_cents(house) == MORE_CENTS
    assert cents == WEEKDAY_CENTS
    assert Account.CASH not in kept
    assert Account.STRIPE not in kept
    assert Account.CUSTOMER_MONEY not in kept
    assert len(house.messages(MessageKind.STAFF_ALERT)) == 2


async def test_given_cash_and_a_difference_by_card_when_cancelled_then_the_mail_names_both() -> (
    None
):
    house = await a_moving_house()
    booking = await book_on(house)
    await confirm_in_cash(by_staff(booking), house.ports, house.terms)
    held = await move(house, booking, SATURDAY, expecting=WEEKEND_CENTS)
    assert held.intent is not None
    await house.settle(house.pay(held.intent))

    await cancel_by_staff(house, booking)

    [letter] = house.messages(MessageKind.BOOKING_CANCELLED)
    assert "hand you back $995.00" in letter.text
    assert "We are sending back $175.00" in letter.text
    assert sent_back_cents(house) == MORE_CENTS
