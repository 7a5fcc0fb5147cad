from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from tests.builders import NOW, a_booking, a_customer, a_message, an_id
from tests.core.bookings.memory_house import MemoryHouse, a_house
from tests.core.payments.refunding import a_paid_booking, approve, request
from totetaxi_core.customers.customer import CustomerNotFoundError
from totetaxi_core.customers.customer_contact import ContactChannel, ContactDirection
from totetaxi_core.customers.customer_file import CustomerFile, open_customer_file
from totetaxi_core.customers.write_customer_note import (
    NewContact,
    list_contacts,
    list_customer_notes,
    log_contact,
    write_customer_note,
)
from totetaxi_core.notifications.message import Channel
from totetaxi_core.refusal import InvalidInputError

EMAIL = "ada.guest@example.com"
CALLED = NewContact(
    channel=ContactChannel.PHONE, direction=ContactDirection.INBOUND, summary=" asked for a lift "
)


@pytest.fixture
async def house() -> MemoryHouse:
    return await a_house()


async def a_stored_customer(house: MemoryHouse, **facts: Any) -> UUID:  # noqa: ANN401  its fields
    customer = a_customer(**{"email": EMAIL, **facts})
    async with house.ports.unit_of_work() as uow:
        await uow.customers.add(customer)
        await uow.commit()
    return customer.id


async def a_deleted_customer(house: MemoryHouse) -> UUID:
    blank = dict.fromkeys(("email", "first_name", "last_name", "phone", "password_hash"), "")
    return await a_stored_customer(house, deleted_at=NOW, **blank)


async def opened(
    customer_id: UUID, house: MemoryHouse, *, with_analytics: bool = False
) -> CustomerFile:
    return await open_customer_file(
        customer_id,
        house.ports,
        house.terms,
        staff_name="maria",
        with_analytics=with_analytics,
    )


def acts(house: MemoryHouse) -> list[tuple[str, str, UUID | None]]:
    return [(act.staff_name, act.action_type, act.customer_id) for act in house.acts()]


async def test_given_a_customer_when_opened_then_all_of_them_is_there_and_it_is_on_record(
    house: MemoryHouse,
) -> None:
    customer_id = await a_stored_customer(house)
    booking, _ = await a_paid_booking(house)
    await approve(await request(booking, house, amount_cents=9_500), house)
    await house.work_off()
    message = a_message(to=EMAIL.upper())
    text = a_message(booking=booking, to="+12125550142", created_at=house.clock() + timedelta(1))
    text = replace(text, channel=Channel.SMS)
    async with house.ports.unit_of_work() as uow:
        await uow.messages.add(message)
        await uow.messages.add(text)
        await uow.messages.add(replace(text, id=an_id(), booking_id=None))
        await uow.messages.add(a_message(to="eve@example.com"))
        await uow.commit()
    note = await write_customer_note(customer_id, "has a dog", house.ports, staff_name="lou")
    contact = await log_contact(customer_id, CALLED, house.ports, staff_name="lou")

    file = await opened(customer_id, house)

    assert [one.id for one in file.bookings] == [booking.id]
    assert (file.money.charged_cents, file.money.refunded_cents) == (99_500, 9_500)
    assert (file.money.disputed_cents, file.money.net_cents) == (0, 90_000)
    assert file.customer.total_spent_cents == 90_000
    assert message in file.messages
    assert file.messages[0] == text
    assert {one.to.lower() for one in file.messages[1:]} == {EMAIL}
    assert (file.notes, file.contacts, file.addresses) == ((note,), (contact,), ())
    assert acts(house)[-1] == ("maria", "customer_read", customer_id)


async def test_given_the_flag_or_not_when_opened_then_the_analytics_are_there_or_not(
    house: MemoryHouse,
) -> None:
    customer_id = await a_stored_customer(house)
    await a_paid_booking(house)

    without = await opened(customer_id, house)
    with_flag = await opened(customer_id, house, with_analytics=True)

    assert without.analytics is None
    assert with_flag.analytics is not None
    assert with_flag.analytics.to_vip_cents == 100_500


async def test_given_nobody_when_opened_then_it_is_refused_and_nothing_is_on_record(
    house: MemoryHouse,
) -> None:
    with pytest.raises(CustomerNotFoundError):
        await opened(an_id(), house)

    assert house.acts() == []


async def test_given_a_deleted_account_when_opened_then_only_money_and_bookings_are_left(
    house: MemoryHouse,
) -> None:
    customer_id = await a_deleted_customer(house)
    async with house.ports.unit_of_work() as uow:
        await uow.bookings.add(replace(a_booking(), customer_id=customer_id))
        await uow.commit()

    file = await opened(customer_id, house)

    assert (len(file.bookings), file.messages, file.notes) == (1, (), ())


async def test_given_words_when_written_then_they_are_kept_and_only_the_writing_is_on_record(
    house: MemoryHouse,
) -> None:
    customer_id = await a_stored_customer(house)

    note = await write_customer_note(customer_id, " has a dog\n", house.ports, staff_name="maria")
    contact = await log_contact(customer_id, CALLED, house.ports, staff_name="lou")

    notes = await list_customer_notes(customer_id, house.ports, limit=5)
    contacts = await list_contacts(customer_id, house.ports, limit=5)
    assert (notes.entries, contacts.entries) == ((note,), (contact,))
    assert (note.text, note.created_at) == ("has a dog", NOW)
    assert (contact.summary, contact.channel) == ("asked for a lift", ContactChannel.PHONE)
    assert acts(house) == [
        ("maria", "customer_note", customer_id),
        ("lou", "customer_contact", customer_id),
    ]
    assert not any("dog" in act.description or "lift" in act.description for act in house.acts())


@pytest.mark.parametrize("text", ["", "  \n", "x" * 2_001])
async def test_given_no_words_or_too_many_when_written_then_they_are_refused(
    house: MemoryHouse, text: str
) -> None:
    customer_id = await a_stored_customer(house)

    with pytest.raises(InvalidInputError) as note:
        await write_customer_note(customer_id, text, house.ports, staff_name="maria")
    told = NewContact(channel=CALLED.channel, direction=CALLED.direction, summary=text)
    with pytest.raises(InvalidInputError) as contact:
        await log_contact(customer_id, told, house.ports, staff_name="maria")

    assert [fault.field for fault in note.value.faults] == ["text"]
    assert [fault.field for fault in contact.value.faults] == ["summary"]
    assert house.acts() == []


async def test_given_an_account_that_was_deleted_when_written_about_then_it_is_not_found(
    house: MemoryHouse,
) -> None:
    customer_id = await a_deleted_customer(house)

    with pytest.raises(CustomerNotFoundError):
        await write_customer_note(customer_id, "has a dog", house.ports, staff_name="maria")
    with pytest.raises(CustomerNotFoundError):
        await log_contact(customer_id, CALLED, house.ports, staff_name="maria")
    with pytest.raises(CustomerNotFoundError):
        await list_customer_notes(an_id(), house.ports, limit=5)
    with pytest.raises(CustomerNotFoundError):
        await list_contacts(an_id(), house.ports, limit=5)

    assert house.database.customer_notes.rows == {}
