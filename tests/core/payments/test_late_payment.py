"""Money that comes after its booking has ended."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from tests.builders import HOLD, PICKUP_AT, a_contact, a_quote_request
from tests.core.bookings.memory_house import MemoryHouse, a_house, an_order
from tests.core.bookings.sample_books import book_with_code, book_with_petite_at
from totetaxi_adapters.memory.cards import PAYS, TAKES_TIME
from totetaxi_core.bookings.booking import Booking
from totetaxi_core.bookings.booking_status import BookingStatus, CancellationReason
from totetaxi_core.bookings.expire_holds import expire_holds
from totetaxi_core.notifications.message import MessageKind
from totetaxi_core.outbox.owed_effect import EffectKind
from totetaxi_core.payments.gateway import PaymentIntent
from totetaxi_core.payments.payment import AttemptState, PaymentStatus
from totetaxi_core.payments.refund import SYSTEM, RefundStatus
from totetaxi_core.scheduling.schedule import Schedule

CODED = replace(a_quote_request(), discount_code="WINTER10")


async def a_timed_out_booking(house: MemoryHouse, **changes: Any) -> tuple[Booking, PaymentIntent]:  # noqa: ANN401
    """Let a hold lapse, and return its booking with an intent that can be paid all the same.

    It is one that we never heard of: made at Stripe under our metadata after we had looked.
    """
    booking, _ = await house.book_unpaid(**changes)
    house.clock.advance(HOLD)
    await expire_holds(house.ports, house.terms, limit=10)
    return house.booking(booking.id), await house.stray_intent(booking)


def assert_sent_back(house: MemoryHouse, booking: Booking, *, amount_cents: int) -> None:
    [refund] = house.refunds(booking)
    assert house.booking(booking.id).status is BookingStatus.CANCELLED
    assert (refund.amount_cents, refund.status) == (amount_cents, RefundStatus.APPROVED)
    assert (refund.requested_by, refund.reason) == (SYSTEM, "late_payment")
    assert house.owed_messages()[-2:] == [
        MessageKind.LATE_PAYMENT_REFUNDED,
        MessageKind.STAFF_ALERT,
    ]
    assert house.effects(EffectKind.CREATE_COURIER_TASKS) == []
    assert [effect.payload for effect in house.effects(EffectKind.SEND_REFUND)] == [
        {"refund_id": str(refund.id)}
    ]


async def test_given_a_crew_free_when_a_timed_out_booking_is_paid_then_it_is_confirmed() -> None:
    house = await a_house()
    booking, intent = await a_timed_out_booking(house)
    house.pay(intent)

    await house.settle(intent)
    before = house.stored()
    await house.settle(intent)

    revived = house.booking(booking.id)
    assert revived.status is BookingStatus.CONFIRMED
    assert (revived.cancelled_at, revived.cancellation_reason) == (None, None)
    assert house.stored() == before
    assert set(house.crews_taken().values()) == {1}
    assert house.refunds(booking) == []
    assert house.payments(booking)[0].status is PaymentStatus.SUCCEEDED
    assert len(house.effects(EffectKind.CREATE_COURIER_TASKS)) == 1
    assert house.owed_messages()[-3:] == [
        MessageKind.BOOKING_CONFIRMED,
        MessageKind.RECEIPT,
        MessageKind.REMINDER,
    ]


async def test_given_the_crew_taken_when_a_timed_out_booking_is_paid_then_all_is_sent_back() -> (
    None
):
    house = await a_house(schedule=Schedule(default_crews=1))
    booking, intent = await a_timed_out_booking(house)
    await house.book_order(an_order(contact=a_contact(email="bo@example.com")))
    house.pay(intent)

    await house.settle(intent)
    before = house.stored()
    await house.settle(intent)

    assert_sent_back(house, booking, amount_cents=99_500)
    assert house.stored() == before
    assert set(house.crews_taken().values()) == {1}
    assert house.attempts(booking)[-1].state is AttemptState.SUCCEEDED


@pytest.mark.parametrize("late", [False, True])
async def test_given_the_pickup_when_its_instant_has_come_then_a_late_payment_is_sent_back(
    late: bool,  # noqa: FBT001  a parameter of pytest
) -> None:
    house = await a_house()
    booking, intent = await a_timed_out_booking(house)
    house.clock.set(PICKUP_AT if late else PICKUP_AT - timedelta(microseconds=1))
    house.pay(intent)

    await house.settle(intent)

    if late:
        assert_sent_back(house, booking, amount_cents=99_500)
    else:
        assert house.booking(booking.id).status is BookingStatus.CONFIRMED


@pytest.mark.parametrize("staff_name", [None, "maria"])
async def test_given_a_booking_cancelled_by_someone_when_paid_then_all_is_sent_back(
    staff_name: str | None,
) -> None:
    house = await a_house()
    booking, _ = await house.book_unpaid()
    await house.cancel(booking, staff_name=staff_name)
    stray = await house.stray_intent(booking)
    house.pay(stray)

    await house.settle(stray)

    assert_sent_back(house, booking, amount_cents=99_500)
    assert house.crews_taken() == {}


async def test_given_a_code_at_its_limit_when_a_timed_out_booking_is_paid_then_it_counts_beyond() -> (  # noqa: E501
    None
):
    house = await a_house(book=book_with_code(max_uses=1))
    booking, intent = await a_timed_out_booking(house, request=CODED)
    other = await house.book_order(
        an_order(request=CODED, contact=a_contact(email="bo@example.com"))
    )
    house.pay(intent)

    await house.settle(intent)

    assert house.booking(booking.id).status is BookingStatus.CONFIRMED
    assert set(house.database.code_uses.rows) == {booking.id, other.booking.id}


async def test_given_a_book_without_the_code_when_a_timed_out_booking_is_paid_then_it_counts() -> (
    None
):
    house = await a_house(book=book_with_code(max_uses=1))
    booking, intent = await a_timed_out_booking(house, request=CODED)
    await house.publish(book_with_petite_at(120_000), based_on=1)
    house.pay(intent)

    await house.settle(intent)

    assert house.booking(booking.id).total_cents == 89_550
    assert set(house.database.code_uses.rows) == {booking.id}


async def test_given_no_crew_when_a_timed_out_booking_with_a_code_is_paid_then_its_use_stays_free() -> (  # noqa: E501
    None
):
    house = await a_house(book=book_with_code(max_uses=1), schedule=Schedule(default_crews=1))
    booking, intent = await a_timed_out_booking(house, request=CODED)
    await house.book_order()
    house.pay(intent)

    await house.settle(intent)

    assert_sent_back(house, booking, amount_cents=89_550)
    assert house.database.code_uses.rows == {}


async def test_given_a_revived_booking_when_paid_once_more_then_the_second_is_sent_back() -> None:
    house = await a_house()
    booking, intent = await a_timed_out_booking(house)
    house.pay(intent)
    await house.settle(intent)
    second = await house.stray_intent(booking, number=10)
    house.pay(second)

    await house.settle(second)

    assert house.booking(booking.id).status is BookingStatus.CONFIRMED
    assert [refund.reason for refund in house.refunds(booking)] == ["second_payment"]


async def test_given_a_late_payment_sent_back_when_paid_once_more_then_that_is_sent_back_too() -> (
    None
):
    house = await a_house()
    booking, _ = await house.book_unpaid()
    await house.cancel(booking)
    first = await house.stray_intent(booking)
    house.pay(first)
    await house.settle(first)
    second = await house.stray_intent(booking, number=10)
    house.pay(second)

    await house.settle(second)
    await house.work_off()

    assert house.booking(booking.id).status is BookingStatus.CANCELLED
    assert {refund.status for refund in house.refunds(booking)} == {RefundStatus.SUCCEEDED}
    assert {each.intent_id for each in house.stripe.refunds()} == {first.id, second.id}


async def test_given_a_bank_slower_than_the_hold_when_it_pays_then_the_crew_was_kept() -> None:
    house = await a_house(schedule=Schedule(default_crews=1))
    booking, intent = await house.book_unpaid()
    house.pay(intent, TAKES_TIME)
    house.clock.advance(HOLD * 3)
    await expire_holds(house.ports, house.terms, limit=10)
    house.stripe.decide(intent.id, approve=True)

    await house.settle(intent)

    assert house.booking(booking.id).status is BookingStatus.CONFIRMED
    assert house.refunds(booking) == []


async def test_given_a_timed_out_booking_when_its_canceled_intent_is_told_then_it_stays_over() -> (
    None
):
    house = await a_house()
    booking, intent = await house.book_unpaid()
    house.clock.advance(HOLD)
    await expire_holds(house.ports, house.terms, limit=10)

    await house.settle(intent)

    ended = house.booking(booking.id)
    assert ended.cancellation_reason is CancellationReason.PAYMENT_TIMEOUT
    assert house.payments(booking)[0].status is PaymentStatus.CANCELED
    with pytest.raises(ValueError, match="canceled"):
        house.pay(intent, PAYS)
