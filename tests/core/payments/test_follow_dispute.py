from dataclasses import replace
from datetime import timedelta

import pytest

from tests.core.bookings.memory_house import MemoryHouse, a_house
from tests.core.payments.disputing import deliver_events, money_of, the_dispute
from tests.core.payments.interrupted_gateway import Call
from tests.core.payments.refunding import a_paid_booking, approve, request
from totetaxi_adapters.memory.cards import DISPUTED, INQUIRED
from totetaxi_adapters.memory.outage import Outage
from totetaxi_core.bookings.cancel_booking import (
    Cancelling,
    cancel_booking,
    preview_cancellation,
)
from totetaxi_core.ledger.account import Account
from totetaxi_core.notifications.message import MessageKind
from totetaxi_core.outbox.owed_effect import EffectKind, EffectState
from totetaxi_core.payments.decide_refund import approve_refund
from totetaxi_core.payments.dispute import DisputeStatus
from totetaxi_core.payments.dispute_gateway import DisputeNotFoundError
from totetaxi_core.payments.follow_dispute import (
    DisputeOvertakenError,
    DisputeTooEarlyError,
    follow_dispute,
)
from totetaxi_core.payments.refund import RefundStatus
from totetaxi_core.payments.refundable import RefundExceedsPaymentError
from totetaxi_core.payments.take_event import take_event

PAID = 99_500


async def balance(account: Account, house: MemoryHouse) -> int:
    async with house.ports.unit_of_work() as uow:
        return (await uow.ledger.balances()).get(account, 0)


async def test_given_a_dispute_when_told_twice_then_it_is_stored_once_and_counts() -> None:
    house = await a_house()
    booking, intent = await a_paid_booking(house)
    house.clock.advance(timedelta(hours=1))
    opened = house.disputes.open_dispute(intent.id)

    await deliver_events(house)
    again = await follow_dispute(opened.id, house.ports)

    stored = the_dispute(house)
    assert again == stored
    assert (stored.booking_id, stored.stripe_dispute_id) == (booking.id, opened.id)
    assert (stored.status, stored.amount_cents) == (DisputeStatus.OPEN, PAID)
    assert (stored.withdrawn_cents, stored.due_by) == (PAID, opened.due_by)
    money = await money_of(booking, house)
    assert (money.charged_cents, money.disputed_cents, money.net_cents) == (PAID, PAID, 0)
    shown = money.movements[-1]
    assert (shown.kind, shown.status, shown.stripe_id) == ("dispute", "open", opened.id)
    assert shown.at == house.clock()


async def test_given_a_disputed_charge_when_more_is_asked_back_then_it_is_refused() -> None:
    house = await a_house()
    booking, intent = await a_paid_booking(house)
    opened = house.disputes.open_dispute(intent.id)
    await deliver_events(house)

    with pytest.raises(RefundExceedsPaymentError, match="wait for its verdict"):
        await request(booking, house, amount_cents=1)
    house.disputes.close_dispute(opened.id, won=False)
    await deliver_events(house)
    with pytest.raises(RefundExceedsPaymentError, match="0 cents are left"):
        await request(booking, house, amount_cents=1)

    assert the_dispute(house).status is DisputeStatus.LOST
    assert (await money_of(booking, house)).net_cents == 0


async def test_given_a_dispute_when_it_is_won_then_its_money_can_be_refunded_again() -> None:
    house = await a_house()
    booking, intent = await a_paid_booking(house)
    opened = house.disputes.open_dispute(intent.id)
    await deliver_events(house)
    house.disputes.close_dispute(opened.id, won=True)

    await deliver_events(house)
    refund = await request(booking, house)

    assert refund.amount_cents == PAID
    money = await money_of(booking, house)
    assert (money.disputed_cents, money.net_cents) == (0, PAID)
    assert the_dispute(house).status is DisputeStatus.WON


async def test_given_a_part_disputed_when_lost_then_the_rest_is_left_and_none_before() -> None:
    house = await a_house()
    booking, intent = await a_paid_booking(house)
    opened = house.disputes.open_dispute(intent.id, 30_000)
    await deliver_events(house)
    with pytest.raises(RefundExceedsPaymentError, match="wait for its verdict"):
        await request(booking, house)
    house.disputes.close_dispute(opened.id, won=False)
    await deliver_events(house)

    with pytest.raises(RefundExceedsPaymentError, match="69500 cents are left"):
        await request(booking, house, amount_cents=69_501)
    rest = await approve(await request(booking, house), house)
    await house.work_off()

    assert rest.amount_cents == 69_500
    money = await money_of(booking, house)
    assert (money.refunded_cents, money.disputed_cents, money.net_cents) == (69_500, 30_000, 0)


async def test_given_a_dispute_when_won_then_lost_then_the_ledger_follows_each_step() -> None:
    house = await a_house()
    _, intent = await a_paid_booking(house)
    opened = house.disputes.open_dispute(intent.id, 30_000)
    await deliver_events(house)
    balances = [await balance(Account.DISPUTE_LOSSES, house)]

    for won in (True, False):
        house.disputes.close_dispute(opened.id, won=won)
        await deliver_events(house)
        balances.append(await balance(Account.DISPUTE_LOSSES, house))

    assert balances == [30_000, 0, 30_000]
    assert await balance(Account.STRIPE, house) == PAID - 30_000


