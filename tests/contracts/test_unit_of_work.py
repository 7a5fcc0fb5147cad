import asyncio

import pytest

from tests.builders import NOW, a_booking, a_message, an_effect
from tests.contracts.conftest import UowFactory
from tests.contracts.storing import store_booking
from tests.meeting import happened
from totetaxi_core.bookings.booking import BookingNotFoundError


async def test_given_a_commit_when_leaving_then_everything_lasts(uow_factory: UowFactory) -> None:
    booking, message, effect = a_booking(), a_message(), an_effect()

    async with uow_factory() as uow:
        await uow.bookings.add(booking)
        await uow.messages.add(message)
        await uow.outbox.owe(effect)
        await uow.commit()

    async with uow_factory() as uow:
        assert await uow.bookings.get(booking.id) == booking
        assert await uow.messages.to(message.to, limit=5) == (message,)
        assert await uow.outbox.get(effect.id) == effect


async def test_given_no_commit_when_leaving_then_everything_is_undone(
    uow_factory: UowFactory,
) -> None:
    stored = await store_booking(uow_factory())
    added, message, effect = a_booking(), a_message(), an_effect()

    async with uow_factory() as uow:
        await uow.bookings.save(stored.confirm(at=NOW))
        await uow.bookings.add(added)
        await uow.messages.add(message)
        await uow.outbox.owe(effect)
        await uow.crews.take(added.quote.request.pickup_date, range(18, 22), crews=3)

    async with uow_factory() as uow:
        assert await uow.bookings.page(status=None, after=None, limit=5) == (stored,)
        assert await uow.messages.to(message.to, limit=5) == ()
        assert await uow.outbox.get(effect.id) is None
        on = added.quote.request.pickup_date
        assert await uow.crews.taken(on, on) == {}


async def test_given_an_error_inside_when_leaving_then_it_is_undone_and_the_error_passes(
    uow_factory: UowFactory,
) -> None:
    booking = a_booking()

    async def add_and_fail() -> None:
        async with uow_factory() as uow:
            await uow.bookings.add(booking)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await add_and_fail()

    async with uow_factory() as uow:
        with pytest.raises(BookingNotFoundError):
            await uow.bookings.get(booking.id)


async def test_given_a_left_unit_of_work_when_entered_again_then_a_new_transaction_begins(
    uow_factory: UowFactory,
) -> None:
    uow = uow_factory()
    first, undone, second = a_booking(), a_booking(), a_booking()

    for booking in (first, undone, second):
        async with uow:
            await uow.bookings.add(booking)
            if booking is not undone:
                await uow.commit()

    async with uow:
        found = await uow.bookings.page(status=None, after=None, limit=5)
        assert {booking.id for booking in found} == {first.id, second.id}


async def test_given_changes_not_committed_when_others_read_then_they_see_what_was(
    uow_factory: UowFactory,
) -> None:
    stored, added = await store_booking(uow_factory()), a_booking()

    async with uow_factory() as writer, uow_factory() as reader:
        await writer.bookings.save(stored.confirm(at=NOW))
        await writer.bookings.add(added)
        before = await reader.bookings.page(status=None, after=None, limit=5)
        await writer.commit()
        after = await reader.bookings.page(status=None, after=None, limit=5)

    assert before == (stored,)
    assert {booking.id for booking in after} == {stored.id, added.id}
    assert stored not in after


async def test_given_its_own_changes_when_read_again_then_a_transaction_sees_them(
    uow_factory: UowFactory,
) -> None:
    booking = a_booking()

    async with uow_factory() as uow:
        await uow.bookings.add(booking)
        added = await uow.bookings.get(booking.id)
        await uow.bookings.save(booking.confirm(at=NOW))
        saved = await uow.bookings.get_by_number(booking.booking_number)

    assert added == booking
    assert saved == booking.confirm(at=NOW)


async def test_given_a_task_cancelled_inside_when_others_come_then_its_locks_are_free(
    uow_factory: UowFactory,
) -> None:
    stored, locked = await store_booking(uow_factory()), asyncio.Event()

    async def hold() -> None:
        async with uow_factory() as uow:
            await uow.bookings.get(stored.id, lock=True)
            locked.set()
            await asyncio.Event().wait()

    holder = asyncio.create_task(hold())
    await happened(locked)
    holder.cancel()
    with pytest.raises(asyncio.CancelledError):
        await holder

    async with asyncio.timeout(120), uow_factory() as uow:
        assert await uow.bookings.get(stored.id, lock=True) == stored
