"""A paid booking moves to a slot that costs as much or less."""

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.builders import PICKUP_AT, STANDARD_PACKING
from tests.core.bookings.memory_house import a_key
from tests.core.bookings.rescheduling import (
    MORE_CENTS,
    NINE,
    SATURDAY,
    SEVEN,
    TEN,
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
    slot_of,
)
from tests.core.bookings.sample_books import book_with_code, book_with_petite_at
from tests.core.payments.refunding import approve, request
from totetaxi_core.bookings.booking import BookingNotFoundError, NotReschedulableError
from totetaxi_core.bookings.booking_status import BookingStatus
from totetaxi_core.bookings.pay_stored import Paying
from totetaxi_core.bookings.place_booking import PriceChangedError
from totetaxi_core.bookings.repositories import IdempotencyKeyReusedError
from totetaxi_core.ledger.account import Account
from totetaxi_core.notifications.message import MessageKind
from totetaxi_core.outbox.owed_effect import EffectKind, EffectState
from totetaxi_core.payments.refund import RefundStatus
from totetaxi_core.refusal import InvalidInputError
from totetaxi_core.scheduling.crews import SlotUnavailableError
from totetaxi_core.scheduling.schedule_override import ScheduleOverride

LATE = PICKUP_AT - timedelta(hours=19)  # after 18:00 in New York on the day before


async def test_given_a_paid_booking_when_moved_to_a_cheaper_slot_then_the_rest_comes_back() -> None:
    house = await a_moving_house()
    booking = await paid_on(house, SATURDAY)

    moved = await move(house, booking, TUESDAY, expecting=WEEKDAY_CENTS)
    await house.work_off()

    stored = house.booking(booking.id)
    [refund] = house.refunds(booking)
    assert moved.booking == stored
    assert (moved.pending, moved.paying) == (None, Paying())
    assert (stored.total_cents, stored.pickup_at) == (WEEKDAY_CENTS, PICKUP_AT)
    assert (stored.status, stored.version) == (BookingStatus.CONFIRMED, booking.version + 1)
    assert (refund.amount_cents, refund.reason, refund.requested_by) == (
        MORE_CENTS,
        "reschedule",
        "system",
    )
    assert refund.status is RefundStatus.SUCCEEDED
    assert sent_back_cents(house) == MORE_CENTS
    assert house.crews_taken() == slot_of(TUESDAY)
    check_books(house, booking)


async def test_given_a_move_when_done_then_the_customer_and_the_courier_are_told() -> None:
    house = await a_moving_house()
    booking = await paid_on(house, SATURDAY)

    await move(house, booking, TUESDAY, SEVEN, expecting=WEEKDAY_CENTS)
    await house.work_off()

    [mail] = house.messages(MessageKind.BOOKING_RESCHEDULED)
    [tasks] = house.effects(EffectKind.RESCHEDULE_COURIER_TASKS)
    assert "we call on Tuesday, December 1 at 07:00, for $995.00 in all" in mail.text
    assert "We are sending back $175.00" in mail.text
    assert (tasks.state, tasks.payload) == (EffectState.DONE, {"booking_id": str(booking.id)})
    moved = house.booking(booking.id)
    assert {task.window_start_at for task in house.couriers.tasks.values()} == {moved.pickup_at}


async def test_given_the_same_price_when_moved_in_a_full_morning_then_one_crew_is_enough() -> None:
    house = await a_moving_house(crews=1)
    booking = await paid_on(house)

    moved = await move(house, booking, TUESDAY, TEN, expecting=WEEKDAY_CENTS)

    assert moved.booking.quote.request.pickup_time == TEN
    assert house.crews_taken() == slot_of(TUESDAY, 20, 24)
    assert house.refunds(booking) == []
    check_books(house, booking)


async def test_given_no_crew_there_when_moved_then_nothing_changes() -> None:
    house = await a_moving_house(crews=1)
    booking, _ = await paid_on(house), await paid_on(house, WEDNESDAY)
    before = house.stored()

    with pytest.raises(SlotUnavailableError):
        await move(house, booking, WEDNESDAY, TEN, expecting=WEEKDAY_CENTS)

    assert house.stored() == before


async def test_given_another_price_when_moved_then_it_is_told_and_nothing_changes() -> None:
    house = await a_moving_house()
    booking = await paid_on(house)
    before = house.stored()

    with pytest.raises(PriceChangedError) as refusal:
        await move(house, booking, SATURDAY, expecting=WEEKDAY_CENTS)

    assert refusal.value.quote.total_cents == WEEKEND_CENTS
    assert house.stored() == before