async def test_given_an_inquiry_when_told_then_no_money_counts_and_a_refund_can_end_it() -> None:
    house = await a_house()
    booking, _ = await a_paid_booking(house, card=INQUIRED)

    await deliver_events(house)
    refund = await approve(await request(booking, house), house)
    await house.work_off()

    stored = the_dispute(house)
    assert (stored.status, stored.withdrawn_cents) == (DisputeStatus.INQUIRY, 0)
    assert house.database.refunds.rows[refund.id].status is RefundStatus.SUCCEEDED
    assert (await money_of(booking, house)).disputed_cents == 0


async def test_given_a_card_that_disputes_when_it_pays_then_the_dispute_is_taken_in() -> None:
    house = await a_house()
    booking, _ = await a_paid_booking(house, card=DISPUTED)

    await deliver_events(house)

    assert the_dispute(house).booking_id == booking.id
    assert (the_dispute(house).reason, the_dispute(house).withdrawn_cents) == ("fraudulent", PAID)


async def test_given_requests_when_a_dispute_takes_the_money_then_the_newest_give_way() -> None:
    house = await a_house()
    booking, intent = await a_paid_booking(house)
    for amount_cents in (30_000, 40_000):
        await request(booking, house, amount_cents=amount_cents)
        house.clock.advance(timedelta(minutes=1))
    house.disputes.open_dispute(intent.id, 60_000)

    await deliver_events(house)

    assert sorted((one.amount_cents, one.status) for one in house.refunds(booking)) == [
        (30_000, RefundStatus.REQUESTED),
        (40_000, RefundStatus.REJECTED),
    ]
    alerts = [alert.text for alert in house.messages(MessageKind.STAFF_ALERT)]
    assert sum("is rejected" in text for text in alerts) == 1


async def test_given_a_request_that_fits_when_approved_then_it_waits_for_the_verdict() -> None:
    house = await a_house()
    booking, intent = await a_paid_booking(house)
    asked = await request(booking, house, amount_cents=30_000)
    opened = house.disputes.open_dispute(intent.id, 60_000)
    await deliver_events(house)

    with pytest.raises(RefundExceedsPaymentError, match="wait for its verdict"):
        await approve_refund(asked.id, house.ports, staff_name="lou")
    waiting = house.database.refunds.rows[asked.id].status
    house.disputes.close_dispute(opened.id, won=False)
    await deliver_events(house)
    await approve(asked, house)
    await house.work_off()

    assert waiting is RefundStatus.REQUESTED
    assert house.database.refunds.rows[asked.id].status is RefundStatus.SUCCEEDED


async def test_given_an_approved_refund_when_a_dispute_is_faster_then_it_fails_and_staff_know() -> (
    None
):
    house = await a_house()
    booking, intent = await a_paid_booking(house)
    approved = await approve(await request(booking, house), house)
    house.disputes.open_dispute(intent.id)

    await deliver_events(house)

    assert house.database.refunds.rows[approved.id].status is RefundStatus.FAILED
    assert (await money_of(booking, house)).net_cents == 0
    subjects = [alert.subject for alert in house.messages(MessageKind.STAFF_ALERT)]
    assert subjects == [
        f"Refund for {booking.booking_number}: failed",
        f"Dispute about {booking.booking_number}: open",
    ]


async def test_given_an_approved_part_when_another_part_is_disputed_then_it_fails_too() -> None:
    house = await a_house()
    booking, intent = await a_paid_booking(house)
    approved = await approve(await request(booking, house, amount_cents=30_000), house)
    house.disputes.open_dispute(intent.id, 40_000)

    await deliver_events(house)

    assert house.database.refunds.rows[approved.id].status is RefundStatus.FAILED
    assert house.stripe.refunds() == ()


async def test_given_a_dispute_when_it_moves_then_staff_hear_of_each_status_once() -> None:
    house = await a_house()
    booking, intent = await a_paid_booking(house)
    opened = house.disputes.open_dispute(intent.id, inquiry=True)
    await deliver_events(house)

    for won in (False, True, False):
        house.disputes.close_dispute(opened.id, won=won)
        await deliver_events(house)

    number = booking.booking_number
    alerts = house.messages(MessageKind.STAFF_ALERT)
    assert [alert.subject for alert in alerts] == [
        f"Dispute about {number}: inquiry",
        f"Dispute about {number}: lost",
        f"Dispute about {number}: won",
    ]
    assert opened.id in alerts[0].text
    assert "Evidence is due by 10:00 on December 2." in alerts[0].text
    assert "$995.00 withdrawn" in alerts[1].text
    assert "Evidence" not in alerts[1].text


