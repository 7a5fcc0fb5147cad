"""A booking that waits for its payment moves: its payment is of the new price from then on."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from tests.builders import a_quote_request
from tests.core.bookings.memory_house import MemoryHouse, an_order
from tests.core.bookings.rescheduling import (
    MORE_CENTS,
    SATURDAY,
    TUESDAY,
    WEDNESDAY,
    WEEKDAY_CENTS,
    WEEKEND_CENTS,
    a_moving_house,
    book_on,
    check_books,
    move,
    paid_on,
    preview,
    sent_back_cents,
    silence,
    slot_of,
)
from tests.core.bookings.sample_books import book_with_code, book_with_petite_at
from tests.core.customers.carding import a_stored_customer, save
from tests.core.payments.interrupted_gateway import Call
from totetaxi_adapters.memory.cards import DECLINES_ONCE_SAVED, PAYS, TAKES_TIME
from totetaxi_core.bookings.booking import Booking
from totetaxi_core.bookings.booking_status import BookingStatus, CancellationReason
from totetaxi_core.bookings.end_unpaid import end_unpaid
from totetaxi_core.bookings.expire_holds import expire_holds
from totetaxi_core.bookings.pay_stored import PaymentFailure
from totetaxi_core.customers.customer import Customer
from totetaxi_core.customers.payment_method import PaymentMethodNotFoundError
from totetaxi_core.notifications.message import MessageKind
from totetaxi_core.payments.gateway import (
    IntentStatus,
    PaymentIntent,
    PaymentUnavailableError,
)
from totetaxi_core.payments.open_payment_link import open_payment_link
from totetaxi_core.payments.payable import NotPayableError, PaymentUnderWayError
from totetaxi_core.payments.payment import AttemptState, PaymentStatus
from totetaxi_core.scheduling.crews import SlotUnavailableError

SATURDAY_SLOT = slot_of(SATURDAY)
ALL_OFF = {"rate_bp": 10_000, "max_discount_cents": WEEKDAY_CENTS}


async def waiting_on_tuesday(house: MemoryHouse) -> tuple[Booking, PaymentIntent]:
    booking = await book_on(house)
    [attempt] = house.attempts(booking)
    return booking, await house.stripe.get_intent(attempt.intent_id or "")


async def test_given_an_unpaid_booking_when_moved_then_it_is_paid_at_the_new_price() -> None:
    house = await a_moving_house()
    booking, old = await waiting_on_tuesday(house)
    house.clock.advance(timedelta(minutes=20))

    moved = await move(house, booking, SATURDAY, expecting=WEEKEND_CENTS)
    assert moved.intent is not None
    paid = await house.settle(house.pay(moved.intent))

    [payment] = house.payments(booking)
    assert (await house.stripe.get_intent(old.id)).status is IntentStatus.CANCELED
    assert moved.booking.status is BookingStatus.PENDING
    assert moved.booking.hold_expires_at == booking.hold_expires_at
    assert house.attempt_states(booking) == [(1, AttemptState.ENDED), (2, AttemptState.SUCCEEDED)]
    assert (payment.amount_cents, payment.status) == (WEEKEND_CENTS, PaymentStatus.SUCCEEDED)
    assert paid is not None
    assert paid.status is BookingStatus.CONFIRMED
    assert house.crews_taken() == SATURDAY_SLOT
    check_books(house, booking)


async def test_given_the_payer_was_faster_when_moved_then_only_the_difference_is_asked_for() -> (
    None
):
    house = await a_moving_house()
    booking, old = await waiting_on_tuesday(house)
    house.pay(old)

    held = await move(house, booking, SATURDAY, expecting=WEEKEND_CENTS)

    assert house.booking(booking.id).status is BookingStatus.CONFIRMED
    assert held.pending is not None
    assert held.intent is not None
    assert held.intent.amount_cents == MORE_CENTS


async def test_given_a_bank_that_takes_its_time_when_moved_then_nothing_changes() -> None:
    house = await a_moving_house()
    booking, old = await waiting_on_tuesday(house)
    house.pay(old, TAKES_TIME)

    with pytest.raises(PaymentUnderWayError):
        await move(house, booking, SATURDAY, expecting=WEEKEND_CENTS)

    assert house.booking(booking.id) == booking
    assert house.crews_taken() == slot_of(TUESDAY)


async def test_given_a_silent_stripe_when_moved_then_nothing_changes() -> None:
    house = await a_moving_house()
    booking, old = await waiting_on_tuesday(house)
    house.stripe.before(Call.CANCEL_INTENT, silence)

    with pytest.raises(PaymentUnavailableError):
        await move(house, booking, SATURDAY, expecting=WEEKEND_CENTS)
    paid = await house.settle(house.pay(old))

    assert paid is not None
    assert (paid.total_cents, paid.status) == (WEEKDAY_CENTS, BookingStatus.CONFIRMED)


async def test_given_no_crew_there_when_moved_then_what_is_open_may_still_be_paid() -> None:
    house = await a_moving_house(crews=1)
    booking, old = await waiting_on_tuesday(house)
    await paid_on(house, SATURDAY)

    with pytest.raises(SlotUnavailableError):
        await move(house, booking, SATURDAY, expecting=WEEKEND_CENTS)

    still = await house.stripe.get_intent(old.id)
    assert still.status is IntentStatus.REQUIRES_PAYMENT_METHOD
    assert house.booking(booking.id) == booking


async def test_given_an_intent_made_meanwhile_when_moved_then_that_is_closed_too() -> None:
    house = await a_moving_house()
    booking, _ = await waiting_on_tuesday(house)

    async def link() -> None:
        await open_payment_link(booking.id, house.ports, house.terms)

    house.stripe.after(Call.CANCEL_INTENT, link)
    moved = await move(house, booking, SATURDAY, expecting=WEEKEND_CENTS)

    assert moved.intent is not None
    assert moved.intent.amount_cents == WEEKEND_CENTS
    live = [each for each in house.attempts(booking) if each.state is AttemptState.LIVE]
    assert [each.intent_id for each in live] == [moved.intent.id]
    assert [one.status for one in house.checkout.sessions()] == ["expired"]


async def test_given_a_lapsed_hold_when_moved_then_it_is_refused() -> None:
    house = await a_moving_house()
    booking, _ = await waiting_on_tuesday(house)
    house.clock.advance(timedelta(minutes=30))

    with pytest.raises(NotPayableError):
        await move(house, booking, SATURDAY, expecting=WEEKEND_CENTS)

    assert house.booking(booking.id) == booking


async def test_given_a_guest_who_keeps_moving_when_the_hold_ends_then_the_crew_is_free() -> None:
    house = await a_moving_house()
    booking, _ = await waiting_on_tuesday(house)
    for on, cents in ((SATURDAY, WEEKEND_CENTS), (WEDNESDAY, WEEKDAY_CENTS)) * 2:
        house.clock.advance(timedelta(minutes=7))
        await move(house, booking, on, expecting=cents)

    house.clock.advance(timedelta(minutes=2))
    await expire_holds(house.ports, house.terms, limit=10)

    assert house.clock() == booking.created_at + timedelta(minutes=30)
    assert house.booking(booking.id).cancellation_reason is CancellationReason.PAYMENT_TIMEOUT
    assert not any(house.crews_taken().values())


async def test_given_staff_who_move_it_when_it_is_unpaid_then_its_payer_has_a_new_hold() -> None:
    house = await a_moving_house()
    booking, _ = await waiting_on_tuesday(house)
    house.clock.advance(timedelta(minutes=20))

    moved = await move(house, booking, SATURDAY, expecting=WEEKEND_CENTS, staff_name="maria")

    assert moved.booking.hold_expires_at == house.clock() + timedelta(minutes=30)


async def test_given_a_pay_link_of_staff_s_when_moved_then_the_link_leads_to_the_new_price() -> (
    None
):
    house = await a_moving_house()
    order = an_order(wants_intent=False, placed_by="maria")
    booking = (await house.book_order(order)).booking
    old = await open_payment_link(booking.id, house.ports, house.terms)

    moved = await move(house, booking, SATURDAY, expecting=WEEKEND_CENTS, staff_name="maria")
    new = await open_payment_link(booking.id, house.ports, house.terms)
    await house.settle(house.checkout.pay_session(new.id, PAYS))
    await house.work_off()

    [mail] = house.messages(MessageKind.BOOKING_RESCHEDULED)
    assert moved.intent is None
    assert moved.booking.hold_expires_at == house.clock() + timedelta(hours=24)
    assert house.checkout.session(old.id).status == "expired"
    assert house.booking(booking.id).status is BookingStatus.CONFIRMED
    assert mail.to == booking.contact.email
    check_books(house, booking)


async def test_given_a_code_dropped_since_when_paid_after_its_hold_then_it_counts_again() -> None:
    house = await a_moving_house(book=book_with_code(max_uses=1))
    booking = await book_on(house, discount_code="winter10")
    await house.publish(book_with_petite_at(WEEKDAY_CENTS), based_on=1)
    moved = await move(house, booking, WEDNESDAY, expecting=89_550)
    stray = await house.stray_intent(moved.booking)
    timeout = CancellationReason.PAYMENT_TIMEOUT
    await end_unpaid(booking.id, house.ports, house.terms, reason=timeout)
    uses_between = len(house.database.code_uses.rows)

    await house.settle(house.pay(stray))

    assert uses_between == 0
    assert house.booking(booking.id).status is BookingStatus.CONFIRMED
    assert len(house.database.code_uses.rows) == 1


async def test_given_a_price_that_falls_to_nothing_when_moved_then_it_is_confirmed_at_once() -> (
    None
):
    house = await a_moving_house(book=book_with_code(**ALL_OFF))
    booking = await book_on(house, SATURDAY, discount_code="winter10")

    moved = await move(house, booking, TUESDAY, expecting=0)
    await house.work_off()

    assert moved.booking.status is BookingStatus.CONFIRMED
    assert (moved.intent, moved.pending) == (None, None)
    assert [each.status for each in house.payments(booking)] == [PaymentStatus.CANCELED]
    assert house.messages(MessageKind.BOOKING_CONFIRMED) != []
    check_books(house, booking)


async def test_given_a_booking_that_cost_nothing_when_moved_to_a_dearer_slot_then_it_is_paid() -> (
    None
):
    house = await a_moving_house(book=book_with_code(**ALL_OFF))
    request = replace(a_quote_request(), discount_code="winter10")
    free = (await house.book_order(an_order(request=request))).booking

    held = await move(house, free, SATURDAY, expecting=MORE_CENTS)
    assert held.intent is not None
    paid = await house.settle(house.pay(held.intent))
    back = await move(house, free, TUESDAY, expecting=0)
    await house.work_off()

    assert paid is not None
    assert (paid.total_cents, back.booking.total_cents) == (MORE_CENTS, 0)
    assert sent_back_cents(house) == MORE_CENTS
    check_books(house, free)


async def a_customer_s_booking(house: MemoryHouse) -> tuple[Customer, Booking]:
    customer = await a_stored_customer(house)
    order = an_order(customer_id=customer.id, placed_by="customer")
    return customer, (await house.book_order(order)).booking


async def test_given_a_saved_card_when_it_gets_dearer_then_it_is_charged_and_moved_at_once() -> (
    None
):
    house = await a_moving_house()
    customer, booking = await a_customer_s_booking(house)
    card = await save(house, customer)
    mine: dict[str, Any] = {"customer_id": customer.id, "payment_method_id": card.id}

    moved = await move(house, booking, WEDNESDAY, expecting=WEEKDAY_CENTS, **mine)
    dearer = await move(house, booking, SATURDAY, expecting=WEEKEND_CENTS, **mine)

    assert moved.booking.status is BookingStatus.CONFIRMED
    assert (dearer.booking.total_cents, dearer.pending) == (WEEKEND_CENTS, None)
    assert dearer.intent is not None
    assert dearer.intent.status is IntentStatus.SUCCEEDED
    assert [each.status for each in house.payments(booking)] == [PaymentStatus.SUCCEEDED] * 2
    check_books(house, booking)


async def test_given_a_card_that_is_declined_when_it_gets_dearer_then_it_is_held_for_another() -> (
    None
):
    house = await a_moving_house()
    customer, booking = await a_customer_s_booking(house)
    [attempt] = house.attempts(booking)
    await house.settle(house.stripe.pay(attempt.intent_id or "", PAYS))
    bad, good = await save(house, customer, DECLINES_ONCE_SAVED), await save(house, customer)

    declined = await move(
        house,
        booking,
        SATURDAY,
        expecting=WEEKEND_CENTS,
        customer_id=customer.id,
        payment_method_id=bad.id,
    )
    between = house.booking(booking.id).total_cents
    moved = await move(
        house,
        booking,
        SATURDAY,
        expecting=WEEKEND_CENTS,
        customer_id=customer.id,
        payment_method_id=good.id,
    )

    assert between == WEEKDAY_CENTS
    assert declined.paying.failure is PaymentFailure.DECLINED
    assert declined.intent is not None
    assert declined.intent.status is IntentStatus.REQUIRES_PAYMENT_METHOD
    assert moved.booking.total_cents == WEEKEND_CENTS
    assert house.crews_taken() == SATURDAY_SLOT
    check_books(house, booking)


async def test_given_no_such_card_when_moved_then_nothing_changes() -> None:
    house = await a_moving_house()
    customer, booking = await a_customer_s_booking(house)
    before = house.stored()

    with pytest.raises(PaymentMethodNotFoundError):
        await move(
            house,
            booking,
            SATURDAY,
            expecting=WEEKEND_CENTS,
            customer_id=customer.id,
            payment_method_id=house.ids.new_id(),
        )

    assert house.stored() == before


async def test_given_an_unpaid_booking_when_previewed_then_all_of_the_new_price_is_to_pay() -> None:
    house = await a_moving_house()
    booking, _ = await waiting_on_tuesday(house)

    offer, codes = await preview(house, booking, SATURDAY)

    assert (offer.difference_cents, offer.to_pay_cents, offer.refund_cents, codes) == (
        MORE_CENTS,
        WEEKEND_CENTS,
        0,
        (),
    )
