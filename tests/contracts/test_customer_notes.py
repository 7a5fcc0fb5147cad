from datetime import datetime, timedelta
from uuid import UUID

from tests.builders import NOW, a_customer, an_id
from tests.contracts.conftest import UowFactory
from totetaxi_core.customers.customer_contact import (
    ContactChannel,
    ContactDirection,
    CustomerContact,
)
from totetaxi_core.customers.customer_note import CustomerNote
from totetaxi_core.page import Place


def a_note(customer_id: UUID, *, created_at: datetime = NOW) -> CustomerNote:
    return CustomerNote(
        id=an_id(),
        customer_id=customer_id,
        staff_name="maria",
        text="Rings twice.\nHas a dog",
        created_at=created_at,
    )


def a_contact_with(customer_id: UUID, *, created_at: datetime = NOW) -> CustomerContact:
    return CustomerContact(
        id=an_id(),
        customer_id=customer_id,
        channel=ContactChannel.IN_PERSON,
        direction=ContactDirection.OUTBOUND,
        summary="Agreed on Tuesday",
        staff_name="maria",
        created_at=created_at,
    )


async def two_customers(uow_factory: UowFactory) -> tuple[UUID, UUID]:
    ada, eve = a_customer(email="ada@example.com"), a_customer(email="eve@example.com")
    async with uow_factory() as uow:
        await uow.customers.add(ada)
        await uow.customers.add(eve)
        await uow.commit()
    return ada.id, eve.id


async def test_given_notes_when_walked_by_pages_then_each_comes_once_both_ways(
    uow_factory: UowFactory,
) -> None:
    ada, eve = await two_customers(uow_factory)
    notes = [a_note(ada, created_at=NOW + timedelta(minutes=n // 2)) for n in range(5)]
    async with uow_factory() as uow:
        for note in (*notes, a_note(eve)):
            await uow.customer_notes.add(note)
        await uow.commit()
    newest_first = sorted(notes, key=Place.of, reverse=True)

    async with uow_factory() as uow:
        first = await uow.customer_notes.page(ada, limit=2)
        rest = await uow.customer_notes.page(ada, before=Place.of(first[-1]), limit=9)
        back = await uow.customer_notes.page(ada, after=Place.of(rest[0]), limit=1)

    assert [*first, *rest] == newest_first
    assert back == (newest_first[1],)


async def test_given_contacts_when_walked_by_pages_then_each_comes_once_both_ways(
    uow_factory: UowFactory,
) -> None:
    ada, eve = await two_customers(uow_factory)
    contacts = [a_contact_with(ada, created_at=NOW + timedelta(minutes=n // 2)) for n in range(5)]
    async with uow_factory() as uow:
        for contact in (*contacts, a_contact_with(eve)):
            await uow.customer_contacts.add(contact)
        await uow.commit()
    newest_first = sorted(contacts, key=Place.of, reverse=True)

    async with uow_factory() as uow:
        first = await uow.customer_contacts.page(ada, limit=2)
        rest = await uow.customer_contacts.page(ada, before=Place.of(first[-1]), limit=9)
        back = await uow.customer_contacts.page(ada, after=Place.of(rest[0]), limit=1)

    assert [*first, *rest] == newest_first
    assert back == (newest_first[1],)


async def test_given_two_customers_when_one_is_forgotten_then_the_others_words_stay(
    uow_factory: UowFactory,
) -> None:
    ada, eve = await two_customers(uow_factory)
    kept = a_note(eve), a_contact_with(eve)
    async with uow_factory() as uow:
        for customer_id in (ada, ada):
            await uow.customer_notes.add(a_note(customer_id))
            await uow.customer_contacts.add(a_contact_with(customer_id))
        await uow.customer_notes.add(kept[0])
        await uow.customer_contacts.add(kept[1])
        await uow.commit()

    async with uow_factory() as uow:
        await uow.customer_notes.forget(ada)
        await uow.customer_contacts.forget(ada)
        await uow.commit()

    async with uow_factory() as uow:
        of_ada = await uow.customer_notes.page(ada, limit=9)
        of_eve = await uow.customer_notes.page(eve, limit=9)
        with_ada = await uow.customer_contacts.page(ada, limit=9)
        with_eve = await uow.customer_contacts.page(eve, limit=9)
    assert (of_ada, with_ada) == ((), ())
    assert (of_eve, with_eve) == ((kept[0],), (kept[1],))
