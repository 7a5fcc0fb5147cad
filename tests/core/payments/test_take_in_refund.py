from datetime import timedelta

import pytest

from tests.builders import an_id
from tests.core.bookings.memory_house import MemoryHouse, a_house
from tests.core.payments.refunding import a_paid_booking, approve, request
from totetaxi_adapters.memory.cards import REFUND_TAKES_TIME
from totetaxi_core.bookings.booking import Booking
from totetaxi_core.notifications.message import MessageKind
from totetaxi_core.payments.gateway import RefundOrder
from totetaxi_core.payments.refund import Refund, RefundStatus
from totetaxi_core.payments.refundable import RefundExceedsPaymentError
from totetaxi_core.payments.send_refund import follow_refund
from totetaxi_core.payments.take_event import take_event
from totetaxi_core.payments.take_in_refund import RefundTooEarlyError


async def deliver_events(house: MemoryHouse) -> None:
    for event in house.stripe.take_events():
        await take_event(event, house.ports)
    await house.work_off()


def statuses(booking: Booking, house: MemoryHouse) -> list[tuple[str, int, RefundStatus]]:
    return [
        (one.requested_by, one.amount_cents, one.status)
        for one in sorted(house.refunds(booking), key=lambda one: one.created_at)
    ]


async def test_given_a_refund_begun_at_stripe_when_told_twice_then_it_is_taken_in_once() -> None:
    house = await a_house()
    booking, intent = await a_paid_booking(house)
    by_hand = house.stripe.refund_by_hand(intent.id, 20_000)

    await deliver_events(house)
    again = await follow_refund(by_hand.id, house.ports)

    [stored] = house.refunds(booking)
    assert again == stored
    assert (stored.requested_by, stored.reason) == ("stripe", "stripe_dashboard")
    assert (stored.amount_cents, stored.status) == (20_000, RefundStatus.SUCCEEDED)
    assert stored.stripe_refund_id == by_hand.id
    assert len(house.stripe.refunds()) == 1
    with pytest.raises(RefundExceedsPaymentError, match="79500 cents are left"):
        await request(booking, house, amount_cents=79_501)


async def test_given_a_refund_of_ours_that_a_restore_lost_when_told_then_it_is_back_as_it_was() -> (
    None
):
    house = await a_house()
    booking, intent = await a_paid_booking(house)
    lost_id = an_id()
    order = RefundOrder(
        refund_id=lost_id, booking_id=booking.id, intent_id=intent.id, amount_cents=20_000
    )
    sent = await house.stripe.create_refund(order)

    followed = await follow_refund(sent.id, house.ports)
    again = await follow_refund(sent.id, house.ports)

    [stored] = house.refunds(booking)
    assert followed == again == stored
    assert (stored.id, stored.amount_cents, stored.status) == (
        lost_id,
        20_000,
        RefundStatus.SUCCEEDED,
    )
    with pytest.raises(RefundExceedsPaymentError, match="79500 cents are left"):
        await request(booking, house, amount_cents=79_501)


async def test_given_a_slow_refund_begun_at_stripe_when_it_fails_then_staff_are_told() -> None:
    house = await a_house()
    booking, intent = await a_paid_booking(house, card=REFUND_TAKES_TIME)
    by_hand = house.stripe.refund_by_hand(intent.id, 20_000)
    await deliver_events(house)
    pending = statuses(booking, house)
    house.stripe.settle_refund(by_hand.id, succeeds=False)

    await deliver_events(house)

    assert pending == [("stripe", 20_000, RefundStatus.SENT)]
    assert statuses(booking, house) == [("stripe", 20_000, RefundStatus.FAILED)]
    assert len(house.messages(MessageKind.STAFF_ALERT)) == 1


async def test_given_requests_when_stripe_sends_back_too_much_then_the_newest_give_way() -> None:
    house = await a_house()
    booking, intent = await a_paid_booking(house)
    for amount_cents in (30_000, 40_000):
        await request(booking, house, amount_cents=amount_cents)
        house.clock.advance(timedelta(minutes=1))
    house.stripe.refund_by_hand(intent.id, 60_000)

    await deliver_events(house)

    assert statuses(booking, house) == [
        ("maria", 30_000, RefundStatus.REQUESTED),
        ("maria", 40_000, RefundStatus.REJECTED),
        ("stripe", 60_000, RefundStatus.SUCCEEDED),
    ]
    [alert] = house.messages(MessageKind.STAFF_ALERT)
    assert "$400.00" in alert.text
    assert "is rejected" in alert.text


async def test_given_an_approved_refund_when_one_by_hand_was_faster_then_ours_fails() -> None:
    house = await a_house()
    booking, intent = await a_paid_booking(house)
    approved = await approve(await request(booking, house), house)
    by_hand = house.stripe.refund_by_hand(intent.id, 60_000)

    with pytest.raises(RefundExceedsPaymentError):
        await follow_refund(by_hand.id, house.ports)
    await house.work_off()  # Stripe refuses ours: less is left
    taken: Refund | None = await follow_refund(by_hand.id, house.ports)

    assert taken is not None
    assert house.database.refunds.rows[approved.id].status is RefundStatus.FAILED
    assert taken.status is RefundStatus.SUCCEEDED


async def test_given_a_charge_not_settled_yet_when_refunded_then_it_is_taken_in_later() -> None:
    house = await a_house()
    booking, intent = await house.book_unpaid()
    house.pay(intent)
    by_hand = house.stripe.refund_by_hand(intent.id, 100)

    with pytest.raises(RefundTooEarlyError):
        await follow_refund(by_hand.id, house.ports)
    await house.settle(intent)
    await follow_refund(by_hand.id, house.ports)

    assert statuses(booking, house) == [("stripe", 100, RefundStatus.SUCCEEDED)]


async def test_given_a_charge_of_another_when_refunded_by_hand_then_nothing_is_stored() -> None:
    house = await a_house()
    intent = await house.charge_of_another()
    before = house.stored()

    taken = await follow_refund(house.stripe.refund_by_hand(intent.id, 5).id, house.ports)

    assert taken is None
    assert house.stored() == before


async def test_given_a_refund_of_stripes_that_failed_when_we_hear_then_staff_are_told() -> None:
    house = await a_house()
    booking, intent = await a_paid_booking(house, card=REFUND_TAKES_TIME)
    by_hand = house.stripe.refund_by_hand(intent.id, 20_000)
    house.stripe.settle_refund(by_hand.id, succeeds=False)

    await deliver_events(house)

    assert statuses(booking, house) == [("stripe", 20_000, RefundStatus.FAILED)]
    assert house.owed_messages().count(MessageKind.STAFF_ALERT) == 1
