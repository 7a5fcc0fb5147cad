"""A paid booking moves to a slot that costs more: only once the difference is paid."""

from datetime import timedelta

import pytest

from tests.core.bookings.memory_house import MemoryHouse
from tests.core.bookings.rescheduling import (
    FRIDAY,
    MORE_CENTS,
    NINE,
    SATURDAY,
    TEN,
    TUESDAY,
    WEDNESDAY,
    WEEKDAY_CENTS,
    WEEKEND_CENTS,
    a_moving_house,
    check_books,
    difference_of,
    held_on_saturday,
    move,
    paid_on,
    preview,
    reschedules,
    sent_back_cents,
    slot_of,
)
from tests.core.bookings.sample_books import book_with_petite_at
from tests.core.payments.refunding import approve, request
from totetaxi_adapters.memory.cards import DECLINES, PAYS
from totetaxi_core.bookings.booking import Booking
from totetaxi_core.bookings.reschedule import RescheduleState
from totetaxi_core.notifications.message import MessageKind
from totetaxi_core.notifications.token_mark import text_with_tokens
from totetaxi_core.payments.check_payments import check_payments
from totetaxi_core.payments.confirm_payment import PaymentIncompleteError, confirm_payment
from totetaxi_core.payments.gateway import (
    IntentOrder,
    IntentStatus,
    PaymentDeclinedError,
    PaymentIntent,
)
from totetaxi_core.payments.open_intent import open_intent
from totetaxi_core.payments.open_payment_link import open_payment_link
from totetaxi_core.payments.payable import NotPayableError
from totetaxi_core.payments.payment import PaymentPurpose, PaymentStatus
from totetaxi_core.payments.refundable import RefundExceedsPaymentError
from totetaxi_core.pricing.charge_limits import AmountTooSmallError
from totetaxi_core.scheduling.crews import SlotUnavailableError

HALF_HOUR = timedelta(minutes=30)
BOTH_SLOTS = slot_of(TUESDAY) | slot_of(SATURDAY)


async def paid_stray(
    house: MemoryHouse, booking: Booking, *, cents: int = MORE_CENTS
) -> PaymentIntent:
    order = IntentOrder(
        booking_id=booking.id,
        booking_number=booking.booking_number,
        payment_id=difference_of(house, booking).id,
        attempt=9,
        amount_cents=cents,
        receipt_email="ada@example.com",
    )
    return house.pay(await house.stripe.create_intent(order))


async def test_given_a_dearer_slot_when_asked_for_then_both_are_held_until_it_is_paid() -> None:
    house = await a_moving_house()
    booking, held = await held_on_saturday(house)

    assert held.intent is not None
    [reschedule] = reschedules(house)
    assert held.pending == reschedule
    assert reschedule.state is RescheduleState.PENDING
    assert reschedule.expires_at == house.clock() + HALF_HOUR
    assert (held.intent.amount_cents, held.intent.status) == (
        MORE_CENTS,
        IntentStatus.REQUIRES_PAYMENT_METHOD,
    )
    assert held.booking == booking == house.booking(booking.id)
    assert house.crews_taken() == BOTH_SLOTS
    check_books(house, booking)


async def test_given_the_difference_when_paid_then_the_booking_moves_in_one_act() -> None:
    house = await a_moving_house()
    booking, held = await held_on_saturday(house)
    assert held.intent is not None

    moved = await house.settle(house.pay(held.intent))
    again = await house.settle(held.intent)
    await house.work_off()

    [reschedule] = reschedules(house)
    [mail] = house.messages(MessageKind.BOOKING_RESCHEDULED)
    assert moved == again == house.booking(booking.id)
    assert moved is not None
    assert (moved.total_cents, moved.version) == (WEEKEND_CENTS, booking.version + 1)
    assert moved.quote.request.pickup_date == SATURDAY
    assert reschedule.state is RescheduleState.DONE
    assert difference_of(house, booking).status is PaymentStatus.SUCCEEDED
    assert house.crews_taken() == slot_of(SATURDAY)
    assert "You have paid the difference of $175.00" in mail.text
    check_books(house, booking)


