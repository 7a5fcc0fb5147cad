"""When a reminder is owed, when it leaves, and what becomes of it meanwhile."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest

from tests.builders import NOW, PICKUP_AT, a_booking, a_quote_request
from tests.core.bookings.memory_house import NEW_YORK, MemoryHouse, a_house
from totetaxi_adapters.memory.transport import MemoryTransport
from totetaxi_core.bookings.booking import Booking
from totetaxi_core.bookings.reminder import owe_reminder, reminded_at
from totetaxi_core.notifications.message import MessageKind, MessageState
from totetaxi_core.notifications.transport import MessageNotSentError
from totetaxi_core.outbox.owed_effect import EffectKind, EffectState, OwedEffect
from totetaxi_core.outbox.perform_effect import perform_effect

DAY_BEFORE = datetime(2026, 11, 30, 21, 0, tzinfo=UTC)


def reminders(house: MemoryHouse) -> list[OwedEffect]:
    owed = house.effects(EffectKind.SEND_MESSAGE)
    return [each for each in owed if each.payload["message_kind"] == MessageKind.REMINDER]


async def a_confirmed_booking(house: MemoryHouse) -> Booking:
    booking, intent = await house.book_unpaid()
    house.pay(intent)
    await house.settle(intent)
    await house.work_off()
    return house.booking(booking.id)


async def defer_and_work(house: MemoryHouse) -> None:
    async with house.ports.unit_of_work() as uow:
        await uow.outbox.defer_due(now=house.clock(), limit=100)
        await uow.commit()
    await house.work_off()


def on(pickup_date: date) -> Booking:
    booking = a_booking()
    request = replace(a_quote_request(), pickup_date=pickup_date)
    return replace(booking, quote=replace(booking.quote, request=request))


@pytest.mark.parametrize(
    ("pickup_date", "expected"),
    [
        (date(2026, 12, 1), datetime(2026, 11, 30, 21, 0, tzinfo=UTC)),
        (date(2026, 7, 1), datetime(2026, 6, 30, 20, 0, tzinfo=UTC)),
        # The clocks change at 2 in the morning of the pickup's own day, and of the day before.
        (date(2026, 3, 8), datetime(2026, 3, 7, 21, 0, tzinfo=UTC)),
        (date(2026, 3, 9), datetime(2026, 3, 8, 20, 0, tzinfo=UTC)),
        (date(2026, 11, 1), datetime(2026, 10, 31, 20, 0, tzinfo=UTC)),
        (date(2026, 11, 2), datetime(2026, 11, 1, 21, 0, tzinfo=UTC)),
    ],
)
def test_given_a_pickup_when_its_reminder_is_timed_then_it_is_four_in_the_afternoon_before(
    pickup_date: date, expected: datetime
) -> None:
    at = reminded_at(on(pickup_date), zone=NEW_YORK)

    assert at == expected
    assert at.astimezone(NEW_YORK).time() == time(16, 0)


async def test_given_a_paid_booking_when_its_day_comes_then_one_reminder_is_kept() -> None:
    house = await a_house()
    booking = await a_confirmed_booking(house)
    [owed] = reminders(house)

    early = await perform_effect(owed.id, house.ports, house.terms)
    house.clock.advance(DAY_BEFORE - house.clock())
    done = await perform_effect(owed.id, house.ports, house.terms)
    again = await perform_effect(owed.id, house.ports, house.terms)

    assert (early, done, again) == (None, EffectState.DONE, None)
    assert (owed.due_at, owed.created_at) == (DAY_BEFORE, NOW)
    [message] = house.messages(MessageKind.REMINDER)
    assert (message.booking_id, message.to) == (booking.id, booking.contact.email)
    assert set(owed.payload) == {"message_kind", "booking_id", "pickup_at"}


async def test_given_a_booking_that_is_over_when_its_day_comes_then_nobody_is_reminded() -> None:
    house = await a_house()
    booking = await a_confirmed_booking(house)
    [owed] = reminders(house)
    async with house.ports.unit_of_work() as uow:
        stored = await uow.bookings.get(booking.id, lock=True)
        await uow.bookings.save(stored.complete(at=NOW))
        await uow.commit()

    house.clock.advance(DAY_BEFORE - house.clock())
    done = await perform_effect(owed.id, house.ports, house.terms)

    assert done is EffectState.DONE
    assert house.messages(MessageKind.REMINDER) == []


async def test_given_a_mail_server_away_when_the_booking_ends_then_nobody_is_reminded() -> None:
    house, mail = await a_house(), MemoryTransport()
    booking = await a_confirmed_booking(house)
    house.ports = replace(house.ports, mail=mail)
    mail.plan(MessageNotSentError("the server is away"))
    house.clock.advance(DAY_BEFORE - house.clock())
    await defer_and_work(house)
    [waiting] = house.messages(MessageKind.REMINDER)

    async with house.ports.unit_of_work() as uow:
        stored = await uow.bookings.get(booking.id, lock=True)
        await uow.bookings.save(stored.complete(at=NOW))
        await uow.commit()
    house.clock.advance(timedelta(hours=1))
    await defer_and_work(house)

    [message] = house.messages(MessageKind.REMINDER)
    assert (waiting.state, message.state) == (MessageState.QUEUED, MessageState.DROPPED)
    assert MessageKind.REMINDER not in {sent.kind for sent in mail.sent}


@pytest.fixture
async def owe() -> Callable[[Booking, datetime], Awaitable[list[OwedEffect]]]:
    house = await a_house()

    async def owing(booking: Booking, at: datetime) -> list[OwedEffect]:
        async with house.ports.unit_of_work() as uow:
            await owe_reminder(uow.outbox, booking, zone=NEW_YORK, at=at)
            await uow.commit()
        return reminders(house)

    return owing


@pytest.mark.parametrize(
    ("at", "number"),
    [(DAY_BEFORE, 1), (DAY_BEFORE + timedelta(seconds=1), 0), (PICKUP_AT, 0)],
)
async def test_given_a_booking_confirmed_late_when_its_hour_has_passed_then_none_is_owed(
    owe: Callable[[Booking, datetime], Awaitable[list[OwedEffect]]], at: datetime, number: int
) -> None:
    owed = await owe(a_booking(), at)

    assert len(owed) == number


async def test_given_a_booking_moved_there_and_back_when_owed_then_each_pickup_has_one_reminder(
    owe: Callable[[Booking, datetime], Awaitable[list[OwedEffect]]],
) -> None:
    booking = a_booking()
    later = replace(booking, pickup_at=PICKUP_AT + timedelta(hours=1), version=2)

    for each in (booking, later, replace(booking, version=3)):
        owed = await owe(each, NOW)

    assert len(owed) == 2
    assert len({each.payload["pickup_at"] for each in owed}) == 2
    assert len({each.id for each in owed}) == 2
