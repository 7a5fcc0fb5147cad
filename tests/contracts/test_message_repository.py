from dataclasses import replace
from datetime import timedelta

from tests.builders import NOW, a_booking, a_customer, a_message, an_id
from tests.contracts.conftest import UowFactory
from tests.contracts.storing import store_booking
from totetaxi_core.notifications.calendar_entry import CalendarEntry, CalendarMethod
from totetaxi_core.notifications.find_messages import MessageFilter, find_messages
from totetaxi_core.notifications.message import (
    UNFINISHED,
    Channel,
    Message,
    MessageKind,
    MessageState,
)
from totetaxi_core.notifications.refused_address import RefusedAddress
from totetaxi_core.page import Place

ENTRY = CalendarEntry(
    uid="TT-7K3M9QXA@totetaxi.com",
    sequence=2,
    method=CalendarMethod.CANCEL,
    starts_at=NOW,
    ends_at=NOW + timedelta(hours=2),
    summary="ToteTaxi: mini move",
    location="1 Main Street",
    description="",
    stamped_at=NOW,
    organizer_name="ToteTaxi",
    organizer_email="operations@totetaxi.com",
)


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


async def test_given_texts_when_an_account_s_are_asked_for_then_those_of_its_bookings_come(
    uow_factory: UowFactory,
) -> None:
    customer = a_customer()
    async with uow_factory() as uow:
        await uow.customers.add(customer)
        theirs = replace(a_booking(), customer_id=customer.id)
        another = a_booking()
        for booking in (theirs, another):
            await uow.bookings.add(booking)
        await uow.commit()
    older, newer, foreign = (
        replace(a_message(booking=one, to="+12125550142", created_at=at), channel=Channel.SMS)
        for one, at in ((theirs, NOW), (theirs, NOW + timedelta(minutes=1)), (another, NOW))
    )
    await keep(uow_factory, older, newer, foreign, a_message(booking=theirs))

    async with uow_factory() as uow:
        assert await uow.messages.texts_about(customer.id, limit=10) == (newer, older)
        assert await uow.messages.texts_about(customer.id, limit=1) == (newer,)
        assert await uow.messages.texts_about(an_id(), limit=10) == ()


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


async def test_given_a_message_when_it_gets_further_then_only_that_changes(
    uow_factory: UowFactory,
) -> None:
    message = replace(a_message(), channel=Channel.SMS, calendar=ENTRY, state=MessageState.SENDING)
    await keep(uow_factory, message)

    async with uow_factory() as uow:
        locked = await uow.messages.find(message.id, lock=True)
        assert locked == message
        await uow.messages.save(message.taken("SM1", at=NOW))
        await uow.commit()

    sent = replace(message, state=MessageState.SENT, provider_id="SM1", sent_at=NOW)
    async with uow_factory() as uow:
        assert await uow.messages.find(message.id) == sent
        assert await uow.messages.find_taken("SM1") == sent
        assert await uow.messages.find_taken("SM2") is None
        assert await uow.messages.find(an_id()) is None


async def test_given_messages_in_every_state_when_counted_then_the_unfinished_are(
    uow_factory: UowFactory,
) -> None:
    await keep(uow_factory, *(replace(a_message(), state=state) for state in MessageState))
    await keep(uow_factory, replace(a_message(), state=MessageState.UNKNOWN))

    async with uow_factory() as uow:
        counts = await uow.messages.unfinished()

    assert counts == dict.fromkeys(UNFINISHED, 1) | {MessageState.UNKNOWN: 2}


