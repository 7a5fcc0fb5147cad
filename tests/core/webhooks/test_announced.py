"""Every fact that client systems hear of, and none of them twice."""

from datetime import timedelta

from tests.core.bookings.memory_house import a_house, by_staff
from tests.core.bookings.rescheduling import (
    SATURDAY,
    WEDNESDAY,
    WEEKDAY_CENTS,
    WEEKEND_CENTS,
    a_moving_house,
    book_on,
    move,
    paid_on,
)
from tests.core.logistics.courier_house import a_driven_house
from tests.core.payments.disputing import deliver_events
from tests.core.payments.refunding import a_paid_booking, approve, request
from tests.core.webhooks.subscribing import content, deliver_all, subscribe, told
from totetaxi_adapters.memory.cards import REFUND_TAKES_TIME
from totetaxi_core.bookings.advance_booking import complete_booking, start_booking
from totetaxi_core.bookings.cancel_booking import Cancelling, cancel_booking
from totetaxi_core.bookings.expire_holds import expire_holds
from totetaxi_core.logistics.courier_task import CourierTaskStatus, Leg

PAID = ["booking.created", "payment.succeeded", "booking.confirmed"]
HOUR = timedelta(hours=1)


async def test_given_a_paid_booking_when_done_by_staff_then_start_and_end_are_announced() -> None:
    house = await a_house()
    await subscribe(house)
    booking, _ = await a_paid_booking(house)

    started = await start_booking(by_staff(booking), house.ports, house.terms)
    await complete_booking(by_staff(started), house.ports, house.terms)
    await deliver_all(house)

    assert told(house) == [*PAID, "booking.started", "booking.completed"]
    last = content(house.subscribers.received[-1])["data"]
    assert (last["status"], last["version"]) == ("completed", started.version + 1)


async def test_given_an_unpaid_booking_when_its_hold_ends_then_that_is_announced() -> None:
    house = await a_house()
    await subscribe(house)
    await house.book_unpaid()
    house.clock.advance(HOUR)

    await expire_holds(house.ports, house.terms, limit=10)
    await deliver_all(house)

    last = content(house.subscribers.received[-1])["data"]
    assert told(house) == ["booking.created", "booking.cancelled"]
    assert (last["status"], last["cancellation_reason"]) == ("cancelled", "payment_timeout")


async def test_given_a_booking_paid_in_cash_when_confirmed_then_no_payment_by_card_is_told() -> (
    None
):
    house = await a_house()
    await subscribe(house)

    await house.confirm_in_cash((await house.book_unpaid())[0])
    await deliver_all(house)

    assert told(house) == ["booking.created", "booking.confirmed"]


async def test_given_a_paid_booking_when_cancelled_then_that_and_its_refund_are_announced() -> None:
    house = await a_house()
    await subscribe(house)
    booking, _ = await a_paid_booking(house)

    cancelling = Cancelling(booking_id=booking.id)
    await cancel_booking(cancelling, house.ports, house.terms, expected_refund_cents=99_500)
    await house.work_off()
    await deliver_events(house)
    await deliver_all(house)

    assert told(house) == [*PAID, "booking.cancelled", "payment.refunded"]
    refund = content(house.subscribers.received[-1])["data"]
    assert (refund["amount_cents"], refund["status"]) == (99_500, "cancelled")
    assert refund["refund_id"] == str(house.refunds(booking)[0].id)


async def test_given_a_refund_that_fails_when_told_then_that_is_announced_once() -> None:
    house = await a_house()
    await subscribe(house)
    booking, _ = await a_paid_booking(house, card=REFUND_TAKES_TIME)
    await approve(await request(booking, house), house)
    await house.work_off()
    [refund] = house.refunds(booking)
    house.stripe.settle_refund(refund.stripe_refund_id or "", succeeds=False)

    for _ in range(2):
        await deliver_events(house)
    await deliver_all(house)

    assert told(house) == [*PAID, "payment.refund_failed"]


async def test_given_a_refund_or_dispute_begun_at_stripe_when_told_then_it_is_announced() -> None:
    house = await a_house()
    await subscribe(house)
    _, intent = await a_paid_booking(house)
    house.stripe.refund_by_hand(intent.id, 20_000)
    await deliver_events(house)
    house.disputes.open_dispute(intent.id)

    for _ in range(2):
        await deliver_events(house)
    await deliver_all(house)

    assert told(house) == [*PAID, "payment.refunded", "payment.disputed"]
    dispute = content(house.subscribers.received[-1])["data"]
    assert dispute["dispute_status"] == "open"


async def test_given_bookings_that_move_when_told_then_each_move_is_announced_once() -> None:
    house = await a_moving_house()
    await subscribe(house)
    unpaid = await book_on(house)
    await move(house, unpaid, WEDNESDAY, expecting=WEEKDAY_CENTS)
    paid = await paid_on(house)
    held = await move(house, paid, SATURDAY, expecting=WEEKEND_CENTS)
    assert held.intent is not None
    await house.settle(house.pay(held.intent))

    await deliver_all(house)

    bodies = [content(one) for one in house.subscribers.received]
    types = [
        [one["type"] for one in bodies if one["data"]["booking_id"] == str(booking.id)]
        for booking in (unpaid, paid)
    ]
    assert types[0] == ["booking.created", "booking.rescheduled"]
    assert types[1] == [*PAID, "booking.rescheduled", "payment.succeeded"]
    assert bodies[-1]["data"]["purpose"] == "reschedule"


async def test_given_a_drive_when_the_courier_tells_then_each_turn_is_announced_once() -> None:
    driven = await a_driven_house()
    await subscribe(driven.house)
    turns = (CourierTaskStatus.ASSIGNED, CourierTaskStatus.ACTIVE, CourierTaskStatus.COMPLETED)

    for leg in (Leg.PICKUP, Leg.DROPOFF):
        for status in turns:
            driven.drive(leg, status)
            for _ in range(2):
                await driven.sync(leg)
    await deliver_all(driven.house)

    a_leg = ["delivery.assigned", "delivery.started", "delivery.completed"]
    assert [one for one in told(driven.house) if one.startswith("delivery")] == a_leg * 2
    assert [one for one in told(driven.house) if one.startswith("booking")] == [
        "booking.started",
        "booking.completed",
    ]
