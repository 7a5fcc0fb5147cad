"""Intents that no attempt, or only a nameless one, was known to have; and money that came twice."""

from dataclasses import replace

import pytest

from tests.builders import an_id
from tests.core.bookings.memory_house import a_house
from totetaxi_adapters.memory.outage import Outage
from totetaxi_core.bookings.booking_status import BookingStatus
from totetaxi_core.ledger.account import Account
from totetaxi_core.notifications.message import MessageKind
from totetaxi_core.payments.gateway import (
    PaymentUnavailableError,
)
from totetaxi_core.payments.open_intent import open_intent
from totetaxi_core.payments.payment import AttemptState, PaymentPurpose, PaymentStatus
from totetaxi_core.payments.refund import STRIPE, SYSTEM, RefundStatus
from totetaxi_core.payments.send_refund import follow_refund

CONFIRMED_OWES = [
    MessageKind.BOOKING_RECEIVED,
    MessageKind.BOOKING_CONFIRMED,
    MessageKind.RECEIPT,
]


async def test_given_an_intent_that_is_not_ours_when_settled_then_nothing_changes() -> None:
    house = await a_house()
    _, intent = await house.book_unpaid()
    before = house.stored()
    foreign = replace(house.pay(intent), booking_id=None, payment_id=None)

    await house.settle_by_look(foreign)

    assert house.stored() == before


async def test_given_an_intent_of_a_booking_that_is_gone_when_settled_then_nothing_changes() -> (
    None
):
    house = await a_house()
    _, intent = await house.book_unpaid()
    before = house.stored()

    await house.settle_by_look(replace(house.pay(intent), booking_id=an_id()))

    assert house.stored() == before


async def test_given_an_attempt_whose_answer_was_lost_when_its_intent_is_told_then_it_learns() -> (
    None
):
    house = await a_house()
    house.stripe.outages.plan(Outage.AFTER_ACTING)
    booking = (await house.book_order()).booking
    [intent] = house.stripe.intents()

    await house.settle(intent)
    learned = house.attempts(booking)
    house.pay(intent)
    await house.settle(intent)

    assert [each.intent_id for each in learned] == [intent.id]
    assert house.booking(booking.id).status is BookingStatus.CONFIRMED
    assert len(house.attempts(booking)) == 1


@pytest.mark.parametrize("is_paid", [False, True])
async def test_given_an_intent_no_attempt_knows_when_settled_twice_then_it_is_stored_once(
    is_paid: bool,  # noqa: FBT001  a parameter of pytest
) -> None:
    house = await a_house()
    booking, first = await house.book_unpaid()
    unheard = await house.stray_intent(booking)
    if is_paid:
        house.pay(unheard)

    await house.settle(unheard)
    before = house.stored()
    await house.settle(unheard)

    assert house.stored()["attempts"].keys() == before["attempts"].keys()
    assert [each.intent_id for each in house.attempts(booking)] == [first.id, unheard.id]
    expected = BookingStatus.CONFIRMED if is_paid else BookingStatus.PENDING
    assert house.booking(booking.id).status is expected
    assert house.refunds(booking) == []


@pytest.mark.parametrize("is_known", [False, True])
async def test_given_a_paid_booking_when_a_second_intent_is_paid_then_that_is_sent_back_once(
    is_known: bool,  # noqa: FBT001  a parameter of pytest
) -> None:
    house = await a_house()
    booking, first = await house.book_unpaid()
    second = await house.stray_intent(booking)
    if is_known:
        await house.settle(second)
    for intent in (first, second):
        house.pay(intent)
        await house.settle(intent)
    before = house.stored()
    await house.settle(second)

    [refund] = house.refunds(booking)
    duplicate = house.database.payments.rows[refund.payment_id]
    assert house.stored() == before
    assert house.booking(booking.id).status is BookingStatus.CONFIRMED
    assert duplicate.purpose is PaymentPurpose.DUPLICATE
    assert duplicate.amount_cents == refund.amount_cents == 99_500
    assert (refund.status, refund.requested_by) == (RefundStatus.APPROVED, SYSTEM)
    assert refund.reason == "second_payment"
    assert house.owed_messages()[-2:] == [
        MessageKind.SECOND_PAYMENT_REFUNDED,
        MessageKind.STAFF_ALERT,
    ]
    await house.work_off()
    assert [(each.intent_id, each.amount_cents) for each in house.stripe.refunds()] == [
        (second.id, 99_500)
    ]