async def test_given_messages_when_found_by_what_they_are_then_those_come_newest_first(
    uow_factory: UowFactory,
) -> None:
    booking = await store_booking(uow_factory())
    mails = [a_message(booking=booking, created_at=NOW + timedelta(minutes=n)) for n in range(3)]
    text = replace(
        a_message(to="+12125550142", created_at=NOW + timedelta(hours=1)),
        channel=Channel.SMS,
        kind=MessageKind.REMINDER,
        state=MessageState.REFUSED,
    )
    await keep(uow_factory, *mails, text)
    wanted: tuple[tuple[MessageFilter, list[Message]], ...] = (
        (MessageFilter(), [text, *mails[::-1]]),
        (MessageFilter(to=mails[0].to.upper()), mails[::-1]),
        (MessageFilter(kind=MessageKind.REMINDER), [text]),
        (MessageFilter(channel=Channel.SMS), [text]),
        (MessageFilter(state=MessageState.REFUSED), [text]),
        (MessageFilter(state=MessageState.KEPT, booking_id=booking.id), mails[::-1]),
        (MessageFilter(state=MessageState.UNKNOWN), []),
    )

    async with uow_factory() as uow:
        desk = uow.message_desk
        found = [await find_messages(desk, each, limit=10) for each, _ in wanted]
        first = await find_messages(desk, MessageFilter(), limit=2)
        older = await find_messages(
            desk, MessageFilter(), before=Place.of(first.entries[-1]), limit=2
        )
        newer = await find_messages(
            desk, MessageFilter(), after=Place.of(older.entries[0]), limit=2
        )

    assert [list(page.entries) for page in found] == [expected for _, expected in wanted]
    assert (first.entries, newer.entries) == ((text, mails[2]), (text, mails[2]))
    assert older.entries == (mails[1], mails[0])
    assert older.oldest is None


async def test_given_a_refused_address_when_asked_for_then_it_is_known_without_case_until_removed(
    uow_factory: UowFactory,
) -> None:
    first = RefusedAddress(
        id=an_id(),
        channel=Channel.EMAIL,
        address="ada@example.com",
        reason="550 no such user",
        booking_id=an_id(),
        refused_at=NOW,
    )
    second = replace(first, id=an_id(), address="+12125550142", channel=Channel.SMS)
    async with uow_factory() as uow:
        await uow.refused_addresses.add(replace(first, address="Ada@Example.com"))
        await uow.refused_addresses.add(replace(first, id=an_id(), reason="another"))
        await uow.refused_addresses.add(second)
        await uow.commit()

    async with uow_factory() as uow:
        found = await uow.refused_addresses.find(Channel.EMAIL, "ADA@example.com")
        other = await uow.refused_addresses.find(Channel.SMS, "ada@example.com")
        newest = await uow.refused_addresses.page(limit=10)
        removed = await uow.refused_addresses.remove("ADA@EXAMPLE.com")
        await uow.commit()

    async with uow_factory() as uow:
        assert await uow.refused_addresses.find(Channel.EMAIL, "ada@example.com") is None
        assert await uow.refused_addresses.remove("ada@example.com") == ()
    assert (found, other) == (first, None)
    assert {one.address for one in newest} == {first.address, second.address}
    assert removed == (first,)


async def test_given_refused_addresses_when_paged_then_they_come_newest_first_until_one_is_removed(
    uow_factory: UowFactory,
) -> None:
    ages = (timedelta(minutes=2), timedelta(0), timedelta(minutes=1))
    oldest, newest, middle = (
        RefusedAddress(
            id=an_id(),
            channel=Channel.EMAIL,
            address=f"ada{age.seconds}@example.com",
            reason="550",
            booking_id=None,
            refused_at=NOW - age,
        )
        for age in ages
    )
    async with uow_factory() as uow:
        for refused in (oldest, newest, middle):
            await uow.refused_addresses.add(refused)
        await uow.commit()

    async with uow_factory() as uow:
        first = await uow.refused_addresses.page(limit=2)
        older = await uow.refused_addresses.page(before=Place.of(middle), limit=2)
        newer = await uow.refused_addresses.page(after=Place.of(oldest), limit=1)
        removed = await uow.refused_addresses.remove_one(middle.id)
        again = await uow.refused_addresses.remove_one(middle.id)
        left = await uow.refused_addresses.page(limit=10)

    assert (first, older, newer) == ((newest, middle), (oldest,), (middle,))
    assert (removed, again) == (middle, None)
    assert left == (newest, oldest)