async def test_given_a_new_price_book_when_moved_then_it_is_priced_by_that() -> None:
    house = await a_moving_house()
    booking = await paid_on(house)
    await house.publish(book_with_petite_at(90_000), based_on=1)

    offer, codes = await preview(house, booking, WEDNESDAY)
    moved = await move(house, booking, WEDNESDAY, expecting=90_000)
    await house.work_off()

    assert (offer.difference_cents, offer.refund_cents, offer.to_pay_cents) == (-9_500, 9_500, 0)
    assert (codes, offer.quote.price_book_version) == ((), 2)
    assert moved.booking.quote.price_book_version == 2
    assert sent_back_cents(house) == 9_500
    check_books(house, booking)


async def test_given_a_code_that_has_run_out_when_moved_then_it_stays_and_is_used_once() -> None:
    until = "2026-11-23T16:00:00Z"
    book = book_with_code(max_uses=1, valid_until=until)
    house = await a_moving_house(book=book)
    booking = await paid_on(house, SATURDAY, discount_code="winter10")
    house.clock.advance(timedelta(hours=2))
    await house.publish(book_with_petite_at(99_500), based_on=1)  # has no codes at all

    moved = await move(house, booking, TUESDAY, expecting=89_550)
    again = await move(house, booking, WEDNESDAY, expecting=89_550)
    await house.work_off()

    [use] = house.database.code_uses.rows.values()
    [line] = [each for each in again.booking.quote.lines if each.kind == "discount"]
    assert (moved.booking.total_cents, line.amount_cents) == (89_550, -9_950)
    assert use.code_id == book.discount_codes[0].id
    assert sent_back_cents(house) == 105_300 - 89_550
    check_books(house, booking)


async def test_given_a_code_lowered_since_when_moved_twice_then_its_first_terms_stay() -> None:
    book = book_with_code()
    house = await a_moving_house(book=book)
    booking = await paid_on(house, SATURDAY, discount_code="winter10")
    code_id = str(book.discount_codes[0].id)
    await house.publish(book_with_code(id=code_id, rate_bp=500), based_on=1)

    moved = await move(house, booking, TUESDAY, expecting=89_550)
    again = await move(house, booking, WEDNESDAY, expecting=89_550)
    await house.work_off()

    assert [each.booking.quote.price_book_version for each in (moved, again)] == [2, 2]
    assert again.booking.total_cents == 89_550
    check_books(house, booking)


async def test_given_taxed_lines_when_moved_then_only_what_fell_is_given_back_of_each() -> None:
    house = await a_moving_house()
    booking = await paid_on(house, SATURDAY, organizing_service_ids=(STANDARD_PACKING.id,))
    tax_cents = sum(each.amount_cents for each in booking.quote.lines if each.kind == "tax")

    moved = await move(house, booking, TUESDAY, expecting=booking.total_cents - MORE_CENTS)
    await house.work_off()

    rows = house.database.ledger_entries.rows.values()
    assert tax_cents > 0
    assert sum(each.amount_in(Account.TAX) for each in rows) == -tax_cents
    assert sum(each.amount_in(Account.REFUNDS) for each in rows) == 0
    assert sent_back_cents(house) == MORE_CENTS
    check_books(house, moved.booking)


async def test_given_most_was_sent_back_before_when_moved_then_no_more_goes_than_is_left() -> None:
    house = await a_moving_house()
    booking = await paid_on(house, SATURDAY)
    await approve(await request(booking, house, amount_cents=WEEKEND_CENTS - 5_000), house)
    await house.work_off()

    offer, _ = await preview(house, booking, TUESDAY)
    await move(house, booking, TUESDAY, expecting=WEEKDAY_CENTS)
    await house.work_off()

    assert (offer.difference_cents, offer.refund_cents) == (-MORE_CENTS, 5_000)
    assert sent_back_cents(house) == WEEKEND_CENTS
    check_books(house, booking)


async def test_given_a_request_for_all_when_moved_then_the_difference_comes_before_it() -> None:
    house = await a_moving_house()
    booking = await paid_on(house, SATURDAY)
    asked = await request(booking, house)

    await move(house, booking, TUESDAY, expecting=WEEKDAY_CENTS)
    await house.work_off()

    assert house.database.refunds.rows[asked.id].status is RefundStatus.REJECTED
    assert sent_back_cents(house) == MORE_CENTS


async def test_given_a_moved_booking_when_refunded_in_full_then_all_and_its_tax_is_back() -> None:
    house = await a_moving_house()
    booking = await paid_on(house, SATURDAY, organizing_service_ids=(STANDARD_PACKING.id,))
    total_cents = booking.total_cents - MORE_CENTS
    await move(house, booking, TUESDAY, expecting=total_cents)

    await approve(await request(booking, house), house)
    await house.work_off()

    rows = house.database.ledger_entries.rows.values()
    assert sent_back_cents(house) == booking.total_cents
    for account in (Account.STRIPE, Account.TAX, Account.CUSTOMER_MONEY):
        assert sum(each.amount_in(account) for each in rows) == 0


