from datetime import timedelta

import pytest

from tests.builders import an_id
from tests.core.bookings.memory_house import a_house
from tests.core.payments.refunding import a_paid_booking, approve, request
from totetaxi_adapters.memory.cards import REFUND_FAILS_LATER
from totetaxi_core.bookings.booking import BookingNotFoundError
from totetaxi_core.notifications.message import MessageKind
from totetaxi_core.payments.decide_refund import RefundRequest, reject_refund, request_refund
from totetaxi_core.payments.list_refunds import list_refunds
from totetaxi_core.payments.refund import (
    InvalidRefundTransitionError,
    RefundNotFoundError,
    RefundStatus,
)
from totetaxi_core.payments.refundable import RefundExceedsPaymentError
from totetaxi_core.payments.send_refund import follow_refund


async def test_given_a_paid_booking_when_a_refund_is_asked_for_then_nothing_goes_back_yet() -> None:
    house = await a_house()
    booking, _ = await a_paid_booking(house)

    refund = await request(booking, house, amount_cents=5_000)
    await house.work_off()

    assert house.refunds(booking) == [refund]
    assert (refund.status, refund.amount_cents) == (RefundStatus.REQUESTED, 5_000)
    assert refund.requested_by == "maria"
    assert house.stripe.refunds() == ()


async def test_given_a_request_when_approved_then_it_goes_back_and_both_acts_are_on_record() -> (
    None
):
    house = await a_house()
    booking, _ = await a_paid_booking(house)
    asked = await request(booking, house)

    approved = await approve(asked, house)
    await house.work_off()

    [at_stripe] = house.stripe.refunds()
    assert approved.status is RefundStatus.APPROVED
    assert (at_stripe.amount_cents, at_stripe.refund_id) == (99_500, asked.id)
    assert [refund.status for refund in house.refunds(booking)] == [RefundStatus.SUCCEEDED]
    assert house.booking(booking.id) == booking
    assert [(act.staff_name, act.description) for act in house.acts()] == [
        (name, f"{act} a refund of 99500 cents for {booking.booking_number}: a box was wet")
        for name, act in (("maria", "requested"), ("lou", "approved"))
    ]


async def test_given_a_request_when_rejected_then_its_amount_may_be_asked_for_again() -> None:
    house = await a_house()
    booking, _ = await a_paid_booking(house)
    asked = await request(booking, house)

    rejected = await reject_refund(asked.id, house.ports, staff_name="lou")
    again = await request(booking, house)
    await house.work_off()

    assert rejected.status is RefundStatus.REJECTED
    assert again.amount_cents == 99_500
    assert house.stripe.refunds() == ()


@pytest.mark.parametrize("amount_cents", [-1, 0, 49_501, 99_500])
async def test_given_half_is_asked_for_when_more_than_is_left_is_then_it_is_refused(
    amount_cents: int,
) -> None:
    house = await a_house()
    booking, _ = await a_paid_booking(house)
    await request(booking, house, amount_cents=50_000)

    with pytest.raises(RefundExceedsPaymentError, match="49500 cents are left") as refusal:
        await request(booking, house, amount_cents=amount_cents)

    assert refusal.value.code == "refund_exceeds_payment"
    assert len(house.refunds(booking)) == 1


async def test_given_an_unpaid_booking_when_a_refund_is_asked_for_then_nothing_is_left() -> None:
    house = await a_house()
    booking, _ = await house.book_unpaid()

    with pytest.raises(RefundExceedsPaymentError, match="0 cents"):
        await request(booking, house)

    assert house.refunds(booking) == []


async def test_given_a_decision_when_decided_again_then_it_is_refused_and_stands() -> None:
    house = await a_house()
    booking, _ = await a_paid_booking(house)
    approved = await approve(await request(booking, house), house)

    for decide in (
        approve(approved, house),
        reject_refund(approved.id, house.ports, staff_name="lou"),
    ):
        with pytest.raises(InvalidRefundTransitionError) as refusal:
            await decide
        assert refusal.value.code == "invalid_transition"

    assert house.refunds(booking) == [approved]


async def test_given_no_such_booking_or_refund_when_asked_then_it_is_not_found() -> None:
    house = await a_house()

    with pytest.raises(BookingNotFoundError):
        await request_refund(an_id(), RefundRequest(reason="x"), house.ports, staff_name="maria")
    with pytest.raises(RefundNotFoundError):
        await reject_refund(an_id(), house.ports, staff_name="maria")


async def test_given_a_refund_that_fails_days_later_when_asked_again_then_a_new_one_goes_out() -> (
    None
):
    house = await a_house()
    booking, _ = await a_paid_booking(house, card=REFUND_FAILS_LATER)
    first = await approve(await request(booking, house), house)
    await house.work_off()
    house.clock.advance(timedelta(days=4))
    [at_stripe] = house.stripe.refunds()
    house.stripe.settle_refund(at_stripe.id, succeeds=False)
    await follow_refund(at_stripe.id, house.ports)

    second = await approve(await request(booking, house), house)
    await house.work_off()

    assert second.id != first.id
    assert second.amount_cents == 99_500
    assert {refund.refund_id for refund in house.stripe.refunds()} == {first.id, second.id}
    assert any("is failed" in alert.text for alert in house.messages(MessageKind.STAFF_ALERT))


async def test_given_a_second_payment_whose_refund_failed_when_asked_then_that_goes_back() -> None:
    house = await a_house()
    booking, _ = await a_paid_booking(house)
    second = await house.stray_intent(booking)
    house.pay(second, REFUND_FAILS_LATER)
    await house.settle(second)
    await house.work_off()
    [at_stripe] = house.stripe.refunds()
    house.stripe.settle_refund(at_stripe.id, succeeds=False)
    await follow_refund(at_stripe.id, house.ports)

    await approve(await request(booking, house), house)
    await house.work_off()

    assert [refund.intent_id for refund in house.stripe.refunds()] == [second.id, second.id]


async def test_given_three_refunds_when_listed_by_two_then_the_last_id_leads_on() -> None:
    house = await a_house()
    booking, _ = await a_paid_booking(house)
    asked = []
    for _ in range(3):
        asked.append(await request(booking, house, amount_cents=100))
        house.clock.advance(timedelta(minutes=1))

    first = await list_refunds(house.ports, status=None, after=None, limit=2)
    second = await list_refunds(house.ports, status=None, after=first.next_after, limit=2)
    none = await list_refunds(house.ports, status=RefundStatus.FAILED, after=None, limit=2)

    shown = [one.refund for one in (*first.refunds, *second.refunds)]
    assert shown == asked[::-1]
    assert {one.booking_number for one in first.refunds} == {booking.booking_number}
    assert (second.next_after, none.refunds) == (None, ())
