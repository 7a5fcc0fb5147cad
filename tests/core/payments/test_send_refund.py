from datetime import timedelta

import pytest

from tests.builders import an_id
from tests.core.bookings.memory_house import STAFF_EMAIL, MemoryHouse, a_house
from tests.core.payments.interrupted_gateway import Call
from totetaxi_adapters.memory.cards import PAYS, REFUND_FAILS_LATER, REFUND_TAKES_TIME
from totetaxi_adapters.memory.outage import Outage
from totetaxi_core.notifications.message import MessageKind
from totetaxi_core.payments.gateway import (
    PaymentDeclinedError,
    PaymentUnavailableError,
    RefundOrder,
)
from totetaxi_core.payments.refund import Refund, RefundNotFoundError, RefundStatus
from totetaxi_core.payments.send_refund import follow_refund, send_refund


async def an_owed_refund(house: MemoryHouse, *, card: str = PAYS) -> Refund:
    """Let a booking be paid by a card though it was confirmed in cash: all of that is owed back."""
    booking = await house.book_without_intent()
    stray = await house.stray_intent(booking)
    await house.confirm_in_cash(booking)
    await house.settle(house.pay(stray, card))
    [refund] = house.refunds(booking)
    return refund


def stored_refund(house: MemoryHouse, refund: Refund) -> Refund:
    return house.database.refunds.rows[refund.id]


async def test_given_an_owed_refund_when_sent_twice_then_the_money_goes_back_once() -> None:
    house = await a_house()
    refund = await an_owed_refund(house)

    first = await send_refund(refund.id, house.ports)
    again = await send_refund(refund.id, house.ports)

    [at_stripe] = house.stripe.refunds()
    assert first == again == stored_refund(house, refund)
    assert first.status is RefundStatus.SUCCEEDED
    assert first.stripe_refund_id == at_stripe.id
    assert (at_stripe.amount_cents, at_stripe.refund_id) == (99_500, refund.id)
    assert house.stripe.calls.count(Call.CREATE_REFUND) == 1


@pytest.mark.parametrize("outage", [Outage.BEFORE_ACTING, Outage.AFTER_ACTING])
@pytest.mark.parametrize("later", [timedelta(seconds=5), timedelta(hours=25), timedelta(days=9)])
async def test_given_no_answer_when_sent_again_however_late_then_the_money_goes_back_once(
    outage: Outage, later: timedelta
) -> None:
    house = await a_house()
    refund = await an_owed_refund(house)
    house.stripe.outages.plan(outage)
    with pytest.raises(PaymentUnavailableError):
        await send_refund(refund.id, house.ports)
    approved = stored_refund(house, refund)

    house.clock.advance(later)
    sent = await send_refund(refund.id, house.ports)

    assert approved.status is RefundStatus.APPROVED
    assert sent.status is RefundStatus.SUCCEEDED
    assert len(house.stripe.refunds()) == 1


async def test_given_less_left_than_owed_when_sent_then_it_has_failed_and_staff_are_told() -> None:
    house = await a_house()
    refund = await an_owed_refund(house)
    [intent] = house.stripe.intents()
    by_hand = RefundOrder(
        refund_id=an_id(), booking_id=refund.booking_id, intent_id=intent.id, amount_cents=1
    )
    await house.stripe.create_refund(by_hand)
    await house.work_off()

    failed = stored_refund(house, refund)
    alerts = house.messages(MessageKind.STAFF_ALERT)
    assert failed.status is RefundStatus.FAILED
    assert "99499" in (failed.failure_reason or "")
    assert len(house.stripe.refunds()) == 1
    assert {alert.to for alert in alerts} == {STAFF_EMAIL}
    assert any("is failed" in alert.text and "$995.00" in alert.text for alert in alerts)


async def test_given_a_refund_that_takes_time_when_followed_then_it_succeeds() -> None:
    house = await a_house()
    refund = await an_owed_refund(house, card=REFUND_TAKES_TIME)
    sent = await send_refund(refund.id, house.ports)
    [at_stripe] = house.stripe.refunds()
    house.stripe.settle_refund(at_stripe.id, succeeds=True)

    followed = await follow_refund(at_stripe.id, house.ports)

    assert sent.status is RefundStatus.SENT
    assert followed is not None
    assert followed.status is RefundStatus.SUCCEEDED
    assert stored_refund(house, refund) == followed


