from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from tests.builders import (
    NOW,
    PICKUP_AT,
    a_booking,
    a_customer,
    a_dispute,
    a_ledger_entry,
    a_message,
    a_payment,
    a_refund,
    an_attempt,
    an_id,
)
from tests.contracts.conftest import UowFactory
from tests.contracts.test_traces import a_key, a_session
from totetaxi_core.bookings.booking import Booking
from totetaxi_core.bookings.booking_status import CancellationReason
from totetaxi_core.bookings.repositories import IdempotencyRecord
from totetaxi_core.customers.erasure import erased_booking
from totetaxi_core.customers.password_reset import PasswordReset
from totetaxi_core.customers.registration import Registration
from totetaxi_core.notifications.message import Channel, Message, MessageState
from totetaxi_core.notifications.refused_address import RefusedAddress
from totetaxi_core.page import Place
from totetaxi_core.payments.gateway import PaymentEvent
from totetaxi_core.payments.refund import RefundStatus
from totetaxi_core.retention.retention_terms import PERSONS, Kept
from totetaxi_core.unit_of_work import UnitOfWork

DAY = timedelta(days=1)
CUT = PICKUP_AT + 100 * DAY
OLD, NEW = CUT - 40 * DAY, CUT
ROWS = [kind for kind in Kept if kind not in (*PERSONS, Kept.SANDBOX_EVENTS, Kept.JOBS)]


def over(*, at: datetime = OLD) -> Booking:
    """Return a booking that was driven, and completed at an instant."""
    booking = a_booking().confirm(at=NOW)
    return replace(booking.start(at=PICKUP_AT).complete(at=at), created_at=NOW)


def unpaid(*, at: datetime = OLD) -> Booking:
    return a_booking().cancel(at=at, reason=CancellationReason.PAYMENT_TIMEOUT)


async def nothing(uow: UnitOfWork, booking: Booking) -> None:
    """Leave the booking as it is."""


async def with_late_money(uow: UnitOfWork, booking: Booking) -> None:
    payment = a_payment(booking)
    await uow.payments.add(payment)
    await uow.ledger.post(a_ledger_entry(payment, posted_at=NEW))


async def with_old_money(uow: UnitOfWork, booking: Booking) -> None:
    payment = a_payment(booking)
    await uow.payments.add(payment)
    await uow.ledger.post(a_ledger_entry(payment, posted_at=OLD))
    refund = a_refund(payment, amount_cents=1)
    await uow.refunds.add(replace(refund, status=RefundStatus.REJECTED))


async def with_a_refund_asked_for(uow: UnitOfWork, booking: Booking) -> None:
    payment = a_payment(booking)
    await uow.payments.add(payment)
    await uow.refunds.add(replace(a_refund(payment), status=RefundStatus.REQUESTED))


async def with_an_open_dispute(uow: UnitOfWork, booking: Booking) -> None:
    payment = a_payment(booking)
    await uow.payments.add(payment)
    await uow.disputes.add(a_dispute(payment))


async def with_a_live_attempt(uow: UnitOfWork, booking: Booking) -> None:
    payment = a_payment(booking)
    await uow.payments.add(payment)
    await uow.payments.add_attempt(an_attempt(payment))


@pytest.mark.parametrize(
    ("booking", "and_with", "found_as"),
    [
        (over(), nothing, {Kept.BOOKINGS}),
        (over(), with_old_money, {Kept.BOOKINGS}),
        (over(at=NEW), nothing, set()),
        (over(), with_late_money, set()),
        (over(), with_a_refund_asked_for, set()),
        (over(), with_a_live_attempt, set()),
        (over(), with_an_open_dispute, set()),
        (erased_booking(over(), at=OLD), nothing, set()),
        (a_booking(), nothing, set()),
        (a_booking().confirm(at=NOW), nothing, set()),
        (unpaid(), nothing, {Kept.BOOKINGS, Kept.UNPAID_BOOKINGS}),
        (unpaid(at=NEW), nothing, set()),
        (unpaid(), with_a_live_attempt, set()),
        (unpaid(), with_old_money, {Kept.BOOKINGS}),
        (erased_booking(unpaid(), at=OLD), nothing, set()),
    ],
)
async def test_given_a_booking_when_looked_for_then_it_is_found_if_over_long_enough(
    uow_factory: UowFactory,
    booking: Booking,
    and_with: Callable[[UnitOfWork, Booking], Awaitable[None]],
    found_as: set[Kept],
) -> None:
    async with uow_factory() as uow:
        await uow.bookings.add(booking)
        await and_with(uow, booking)
        await uow.commit()

    async with uow_factory() as uow:
        found = {
            kind: await uow.kept.bookings(kind, before=CUT, after=None, limit=9) for kind in PERSONS
        }
        counts = {kind: await uow.kept.count(kind, before=CUT) for kind in PERSONS}
        past = {kind for kind in PERSONS if await uow.kept.is_past(kind, booking.id, before=CUT)}

    assert {kind for kind, places in found.items() if places} == past == found_as
    assert counts == {kind: len(places) for kind, places in found.items()}