async def test_given_no_webhook_when_paid_then_the_periodic_check_moves_it() -> None:
    house = await a_moving_house()
    booking, held = await held_on_saturday(house)
    assert held.intent is not None
    house.pay(held.intent)
    house.clock.advance(timedelta(minutes=1))

    await check_payments(house.ports, house.terms, pause=timedelta(seconds=5), limit=10)

    assert house.booking(booking.id).total_cents == WEEKEND_CENTS


async def test_given_the_payer_s_browser_when_it_confirms_then_it_is_told_how_it_stands() -> None:
    house = await a_moving_house()
    booking, held = await held_on_saturday(house)
    assert held.intent is not None
    ask = (booking.id, held.intent.id, house.ports, house.terms)

    with pytest.raises(PaymentIncompleteError):
        await confirm_payment(*ask)
    house.pay(held.intent, DECLINES)
    with pytest.raises(PaymentDeclinedError):
        await confirm_payment(*ask)
    house.pay(held.intent)
    moved = await confirm_payment(*ask)

    assert moved.total_cents == WEEKEND_CENTS


async def test_given_the_difference_when_paid_twice_then_the_second_goes_back() -> None:
    house = await a_moving_house()
    booking, held = await held_on_saturday(house)
    assert held.intent is not None
    stray = await paid_stray(house, booking)
    await house.settle(house.pay(held.intent))

    await house.settle(stray)
    await house.work_off()

    assert house.booking(booking.id).total_cents == WEEKEND_CENTS
    assert sent_back_cents(house) == MORE_CENTS
    assert house.messages(MessageKind.SECOND_PAYMENT_REFUNDED) != []
    check_books(house, booking)


async def test_given_it_has_moved_when_it_moves_back_then_the_difference_comes_back() -> None:
    house = await a_moving_house()
    booking, held = await held_on_saturday(house)
    assert held.intent is not None
    await house.settle(house.pay(held.intent))

    await move(house, booking, FRIDAY, expecting=WEEKDAY_CENTS)
    await house.work_off()

    assert sent_back_cents(house) == MORE_CENTS
    assert house.crews_taken() == slot_of(FRIDAY)
    check_books(house, booking)


async def test_given_the_first_payment_is_back_when_staff_refund_then_it_is_of_the_other() -> None:
    house = await a_moving_house()
    booking, held = await held_on_saturday(house)
    assert held.intent is not None
    await house.settle(house.pay(held.intent))
    await approve(await request(booking, house, amount_cents=WEEKDAY_CENTS), house)
    await house.work_off()

    refund = await request(booking, house)

    assert refund.amount_cents == MORE_CENTS
    assert refund.payment_id == difference_of(house, booking).id


async def test_given_it_waits_when_asked_again_then_it_is_the_same_intent() -> None:
    house = await a_moving_house()
    booking, held = await held_on_saturday(house)
    house.clock.advance(timedelta(minutes=5))

    again = await move(house, booking, SATURDAY, expecting=WEEKEND_CENTS)
    opened = await open_intent(booking.id, house.ports, house.terms)

    assert held.intent is not None
    assert again.intent is not None
    assert again.intent.id == held.intent.id == opened.id
    assert len(reschedules(house)) == 1
    assert house.crews_taken() == BOTH_SLOTS


async def test_given_it_waits_when_another_slot_is_asked_for_then_that_one_is_held_instead() -> (
    None
):
    house = await a_moving_house()
    booking, held = await held_on_saturday(house)
    assert held.intent is not None

    other = await move(house, booking, SATURDAY, TEN, expecting=WEEKEND_CENTS)

    assert other.intent is not None
    assert (await house.stripe.get_intent(held.intent.id)).status is IntentStatus.CANCELED
    assert [each.state for each in reschedules(house)] == ["ended", "pending"]
    assert house.crews_taken() == slot_of(TUESDAY) | slot_of(SATURDAY, 20, 24)


