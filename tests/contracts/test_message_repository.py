from dataclasses import replace
from datetime import timedelta

from tests.builders import NOW, a_message, an_id
from tests.contracts.conftest import UowFactory
from tests.contracts.storing import store_booking
from totetaxi_core.notifications.message import Message


async def keep(uow_factory: UowFactory, *messages: Message) -> None:
    async with uow_factory() as uow:
        for message in messages:
            await uow.messages.add(message)
        await uow.commit()


async def test_given_kept_messages_when_asked_for_then_the_newest_come_first_and_equal(
    uow_factory: UowFactory,
) -> None:
    booking = await store_booking(uow_factory())
    ages = (timedelta(minutes=2), timedelta(0), timedelta(minutes=1))
    oldest, newest, middle = (a_message(booking=booking, created_at=NOW - age) for age in ages)
    newest = replace(newest, token_id=an_id())
    await keep(uow_factory, oldest, newest, middle, a_message(to="bob@example.com"))

    async with uow_factory() as uow:
        every = await uow.messages.to(newest.to, limit=10)
        two = await uow.messages.to(newest.to, limit=2)

    assert every == (newest, middle, oldest)
    assert two == (newest, middle)


async def test_given_an_address_when_asked_for_in_another_case_then_its_messages_come(
    uow_factory: UowFactory,
) -> None:
    message = a_message(to="Ada.Guest@Example.com")
    await keep(uow_factory, message)

    async with uow_factory() as uow:
        found = await uow.messages.to("aDA.guest@eXAMPLE.COM", limit=10)
        none = await uow.messages.to("ada_guest@example.com", limit=10)

    assert found == (message,)
    assert none == ()


async def test_given_a_message_when_one_of_its_id_is_added_then_the_first_stays(
    uow_factory: UowFactory,
) -> None:
    first = a_message()
    await keep(uow_factory, first)

    await keep(uow_factory, replace(first, subject="Changed"), a_message(to="bob@example.com"))

    async with uow_factory() as uow:
        assert await uow.messages.to(first.to, limit=10) == (first,)
        assert len(await uow.messages.to("bob@example.com", limit=10)) == 1