async def test_given_a_booking_paid_in_cash_when_its_card_pays_too_then_that_is_sent_back() -> None:
    house = await a_house()
    booking, _ = await house.book_unpaid()
    stray = await house.stray_intent(booking)
    await house.confirm_in_cash(booking)
    house.pay(stray)

    await house.settle(stray)
    await house.work_off()

    [refund] = house.refunds(booking)
    [letter] = house.messages(MessageKind.SECOND_PAYMENT_REFUNDED)
    assert house.booking(booking.id).status is BookingStatus.CONFIRMED
    assert (refund.amount_cents, refund.status) == (99_500, RefundStatus.SUCCEEDED)
    assert "Your booking stands" in letter.text
    assert house.payments(booking)[-1].purpose is PaymentPurpose.DUPLICATE
    assert house.messages(MessageKind.LATE_PAYMENT_REFUNDED) == []


async def test_given_a_booking_that_stands_unpaid_when_it_is_paid_then_the_money_stays() -> None:
    house = await a_house()
    booking, intent = await house.book_unpaid()
    async with house.ports.unit_of_work() as uow:
        await uow.bookings.save(booking.confirm(at=house.clock()))
        await uow.commit()
    house.pay(intent)

    await house.settle(intent)
    await house.work_off()

    [payment] = house.payments(booking)
    assert (payment.purpose, payment.status) == (PaymentPurpose.BOOKING, PaymentStatus.SUCCEEDED)
    assert house.booking(booking.id).status is BookingStatus.CONFIRMED
    assert house.refunds(booking) == []
    assert house.stripe.refunds() == ()
    assert [letter.booking_id for letter in house.messages(MessageKind.RECEIPT)] == [booking.id]


@pytest.mark.parametrize(("by_hand_cents", "left_cents"), [(40_000, 59_500), (99_500, 0)])
async def test_given_a_second_payment_sent_back_by_hand_when_settled_then_the_rest_is_owed(
    by_hand_cents: int, left_cents: int
) -> None:
    house = await a_house()
    booking, first = await house.book_unpaid()
    second = await house.stray_intent(booking)
    house.pay(first)
    await house.settle(first)
    house.pay(second)
    by_hand = house.stripe.refund_by_hand(second.id, by_hand_cents)

    await house.settle(second)
    await house.work_off()
    await follow_refund(by_hand.id, house.ports)

    back = [(one.requested_by, one.amount_cents, one.status) for one in house.refunds(booking)]
    owed = [(SYSTEM, left_cents, RefundStatus.SUCCEEDED)] if left_cents else []
    assert back == [(STRIPE, by_hand_cents, RefundStatus.SUCCEEDED), *owed]
    assert sum(one.amount_cents for one in house.stripe.refunds()) == 99_500
    assert len(house.messages(MessageKind.SECOND_PAYMENT_REFUNDED)) == 1
    async with house.ports.unit_of_work() as uow:
        assert (await uow.ledger.balances()).get(Account.CUSTOMER_MONEY, 0) == 0


async def test_given_a_new_attempt_without_intent_when_the_old_one_is_told_then_it_is_not_meant() -> (  # noqa: E501
    None
):
    house = await a_house()
    booking, first = await house.book_unpaid()
    await house.stripe.cancel_intent(first.id)
    house.stripe.outages.plan(None, Outage.BEFORE_ACTING)
    with pytest.raises(PaymentUnavailableError):
        await open_intent(booking.id, house.ports, house.terms)

    await house.settle(first)

    attempts = [(each.intent_id, each.state) for each in house.attempts(booking)]
    assert attempts == [(first.id, AttemptState.ENDED), (None, AttemptState.LIVE)]