async def test_given_its_own_slot_when_moved_then_nothing_changes() -> None:
    house = await a_moving_house()
    booking = await paid_on(house)
    await house.publish(book_with_petite_at(90_000), based_on=1)
    before = house.stored()

    same = await move(house, booking, TUESDAY, expecting=WEEKDAY_CENTS)

    assert same.booking == booking
    assert house.stored() == before


async def test_given_the_same_key_when_asked_twice_then_it_moves_once() -> None:
    house = await a_moving_house()
    booking = await paid_on(house)
    key = a_key()
    first = await move(house, booking, WEDNESDAY, expecting=WEEKDAY_CENTS, idempotency_key=key)
    await move(house, booking, TUESDAY, expecting=WEEKDAY_CENTS)

    again = await move(house, booking, WEDNESDAY, expecting=WEEKDAY_CENTS, idempotency_key=key)
    other = replace(key, body_hash="c" * 64)
    with pytest.raises(IdempotencyKeyReusedError):
        await move(house, booking, TUESDAY, TEN, expecting=99_500, idempotency_key=other)

    assert (first.is_replay, again.is_replay) == (False, True)
    assert again.booking.quote.request.pickup_date == TUESDAY
    assert house.crews_taken() == slot_of(TUESDAY)


@pytest.mark.parametrize("acts", ["pickup", "cancelled", "in_progress"])
async def test_given_a_booking_that_cannot_move_when_asked_then_it_is_refused(acts: str) -> None:
    house = await a_moving_house()
    booking = await paid_on(house)
    if acts == "pickup":
        house.clock.advance(PICKUP_AT - house.clock())
    async with house.ports.unit_of_work() as uow:
        if acts == "in_progress":
            await uow.bookings.save(booking.start(at=house.clock()))
        if acts == "cancelled":
            cancelled = replace(booking.start(at=house.clock()), status=BookingStatus.CANCELLED)
            await uow.bookings.save(cancelled)
        await uow.commit()

    with pytest.raises(NotReschedulableError) as refusal:
        await move(house, booking, WEDNESDAY, expecting=WEEKDAY_CENTS)
    with pytest.raises(NotReschedulableError):
        await preview(house, booking, WEDNESDAY)

    assert refusal.value.code == "invalid_transition"


async def test_given_another_account_when_asked_then_there_is_no_such_booking() -> None:
    house = await a_moving_house()
    booking = await paid_on(house)

    with pytest.raises(BookingNotFoundError):
        await move(
            house, booking, WEDNESDAY, expecting=WEEKDAY_CENTS, customer_id=house.ids.new_id()
        )

    assert house.booking(booking.id) == booking


async def test_given_short_notice_when_moved_then_staff_may_with_a_reason_on_record() -> None:
    house = await a_moving_house()
    booking = await paid_on(house, WEDNESDAY)
    house.clock.advance(LATE - house.clock() + timedelta(hours=5))

    offer, codes = await preview(house, booking, TUESDAY, TEN)
    with pytest.raises(InvalidInputError) as refusal:
        await move(house, booking, TUESDAY, TEN, expecting=WEEKDAY_CENTS)
    override = ScheduleOverride(reason="the ferry is early")
    moved = await move(
        house,
        booking,
        TUESDAY,
        TEN,
        expecting=WEEKDAY_CENTS,
        staff_name="maria",
        override=override,
    )

    [act] = house.acts()
    said = f"moved {booking.booking_number} to 2026-12-01 10:00"
    assert codes == ("notice",)
    assert not offer.bookable
    assert [fault.code for fault in refusal.value.faults] == ["notice"]
    assert moved.booking.quote.request.pickup_date == TUESDAY
    assert (act.staff_name, act.description) == (
        "maria",
        f"{said}: rules overridden: the ferry is early",
    )


async def test_given_a_free_slot_of_another_s_cart_when_moved_there_then_both_stand() -> None:
    house = await a_moving_house()
    first = await paid_on(house)
    second = (await house.book_order()).booking

    moved = await move(house, first, TUESDAY, TEN, expecting=WEEKDAY_CENTS)
    back = await move(house, first, TUESDAY, NINE, expecting=WEEKDAY_CENTS)

    assert second.cart_key != back.booking.cart_key
    assert moved.booking.cart_key != back.booking.cart_key


async def test_given_an_unpaid_booking_when_moved_by_its_own_key_then_the_old_cart_is_free() -> (
    None
):
    house = await a_moving_house()
    booking = (await house.book_order()).booking

    await move(house, booking, WEDNESDAY, expecting=WEEKDAY_CENTS)
    anew = await house.book_order()

    assert anew.booking.id != booking.id
    assert not anew.is_repeat
    assert await book_on(house) is not None
