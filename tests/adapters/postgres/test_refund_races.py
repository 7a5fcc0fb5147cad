"""100 and 100 of 150 cents refunded at once, with every guard and without."""

import asyncio
from collections import Counter
from dataclasses import replace
from random import Random

import psycopg
import pytest

from tests.adapters.postgres.server_view import fetch
from tests.builders import NOW, a_booking, a_payment
from tests.conftest import PostgresUowFactory
from tests.meeting import Meeting
from totetaxi_adapters.memory.card_gateway import MemoryCardGateway
from totetaxi_adapters.memory.checkout import MemoryCheckoutGateway
from totetaxi_adapters.memory.clock import SettableClock
from totetaxi_adapters.memory.couriers import MemoryCourierGateway
from totetaxi_adapters.memory.disputes import MemoryDisputeGateway
from totetaxi_adapters.memory.file_store import MemoryFileStore
from totetaxi_adapters.memory.holidays import MemoryHolidayCalendar
from totetaxi_adapters.memory.payment_records import MemoryPaymentRecords
from totetaxi_adapters.memory.payments import MemoryPaymentGateway
from totetaxi_adapters.memory.route_planner import MemoryRoutePlanner
from totetaxi_adapters.memory.subscribers import MemorySubscribers
from totetaxi_adapters.memory.zip_points import MemoryZipPoints
from totetaxi_adapters.postgres import bookings, payments
from totetaxi_adapters.postgres.refunds import PostgresRefundRepository
from totetaxi_core.bookings.booking import Booking
from totetaxi_core.ids import IdSource
from totetaxi_core.payments.decide_refund import RefundRequest, request_refund
from totetaxi_core.payments.payment import PaymentStatus
from totetaxi_core.payments.refund import Refund
from totetaxi_core.payments.refundable import RefundExceedsPaymentError
from totetaxi_core.ports import Ports

ASKED = RefundRequest(reason="a box was wet", amount_cents=100)
SUM = "SELECT coalesce(sum(amount_cents), 0)::int FROM refunds"


async def a_booking_that_paid(cents: int, uow_factory: PostgresUowFactory) -> Booking:
    booking = a_booking()
    payment = replace(a_payment(booking), amount_cents=cents, status=PaymentStatus.SUCCEEDED)
    async with uow_factory() as uow:
        await uow.bookings.add(booking)
        await uow.payments.add(payment)
        await uow.commit()
    return booking


async def ask_twice_at_once(booking: Booking, uow_factory: PostgresUowFactory) -> Counter[str]:
    clock, ids = SettableClock(NOW), IdSource(Random(5))  # noqa: S311  a test's ids
    gateway = MemoryPaymentGateway(ids=ids, clock=clock)
    ports = Ports(
        unit_of_work=uow_factory,
        payments=gateway,
        payment_records=MemoryPaymentRecords(gateway),
        cards=MemoryCardGateway(gateway),
        checkout=MemoryCheckoutGateway(gateway, ids=ids, clock=clock),
        disputes=MemoryDisputeGateway(gateway),
        couriers=MemoryCourierGateway(ids=ids, clock=clock),
        planner=MemoryRoutePlanner(),
        files=MemoryFileStore(),
        subscribers=MemorySubscribers(),
        holidays=MemoryHolidayCalendar(()),
        zip_points=MemoryZipPoints(),
        clock=clock,
        ids=ids,
    )

    async def ask(name: str) -> str:
        try:
            return (await request_refund(booking.id, ASKED, ports, staff_name=name)).status
        except RefundExceedsPaymentError as refusal:
            return refusal.code

    return Counter(await asyncio.gather(ask("maria"), ask("lou")))


def remove_locks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let both look at what is left before either has taken any of it."""
    monkeypatch.setattr(bookings, "LOCK", bookings.GET)
    monkeypatch.setattr(payments, "LOCK", payments.GET)
    both_have_looked = Meeting()
    add = PostgresRefundRepository.add

    async def add_together(self: PostgresRefundRepository, refund: Refund) -> None:
        await both_have_looked.wait()
        await add(self, refund)

    monkeypatch.setattr(PostgresRefundRepository, "add", add_together)


async def test_given_150_cents_paid_when_100_and_100_are_refunded_at_once_then_one_succeeds(
    uow_factory: PostgresUowFactory, database_url: str
) -> None:
    booking = await a_booking_that_paid(150, uow_factory)

    outcomes = await ask_twice_at_once(booking, uow_factory)

    assert outcomes == {"requested": 1, "refund_exceeds_payment": 1}
    assert fetch(database_url, SUM) == [(100,)]


async def test_given_no_lock_when_100_and_100_of_150_are_refunded_at_once_then_the_table_refuses(
    uow_factory: PostgresUowFactory, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    booking = await a_booking_that_paid(150, uow_factory)
    remove_locks(monkeypatch)

    outcomes = await ask_twice_at_once(booking, uow_factory)

    assert outcomes == {"requested": 1, "refund_exceeds_payment": 1}
    assert fetch(database_url, SUM) == [(100,)]


async def test_given_neither_lock_nor_trigger_when_both_are_refunded_then_too_much_goes_back(
    uow_factory: PostgresUowFactory, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    booking = await a_booking_that_paid(150, uow_factory)
    with psycopg.connect(database_url) as connection:
        connection.execute("DROP TRIGGER refunds_within_payment ON refunds")
    remove_locks(monkeypatch)

    outcomes = await ask_twice_at_once(booking, uow_factory)

    assert outcomes == {"requested": 2}
    assert fetch(database_url, SUM) == [(200,)]