async def test_given_many_past_bookings_when_read_in_pages_then_each_comes_once_oldest_first(
    uow_factory: UowFactory,
) -> None:
    stored = [replace(over(), created_at=NOW + number * DAY) for number in (2, 0, 1, 0)]
    async with uow_factory() as uow:
        for booking in stored:
            await uow.bookings.add(booking)
        await uow.commit()

    pages: list[tuple[Place, ...]] = [()]
    async with uow_factory() as uow:
        for _ in range(3):
            after = pages[-1][-1] if pages[-1] else None
            pages.append(await uow.kept.bookings(Kept.BOOKINGS, before=CUT, after=after, limit=2))

    assert [len(page) for page in pages] == [0, 2, 2, 0]
    assert [place for page in pages for place in page] == sorted(Place.of(one) for one in stored)


async def add_row(uow: UnitOfWork, kind: Kept, at: datetime) -> None:
    customer = a_customer(email=f"{an_id()}@example.com")
    match kind:
        case Kept.MESSAGES:
            await uow.messages.add(a_message(created_at=at))
        case Kept.REFUSED_ADDRESSES:
            await uow.refused_addresses.add(a_refused_address(at))
        case Kept.SESSIONS:
            await uow.sessions.add(replace(a_session(customer), expires_at=at))
        case Kept.REGISTRATIONS:
            names = ("email", "first_name", "last_name", "phone", "password_hash")
            facts = {name: getattr(customer, name) for name in names}
            await uow.registrations.add(
                Registration(id=an_id(), created_at=NOW, expires_at=at, **facts)
            )
        case Kept.PASSWORD_RESETS:
            await uow.customers.add(customer)
            reset = PasswordReset.begin(an_id(), customer, at=NOW)
            await uow.password_resets.add(replace(reset, expires_at=at))
        case Kept.IDEMPOTENCY_RECORDS:
            booking = a_booking()
            await uow.bookings.add(booking)
            record = IdempotencyRecord(
                key=a_key(booking), booking_id=booking.id, leased_until=None, created_at=at
            )
            await uow.idempotency.add(record)
        case Kept.PROVIDER_EVENTS:
            await uow.provider_events.add(an_event(), received_at=at)
        case _:
            raise AssertionError(kind)


def a_refused_address(at: datetime) -> RefusedAddress:
    return RefusedAddress(
        id=an_id(),
        channel=Channel.EMAIL,
        address=f"{an_id()}@example.com",
        reason="550 gone",
        booking_id=None,
        refused_at=at,
    )


def an_event() -> PaymentEvent:
    return PaymentEvent(
        id=f"evt_{an_id().hex}", kind="charge.refunded", intent_id=None, provider_refund_id=None
    )


@pytest.mark.parametrize("kind", [kind for kind in ROWS if kind is not Kept.WEBHOOK_DELIVERIES])
async def test_given_old_rows_and_new_when_forgotten_in_batches_then_the_new_ones_stay(
    uow_factory: UowFactory, kind: Kept
) -> None:
    async with uow_factory() as uow:
        for at in (OLD, OLD, OLD, NEW):
            await add_row(uow, kind, at)
        await uow.commit()

    async with uow_factory() as uow:
        before = await uow.kept.count(kind, before=CUT)
        gone = [await uow.kept.forget(kind, before=CUT, limit=2) for _ in range(3)]
        await uow.commit()

    async with uow_factory() as uow:
        assert (before, gone) == (3, [2, 1, 0])
        assert await uow.kept.count(kind, before=CUT + DAY) == 1


@pytest.mark.parametrize("state", [MessageState.QUEUED, MessageState.SENDING])
async def test_given_an_old_message_on_its_way_when_forgotten_then_it_stays(
    uow_factory: UowFactory, state: MessageState
) -> None:
    message: Message = replace(a_message(created_at=OLD), state=state)
    async with uow_factory() as uow:
        await uow.messages.add(message)
        gone = await uow.kept.forget(Kept.MESSAGES, before=CUT, limit=9)
        await uow.commit()

    async with uow_factory() as uow:
        assert gone == 0
        assert await uow.messages.find(message.id) == message


async def test_given_no_sandbox_and_no_jobs_when_forgotten_then_there_are_none(
    uow_factory: UowFactory,
) -> None:
    async with uow_factory() as uow:
        kinds = (Kept.SANDBOX_EVENTS, Kept.JOBS)
        gone = [await uow.kept.forget(kind, before=CUT, limit=9) for kind in kinds]
        counts = [await uow.kept.count(kind, before=CUT) for kind in kinds]

    assert gone == counts == [0, 0]
