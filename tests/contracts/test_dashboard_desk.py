"""The desk at a glance, on both stores: counted by New York's days, and shown to whoever may."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

from tests.builders import (
    NOW,
    a_booking,
    a_customer,
    a_message,
    a_payment,
    a_quote,
    a_quote_request,
    a_refund,
)
from tests.contracts.conftest import UowFactory
from tests.core.bookings.memory_house import MemoryHouse
from tests.core.staff.staffing import a_staff_account
from totetaxi_core.bookings.booking import Booking
from totetaxi_core.bookings.booking_status import BookingStatus, CancellationReason
from totetaxi_core.ledger.post_movement import post_charge, post_refund
from totetaxi_core.notifications.message import MessageState
from totetaxi_core.payments.refund import Refund, RefundStatus
from totetaxi_core.ports import Ports
from totetaxi_core.staff.dashboard import Dashboard, Money, TroubledMessages, dashboard
from totetaxi_core.staff.dashboard_desk import WaitingRefunds
from totetaxi_core.staff.flag import Flag
from totetaxi_core.staff.permission import Rights
from totetaxi_core.staff.role import Role

TUESDAY = date(2026, 12, 1)
# 23:30 of that Tuesday in New York: in UTC it is Wednesday.
LATE_TUESDAY = datetime(2026, 12, 2, 4, 30, tzinfo=UTC)
DAY = timedelta(days=1)


def a_pickup(on: date, at: time, status: BookingStatus = BookingStatus.CONFIRMED) -> Booking:
    request = replace(a_quote_request(), pickup_date=on, pickup_time=at)
    booking = a_booking(offer=a_quote(request))
    facts: dict[str, object] = {"status": status, "hold_expires_at": None}
    if status is BookingStatus.CANCELLED:
        facts |= {"cancelled_at": NOW, "cancellation_reason": CancellationReason.STAFF}
    return replace(booking, **facts)  # type: ignore[arg-type]  # its own fields


async def seen(uow_factory: UowFactory, by: Rights | None = None) -> Dashboard:
    house = MemoryHouse()
    ports: Ports = replace(house.ports, unit_of_work=uow_factory, clock=lambda: LATE_TUESDAY)
    return await dashboard(ports, house.terms, seen_by=by)


async def store(uow_factory: UowFactory, *bookings: Booking) -> None:
    async with uow_factory() as uow:
        for booking in bookings:
            await uow.bookings.add(booking)
        await uow.commit()


def counted(counts: Mapping[BookingStatus, int]) -> dict[str, int]:
    return {status.value: number for status, number in counts.items() if number}


async def test_given_bookings_when_seen_then_today_is_in_order_and_the_week_is_counted(
    uow_factory: UowFactory,
) -> None:
    nine, eight = a_pickup(TUESDAY, time(9)), a_pickup(TUESDAY, time(8))
    await store(
        uow_factory,
        nine,
        eight,
        a_pickup(TUESDAY, time(10), BookingStatus.CANCELLED),
        a_pickup(TUESDAY + DAY, time(9), BookingStatus.COMPLETED),
        a_pickup(TUESDAY + 6 * DAY, time(9)),
        a_pickup(TUESDAY - 2 * DAY, time(9)),
    )
    async with uow_factory() as uow:
        await uow.crews.take(TUESDAY, range(16, 20), crews=3)
        await uow.crews.take(TUESDAY, range(16, 18), crews=3)
        await uow.commit()

    desk = await seen(uow_factory)

    assert (desk.today.first_on, desk.week.first_on) == (TUESDAY, TUESDAY - DAY)
    assert desk.week.last_on == TUESDAY + 5 * DAY
    assert counted(desk.today.bookings) == {"confirmed": 2, "cancelled": 1}
    assert counted(desk.week.bookings) == {"confirmed": 2, "cancelled": 1, "completed": 1}
    assert [(one.pickup.booking_number, one.crews_left) for one in desk.pickups] == [
        (eight.booking_number, 1),
        (nine.booking_number, 2),
    ]


async def test_given_customers_when_seen_then_the_new_are_counted_by_new_york_s_days(
    uow_factory: UowFactory,
) -> None:
    midnight = datetime(2026, 12, 1, 5, tzinfo=UTC)
    instants = (midnight - timedelta(microseconds=1), midnight, midnight + DAY)
    async with uow_factory() as uow:
        for number, at in enumerate(instants):
            await uow.customers.add(a_customer(email=f"ada{number}@example.com", created_at=at))
        await uow.commit()

    desk = await seen(uow_factory)

    assert (desk.today.new_customers, desk.week.new_customers) == (1, 3)


async def test_given_money_and_a_request_when_seen_then_only_those_see_them_who_may(
    uow_factory: UowFactory,
) -> None:
    ids, booking = MemoryHouse().ids, a_booking()
    payment = a_payment(booking)
    sent = a_refund(payment, amount_cents=5_000)
    waiting: Refund = replace(
        a_refund(payment, amount_cents=100), status=RefundStatus.REQUESTED, requested_by="maria"
    )
    async with uow_factory() as uow:
        await uow.bookings.add(booking)
        await uow.payments.add(payment)
        await uow.refunds.add(sent)
        await uow.refunds.add(waiting)
        await post_charge(uow, booking, payment, ids, at=LATE_TUESDAY - DAY)
        await post_refund(uow, sent, ids, at=LATE_TUESDAY)
        await uow.commit()

    everything = await seen(uow_factory)
    driver = await seen(uow_factory, a_staff_account(role=Role.LOGISTICS))
    flags = frozenset({Flag.CAN_VIEW_FINANCIAL_REPORTS})
    flagged = await seen(uow_factory, a_staff_account(role=Role.LOGISTICS, flags=flags))

    charged_cents = payment.amount_cents
    assert everything.today.money == Money(charged_cents=0, refunded_cents=5_000, net_cents=-5_000)
    assert everything.week.money == flagged.week.money
    assert flagged.week.money == Money(
        charged_cents=charged_cents, refunded_cents=5_000, net_cents=charged_cents - 5_000
    )
    assert everything.waiting_refunds == WaitingRefunds(count=1, oldest_at=NOW)
    assert (driver.today.money, driver.week.money, driver.waiting_refunds) == (None, None, None)
    assert flagged.waiting_refunds is None


async def test_given_messages_in_trouble_when_seen_then_only_those_see_them_who_may_read_them(
    uow_factory: UowFactory,
) -> None:
    states = (MessageState.UNKNOWN, MessageState.UNKNOWN, MessageState.REFUSED, MessageState.SENT)
    async with uow_factory() as uow:
        for state in states:
            await uow.messages.add(replace(a_message(), state=state))
        await uow.commit()

    desk = await seen(uow_factory, a_staff_account(role=Role.CUSTOMER_SERVICE))
    driver = await seen(uow_factory, a_staff_account(role=Role.LOGISTICS))

    assert desk.messages == TroubledMessages(unknown=2, refused=1)
    assert driver.messages is None


async def test_given_an_empty_house_when_seen_then_nothing_waits(uow_factory: UowFactory) -> None:
    desk = await seen(uow_factory)

    assert desk.pickups == ()
    assert desk.waiting_refunds == WaitingRefunds(count=0, oldest_at=None)
    assert (desk.failed_jobs, counted(desk.week.bookings)) == (0, {})