@pytest.mark.parametrize("by_staff", [True, False])
async def test_given_a_part_lost_when_cancelled_then_the_preview_is_what_comes_back(
    *, by_staff: bool
) -> None:
    house = await a_house()
    booking, intent = await a_paid_booking(house)
    opened = house.disputes.open_dispute(intent.id, 30_000)
    house.disputes.close_dispute(opened.id, won=False)
    await deliver_events(house)
    cancelling = Cancelling(booking_id=booking.id, staff_name="maria" if by_staff else None)

    offer = await preview_cancellation(cancelling, house.ports)
    await cancel_booking(
        cancelling, house.ports, house.terms, expected_refund_cents=offer.refund_cents
    )
    await house.work_off()

    [refund] = house.refunds(booking)
    assert (offer.paid_cents, offer.refund_cents) == (69_500, 69_500)
    assert (refund.amount_cents, refund.status) == (69_500, RefundStatus.SUCCEEDED)


async def test_given_an_open_dispute_when_cancelled_then_nothing_comes_back_a_second_time() -> None:
    house = await a_house()
    booking, intent = await a_paid_booking(house)
    house.disputes.open_dispute(intent.id, 30_000)
    await deliver_events(house)
    cancelling = Cancelling(booking_id=booking.id, staff_name="maria")

    offer = await preview_cancellation(cancelling, house.ports)
    cancelled = await cancel_booking(
        cancelling, house.ports, house.terms, expected_refund_cents=offer.refund_cents
    )

    assert offer.refund_cents == 0
    assert (cancelled.booking.status, house.refunds(booking)) == ("cancelled", [])


async def test_given_a_refund_begun_anew_when_a_dispute_has_the_money_then_it_ends() -> None:
    house = await a_house()
    booking, intent = await a_paid_booking(house)
    approved = await approve(await request(booking, house), house)
    house.stripe.failed_keys.add(f"refund:{approved.id}")
    dispute = house.disputes.open_dispute(intent.id)
    await follow_dispute(dispute.id, house.ports)

    await house.work_off()

    [refund] = house.refunds(booking)
    assert refund.status is RefundStatus.FAILED
    [effect] = house.effects(EffectKind.SEND_REFUND)
    assert effect.state is EffectState.DONE


async def test_given_a_charge_not_settled_yet_when_disputed_then_it_is_taken_in_later() -> None:
    house = await a_house()
    booking, intent = await house.book_unpaid()
    house.pay(intent)
    opened = house.disputes.open_dispute(intent.id)

    with pytest.raises(DisputeTooEarlyError):
        await follow_dispute(opened.id, house.ports)
    await house.settle(intent)
    await follow_dispute(opened.id, house.ports)

    assert the_dispute(house).booking_id == booking.id


async def test_given_a_charge_of_another_when_disputed_then_nothing_is_stored() -> None:
    house = await a_house()
    intent = await house.charge_of_another()
    before = house.stored()

    taken = await follow_dispute(house.disputes.open_dispute(intent.id).id, house.ports)

    assert taken is None
    assert house.stored() == before


async def test_given_a_look_when_a_newer_one_is_stored_meanwhile_then_the_old_one_is_not() -> None:
    house = await a_house()
    booking, intent = await a_paid_booking(house)
    opened = house.disputes.open_dispute(intent.id)
    await follow_dispute(opened.id, house.ports)

    async def be_faster() -> None:
        house.disputes.close_dispute(opened.id, won=True)
        await follow_dispute(opened.id, house.ports)

    # Stripe has told the first look what it saw; before that is stored, another one is.
    house.stripe.after(Call.GET_INTENT, be_faster)
    with pytest.raises(DisputeOvertakenError):
        await follow_dispute(opened.id, house.ports)

    assert the_dispute(house).status is DisputeStatus.WON
    assert (await money_of(booking, house)).disputed_cents == 0


async def test_given_a_silent_stripe_when_told_of_a_dispute_then_it_is_looked_at_later() -> None:
    house = await a_house()
    _, intent = await a_paid_booking(house)
    house.disputes.open_dispute(intent.id)
    house.stripe.outages.last(Outage.BEFORE_ACTING)

    await deliver_events(house)
    waiting = {effect.state for effect in house.effects(EffectKind.FOLLOW_DISPUTE)}
    house.stripe.outages.end()
    house.clock.advance(timedelta(minutes=1))
    async with house.ports.unit_of_work() as uow:
        await uow.outbox.defer_due(now=house.clock(), limit=10)
        await uow.commit()
    await house.work_off()

    assert waiting == {EffectState.DUE}
    assert the_dispute(house).status is DisputeStatus.OPEN


async def test_given_no_such_dispute_when_followed_then_it_is_not_tried_for_ever() -> None:
    house = await a_house()
    _, intent = await a_paid_booking(house)
    house.disputes.open_dispute(intent.id)
    [created, _] = [each for each in house.stripe.take_events() if each.provider_dispute_id]
    await take_event(replace(created, provider_dispute_id="dp_of_nobody"), house.ports)

    await house.work_off()

    with pytest.raises(DisputeNotFoundError):
        await follow_dispute("dp_of_nobody", house.ports)
    [effect] = house.effects(EffectKind.FOLLOW_DISPUTE)
    assert effect.state is EffectState.FAILED