async def test_given_a_success_when_it_fails_days_later_then_staff_are_told_once() -> None:
    house = await a_house()
    refund = await an_owed_refund(house, card=REFUND_FAILS_LATER)
    await house.work_off()
    [at_stripe] = house.stripe.refunds()
    succeeded = stored_refund(house, refund)
    house.clock.advance(timedelta(days=4))
    house.stripe.settle_refund(at_stripe.id, succeeds=False)

    for _ in range(2):
        await follow_refund(at_stripe.id, house.ports)
        await house.work_off()

    failed = stored_refund(house, refund)
    told = [m for m in house.messages(MessageKind.STAFF_ALERT) if "is failed" in m.text]
    assert succeeded.status is RefundStatus.SUCCEEDED
    assert failed.status is RefundStatus.FAILED
    assert failed.failure_reason == "expired_or_canceled_card"
    assert len(told) == 1
    assert "expired_or_canceled_card" in told[0].text


async def test_given_a_failure_when_an_older_look_comes_after_it_then_the_failure_stands() -> None:
    house = await a_house()
    refund = await an_owed_refund(house, card=REFUND_TAKES_TIME)
    await send_refund(refund.id, house.ports)
    [at_stripe] = house.stripe.refunds()

    async def fail_and_follow() -> None:
        house.stripe.settle_refund(at_stripe.id, succeeds=False)
        await follow_refund(at_stripe.id, house.ports)

    house.stripe.after(Call.GET_REFUND, fail_and_follow)  # our own look saw it pending

    followed = await follow_refund(at_stripe.id, house.ports)

    assert followed is not None
    assert followed.status is RefundStatus.FAILED
    assert stored_refund(house, refund).status is RefundStatus.FAILED


async def test_given_a_webhook_before_the_answer_when_sent_then_the_later_state_stands() -> None:
    house = await a_house()
    refund = await an_owed_refund(house, card=REFUND_TAKES_TIME)

    async def webhook() -> None:
        [at_stripe] = house.stripe.refunds()
        house.stripe.settle_refund(at_stripe.id, succeeds=True)
        await follow_refund(at_stripe.id, house.ports)

    house.stripe.after(Call.CREATE_REFUND, webhook)  # the answer still says pending

    await send_refund(refund.id, house.ports)

    assert stored_refund(house, refund).status is RefundStatus.SUCCEEDED


async def test_given_two_workers_when_they_send_one_refund_then_the_money_goes_back_once() -> None:
    house = await a_house()
    refund = await an_owed_refund(house)

    async def other_worker() -> None:
        await send_refund(refund.id, house.ports)

    house.stripe.before(Call.CREATE_REFUND, other_worker)
    await send_refund(refund.id, house.ports)

    assert len(house.stripe.refunds()) == 1
    assert stored_refund(house, refund).status is RefundStatus.SUCCEEDED


async def test_given_no_such_refund_when_sent_then_it_is_not_found() -> None:
    house = await a_house()

    with pytest.raises(RefundNotFoundError):
        await send_refund(an_id(), house.ports)


async def test_given_more_than_was_paid_when_asked_of_stripe_then_it_is_refused() -> None:
    house = await a_house()
    _, intent = await house.book_unpaid()
    house.pay(intent)
    order = RefundOrder(
        refund_id=an_id(), booking_id=an_id(), intent_id=intent.id, amount_cents=99_501
    )

    with pytest.raises(PaymentDeclinedError):
        await house.stripe.create_refund(order)

    assert house.stripe.refunds() == ()


async def test_given_a_failure_stripe_keeps_when_sent_then_a_new_refund_takes_its_place() -> None:
    house = await a_house()
    refund = await an_owed_refund(house)
    house.stripe.failed_keys.add(f"refund:{refund.id}")

    anew = await send_refund(refund.id, house.ports)
    house.clock.advance(timedelta(minutes=11))
    async with house.ports.unit_of_work() as uow:
        await uow.outbox.defer_due(now=house.clock(), limit=10)
        await uow.commit()
    await house.work_off()

    [at_stripe] = house.stripe.refunds()
    assert stored_refund(house, refund).status is RefundStatus.FAILED
    assert stored_refund(house, anew).status is RefundStatus.SUCCEEDED
    assert (at_stripe.refund_id, at_stripe.amount_cents) == (anew.id, refund.amount_cents)


async def test_given_a_kept_failure_of_a_refund_that_was_made_when_sent_then_it_is_that() -> None:
    house = await a_house()
    refund = await an_owed_refund(house)
    house.stripe.outages.plan(Outage.AFTER_ACTING)
    with pytest.raises(PaymentUnavailableError):
        await send_refund(refund.id, house.ports)
    house.stripe.failed_keys.add(f"refund:{refund.id}")

    sent = await send_refund(refund.id, house.ports)

    [at_stripe] = house.stripe.refunds()
    assert (sent.id, sent.status) == (refund.id, RefundStatus.SUCCEEDED)
    assert at_stripe.refund_id == refund.id