async def test_given_it_waits_when_its_own_slot_is_asked_for_then_it_stays() -> None:
    house = await a_moving_house()
    booking, _ = await held_on_saturday(house)

    stays = await move(house, booking, TUESDAY, NINE, expecting=WEEKDAY_CENTS)

    assert stays.booking == booking
    assert (stays.pending, stays.intent) == (None, None)
    assert house.crews_taken() == slot_of(TUESDAY)


async def test_given_no_crew_there_when_asked_then_nothing_is_charged_or_changed() -> None:
    house = await a_moving_house(crews=1)
    booking, _ = await paid_on(house), await paid_on(house, SATURDAY, TEN)
    before, calls = house.stored(), list(house.stripe.calls)

    with pytest.raises(SlotUnavailableError):
        await move(house, booking, SATURDAY, expecting=WEEKEND_CENTS)

    assert house.stored() == before
    assert house.stripe.calls == calls


async def test_given_a_difference_below_the_minimum_when_asked_then_it_is_refused() -> None:
    house = await a_moving_house()
    booking = await paid_on(house)
    await house.publish(book_with_petite_at(WEEKDAY_CENTS + 99), based_on=1)

    offer, codes = await preview(house, booking, WEDNESDAY)
    with pytest.raises(AmountTooSmallError):
        await move(house, booking, WEDNESDAY, expecting=WEEKDAY_CENTS + 99)

    assert (offer.to_pay_cents, codes) == (99, ("amount_too_small",))


async def test_given_staff_ask_when_it_is_dearer_then_the_payer_is_mailed_a_link() -> None:
    house = await a_moving_house()
    booking = await paid_on(house)

    held = await move(house, booking, SATURDAY, expecting=WEEKEND_CENTS, staff_name="maria")
    await house.work_off()
    session = await open_payment_link(booking.id, house.ports, house.terms)
    house.checkout.pay_session(session.id, PAYS)
    house.clock.advance(timedelta(minutes=1))
    await check_payments(house.ports, house.terms, pause=timedelta(seconds=5), limit=10)

    [mail] = house.messages(MessageKind.RESCHEDULE_PAYMENT_LINK)
    [act] = house.acts()
    assert held.intent is None
    assert held.pending is not None
    assert held.pending.expires_at == held.pending.created_at + timedelta(hours=24)
    assert "Saturday, December 5 at 09:00, for $175.00 more" in mail.text
    token = house.terms.manage_tokens.token(booking.id)
    assert f"/api/public/pay?manage_token={token}" in text_with_tokens(mail, house.terms)
    assert "held a dearer slot" in act.description
    assert house.booking(booking.id).total_cents == WEEKEND_CENTS
    check_books(house, booking)


async def test_given_nothing_waits_when_an_intent_is_asked_for_then_it_is_not_payable() -> None:
    house = await a_moving_house()
    booking, held = await held_on_saturday(house)
    assert held.intent is not None
    await house.settle(house.pay(held.intent))

    with pytest.raises(NotPayableError):
        await open_intent(booking.id, house.ports, house.terms)

    purposes = [each.purpose for each in house.payments(booking)]
    assert purposes == [PaymentPurpose.BOOKING, PaymentPurpose.RESCHEDULE]


async def test_given_two_payments_when_staff_refund_then_it_is_of_the_one_that_has_as_much() -> (
    None
):
    house = await a_moving_house()
    booking, held = await held_on_saturday(house)
    assert held.intent is not None
    await house.settle(house.pay(held.intent))
    await request(booking, house, amount_cents=WEEKDAY_CENTS - 100)

    of_both = f"{MORE_CENTS + 100} cents are left to refund, of 2 payments: ask for 100 and 17500"
    with pytest.raises(RefundExceedsPaymentError, match=of_both):
        await request(booking, house, amount_cents=MORE_CENTS + 100)
    refund = await request(booking, house, amount_cents=MORE_CENTS)
    rest = await request(booking, house)

    assert refund.payment_id == difference_of(house, booking).id
    assert (rest.amount_cents, rest.payment_id == refund.payment_id) == (100, False)
