"""Staff write a note on a customer, log a contact with one, and read what was written."""

from dataclasses import dataclass
from uuid import UUID

from totetaxi_core.customers.customer import CustomerNotFoundError
from totetaxi_core.customers.customer_contact import (
    MAX_SUMMARY,
    ContactChannel,
    ContactDirection,
    CustomerContact,
)
from totetaxi_core.customers.customer_note import MAX_NOTE, CustomerNote
from totetaxi_core.page import Page, Place, page_of
from totetaxi_core.ports import Ports
from totetaxi_core.refusal import FieldFault, InvalidInputError
from totetaxi_core.staff.staff_act import StaffAct
from totetaxi_core.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True, kw_only=True)
class NewContact:
    """A contact as staff tell it."""

    channel: ContactChannel
    direction: ContactDirection
    summary: str


async def write_customer_note(
    customer_id: UUID, text: str, ports: Ports, *, staff_name: str
) -> CustomerNote:
    """Keep a note; that it was written goes on record, its words stay beside the customer.

    Raises:
        InvalidInputError: it is blank, or longer than 2,000 characters.
        CustomerNotFoundError: no customer has this id, or not any more.
    """
    note = CustomerNote(
        id=ports.ids.new_id(),
        customer_id=customer_id,
        staff_name=staff_name,
        text=_checked(text, field="text", longest=MAX_NOTE),
        created_at=ports.clock(),
    )
    async with ports.unit_of_work() as uow:
        await _lock(customer_id, uow)
        await uow.customer_notes.add(note)
        await uow.staff_acts.add(_act("customer_note", "wrote a note on a customer", note, ports))
        await uow.commit()
    return note


async def log_contact(
    customer_id: UUID, told: NewContact, ports: Ports, *, staff_name: str
) -> CustomerContact:
    """Keep a contact; that there was one goes on record, its words stay beside the customer.

    Raises:
        InvalidInputError: the summary is blank, or longer than 2,000 characters.
        CustomerNotFoundError: no customer has this id, or not any more.
    """
    contact = CustomerContact(
        id=ports.ids.new_id(),
        customer_id=customer_id,
        channel=told.channel,
        direction=told.direction,
        summary=_checked(told.summary, field="summary", longest=MAX_SUMMARY),
        staff_name=staff_name,
        created_at=ports.clock(),
    )
    said = f"logged a contact with a customer: {told.direction}, {told.channel}"
    async with ports.unit_of_work() as uow:
        await _lock(customer_id, uow)
        await uow.customer_contacts.add(contact)
        await uow.staff_acts.add(_act("customer_contact", said, contact, ports))
        await uow.commit()
    return contact


async def list_customer_notes(
    customer_id: UUID,
    ports: Ports,
    *,
    before: Place | None = None,
    after: Place | None = None,
    limit: int,
) -> Page[CustomerNote]:
    """Return at most `limit` notes, the newest, or next to a place.

    Raises:
        CustomerNotFoundError: no customer has this id.
    """
    async with ports.unit_of_work() as uow:
        await uow.customers.get(customer_id)
        found = await uow.customer_notes.page(
            customer_id, before=before, after=after, limit=limit + 1
        )
    return page_of(found, before=before, after=after, limit=limit)


async def list_contacts(
    customer_id: UUID,
    ports: Ports,
    *,
    before: Place | None = None,
    after: Place | None = None,
    limit: int,
) -> Page[CustomerContact]:
    """Return at most `limit` contacts, the newest, or next to a place.

    Raises:
        CustomerNotFoundError: no customer has this id.
    """
    async with ports.unit_of_work() as uow:
        await uow.customers.get(customer_id)
        found = await uow.customer_contacts.page(
            customer_id, before=before, after=after, limit=limit + 1
        )
    return page_of(found, before=before, after=after, limit=limit)


async def _lock(customer_id: UUID, uow: UnitOfWork) -> None:
    """Keep a deletion waiting: it will find, and erase, what is written now."""
    customer = await uow.customers.get(customer_id, lock=True)
    if customer.deleted_at is not None:
        raise CustomerNotFoundError("this account was deleted")


def _checked(text: str, *, field: str, longest: int) -> str:
    text = text.strip()
    if not 1 <= len(text) <= longest:
        message = f"must be 1 to {longest} characters"
        raise InvalidInputError([FieldFault(field=field, code="bad_length", message=message)])
    return text


def _act(
    action_type: str, said: str, written: CustomerNote | CustomerContact, ports: Ports
) -> StaffAct:
    return StaffAct(
        id=ports.ids.new_id(),
        staff_name=written.staff_name,
        action_type=action_type,
        description=said,
        booking_id=None,
        created_at=written.created_at,
        customer_id=written.customer_id,
    )
