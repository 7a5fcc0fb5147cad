"""A paid booking on its way to a dearer slot that never gets there, or late."""

from datetime import timedelta

import pytest

from tests.builders import PICKUP_AT
from tests.core.bookings.memory_house import MemoryHouse
from tests.core.bookings.rescheduling import (
    MORE_CENTS,
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
    reschedules,
    sent_back_cents,
    silence,
    slot_of,
)
from tests.core.payments.interrupted_gateway import Call
from totetaxi_adapters.memory.cards import TAKES_TIME
from totetaxi_core.bookings.booking import Booking
from totetaxi_core.bookings.booking_status import BookingStatus
from totetaxi_core.bookings.cancel_booking import (
    Cancelling,
    RefundChangedError,
    cancel_booking,
    preview_cancellation,
)
from totetaxi_core.bookings.expire_holds import expire_holds
from totetaxi_core.bookings.reschedule import RescheduleState
from totetaxi_core.notifications.message import MessageKind
from totetaxi_core.payments.gateway import (
    IntentOrder,
    IntentStatus,
    PaymentIntent,
    PaymentUnavailableError,
)
from totetaxi_core.payments.open_intent import open_intent
from totetaxi_core.payments.payable import PaymentUnderWayError
from totetaxi_core.payments.payment import PaymentStatus

HALF_HOUR = timedelta(minutes=30)
BOTH_SLOTS = slot_of(TUESDAY) | slot_of(SATURDAY)


async def expire(house: MemoryHouse) -> int:
    return await expire_holds(house.ports, house.terms, limit=10)


async def cancel(house: MemoryHouse, booking: Booking, *, staff_name: str | None = None) -> Booking:
    cancelling = Cancelling(booking_id=booking.id, staff_name=staff_name)
    offer = await preview_cancellation(cancelling, house.ports)
    cancelled = await cancel_booking(
        cancelling, house.ports, house.terms, expected_refund_cents=offer.refund_cents
    )
    return cancelled.booking


async def late_payment(house: MemoryHouse, booking: Booking, *, cents: int = MORE_CENTS) -> None:
    """Have the difference paid, by an intent that none of our attempts had, after it lapsed."""
    await house.settle(await paid_stray(house, booking, cents=cents))


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


async def test_given_the_hold_lapses_when_swept_then_the_booking_stays_and_the_crew_is_free() -> (
    None
):
    house = await a_moving_house()
    booking, held = await held_on_saturday(house)
    assert held.intent is not None
    house.clock.advance(HALF_HOUR)

    looked_at = await expire(house)
    again = await expire(house)
    await house.work_off()

    assert (looked_at, again) == (1, 0)
    assert (await house.stripe.get_intent(held.intent.id)).status is IntentStatus.CANCELED
    assert house.booking(booking.id) == booking
    assert house.crews_taken() == slot_of(TUESDAY)
    assert reschedules(house)[0].state is RescheduleState.ENDED
    assert difference_of(house, booking).status is PaymentStatus.CANCELED
    [mail] = house.messages(MessageKind.RESCHEDULE_EXPIRED)
    assert "stays as it was" in mail.text
    check_books(house, booking)


async def test_given_a_silent_stripe_when_swept_then_both_slots_stay_held() -> None:
    house = await a_moving_house()
    booking, _ = await held_on_saturday(house)
    house.clock.advance(HALF_HOUR)
    house.stripe.before(Call.GET_INTENT, silence)

    with pytest.raises(PaymentUnavailableError):
        await expire(house)

    assert house.crews_taken() == BOTH_SLOTS
    assert difference_of(house, booking).status is PaymentStatus.PENDING


async def test_given_the_payer_was_faster_when_swept_then_the_booking_moves() -> None:
    house = await a_moving_house()
    booking, held = await held_on_saturday(house)
    assert held.intent is not None
    house.clock.advance(HALF_HOUR)
    house.pay(held.intent)

    await expire(house)

    assert house.booking(booking.id).total_cents == WEEKEND_CENTS
    assert house.crews_taken() == slot_of(SATURDAY)


async def test_given_a_bank_that_takes_its_time_when_swept_then_both_slots_stay_held() -> None:
    house = await a_moving_house()
    booking, held = await held_on_saturday(house)
    assert held.intent is not None
    house.pay(held.intent, TAKES_TIME)
    house.clock.advance(HALF_HOUR)

    await expire(house)
    with pytest.raises(PaymentUnderWayError):
        await cancel(house, booking)

    assert house.crews_taken() == BOTH_SLOTS
    assert house.booking(booking.id) == booking


async def test_given_it_lapsed_when_paid_late_and_a_crew_is_free_then_it_moves_after_all() -> None:
    house = await a_moving_house()
    booking, _ = await held_on_saturday(house)
    house.clock.advance(HALF_HOUR)
    await expire(house)

    await late_payment(house, booking)
    await house.work_off()

    assert house.booking(booking.id).total_cents == WEEKEND_CENTS
    assert house.crews_taken() == slot_of(SATURDAY)
    assert reschedules(house)[0].state is RescheduleState.DONE
    assert sent_back_cents(house) == 0
    check_books(house, booking)


@pytest.mark.parametrize("why", ["full", "moved", "pickup", "cancelled", "amount"])
async def test_given_it_lapsed_when_paid_late_and_it_cannot_move_then_all_goes_back(
    why: str,
) -> None:
    house = await a_moving_house(crews=1)
    booking, _ = await held_on_saturday(house)
    house.clock.advance(HALF_HOUR)
    await expire(house)
    cents = MORE_CENTS
    if why == "full":
        await paid_on(house, SATURDAY, TEN)
    elif why == "moved":
        await move(house, booking, WEDNESDAY, expecting=WEEKDAY_CENTS)
    elif why == "pickup":
        house.clock.advance(PICKUP_AT - house.clock())
    elif why == "cancelled":
        await cancel(house, booking)
    else:
        cents = MORE_CENTS - 1
    before, crews = house.booking(booking.id), house.crews_taken()
    await house.work_off()
    back_cents = sent_back_cents(house)

    await late_payment(house, booking, cents=cents)
    await house.work_off()

    [mail] = house.messages(MessageKind.RESCHEDULE_PAYMENT_REFUNDED)
    assert house.booking(booking.id) == before
    assert house.crews_taken() == crews
    assert sent_back_cents(house) == back_cents + cents
    assert "All of it goes back" in mail.text
    assert house.messages(MessageKind.STAFF_ALERT) != []
    assert difference_of(house, booking).status is PaymentStatus.CANCELED
    check_books(house, booking)


async def test_given_it_waits_when_the_pickup_comes_first_then_what_is_paid_goes_back() -> None:
    house = await a_moving_house()
    booking, held = await held_on_saturday(house)
    assert held.intent is not None
    house.pay(held.intent)
    house.clock.advance(PICKUP_AT - house.clock())

    await expire(house)
    await house.work_off()

    assert house.booking(booking.id) == booking
    assert house.crews_taken() == slot_of(TUESDAY)
    assert sent_back_cents(house) == MORE_CENTS
    assert reschedules(house)[0].state is RescheduleState.ENDED
    check_books(house, booking)


async def test_given_it_waits_when_the_booking_is_cancelled_then_it_is_closed_first() -> None:
    house = await a_moving_house()
    booking, held = await held_on_saturday(house)
    assert held.intent is not None

    cancelled = await cancel(house, booking)
    await house.work_off()

    assert cancelled.status is BookingStatus.CANCELLED
    assert (await house.stripe.get_intent(held.intent.id)).status is IntentStatus.CANCELED
    assert house.crews_taken() == {}
    assert sent_back_cents(house) == WEEKDAY_CENTS
    assert house.messages(MessageKind.RESCHEDULE_EXPIRED) == []


async def test_given_the_payer_was_faster_when_cancelled_then_the_new_offer_is_told() -> None:
    house = await a_moving_house()
    booking, held = await held_on_saturday(house)
    assert held.intent is not None
    house.pay(held.intent)

    with pytest.raises(RefundChangedError) as refusal:
        await cancel(house, booking)

    assert refusal.value.offer.refund_cents == WEEKEND_CENTS
    assert house.booking(booking.id).status is BookingStatus.CONFIRMED


async def test_given_it_has_moved_when_cancelled_then_both_payments_go_back() -> None:
    house = await a_moving_house()
    booking, held = await held_on_saturday(house)
    assert held.intent is not None
    await house.settle(house.pay(held.intent))

    await cancel(house, booking)
    await house.work_off()

    [mail] = house.messages(MessageKind.BOOKING_CANCELLED)
    amounts = [each.amount_cents for each in house.refunds(booking)]
    assert amounts == [WEEKDAY_CENTS, MORE_CENTS]
    assert len({each.payment_id for each in house.refunds(booking)}) == 2
    assert sent_back_cents(house) == WEEKEND_CENTS
    assert "sending back $1,170.00" in mail.text or "sending back $1170.00" in mail.text
    assert house.crews_taken() == {}
    check_books(house, booking)


async def test_given_half_comes_back_when_cancelled_late_then_it_is_half_of_both_together() -> None:
    house = await a_moving_house()
    booking, held = await held_on_saturday(house)
    assert held.intent is not None
    moved = await house.settle(house.pay(held.intent))
    assert moved is not None
    house.clock.advance(moved.pickup_at - timedelta(hours=30) - house.clock())

    await cancel(house, booking)
    await house.work_off()

    assert sent_back_cents(house) == WEEKEND_CENTS // 2


async def test_given_a_silent_stripe_when_asked_then_it_is_held_and_may_be_paid_later() -> None:
    house = await a_moving_house()
    booking = await paid_on(house)
    house.stripe.before(Call.CREATE_INTENT, silence)

    held = await move(house, booking, SATURDAY, expecting=WEEKEND_CENTS)
    intent = await open_intent(booking.id, house.ports, house.terms)

    assert (held.intent, held.paying.failure) == (None, "payment_unavailable")
    assert held.pending is not None
    assert intent.amount_cents == MORE_CENTS


async def test_given_a_lost_answer_when_expired_then_the_intent_is_found_and_closed() -> None:
    house = await a_moving_house()
    booking = await paid_on(house)
    house.stripe.after(Call.CREATE_INTENT, silence)
    held = await move(house, booking, SATURDAY, expecting=WEEKEND_CENTS)
    house.clock.advance(HALF_HOUR)

    await expire(house)

    lost = house.stripe.intents()[-1]
    assert held.paying.failure == "payment_unavailable"
    assert (lost.amount_cents, lost.status) == (MORE_CENTS, IntentStatus.CANCELED)
    assert house.crews_taken() == slot_of(TUESDAY)


async def test_given_staff_complete_it_meanwhile_when_paid_then_the_difference_goes_back() -> None:
    house = await a_moving_house()
    booking, held = await held_on_saturday(house)
    assert held.intent is not None
    async with house.ports.unit_of_work() as uow:
        await uow.bookings.save(booking.start(at=house.clock()))
        await uow.commit()

    await house.settle(house.pay(held.intent))
    await house.work_off()

    assert sent_back_cents(house) == MORE_CENTS
    assert house.crews_taken() == slot_of(TUESDAY)
