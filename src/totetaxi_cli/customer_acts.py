"""Write a note on a customer, log a contact with one, delete an account."""

from uuid import UUID

import typer

from totetaxi_adapters.wiring import Wiring
from totetaxi_cli.command_wiring import run
from totetaxi_cli.output import print_facts, print_json
from totetaxi_cli.staff_commands import StaffCommand, as_staff
from totetaxi_core.customers.customer_contact import (
    ContactChannel,
    ContactDirection,
    CustomerContact,
)
from totetaxi_core.customers.customer_note import CustomerNote
from totetaxi_core.customers.delete_account import delete_account_for
from totetaxi_core.customers.look_up_customer import look_up_customer
from totetaxi_core.customers.write_customer_note import (
    NewContact,
    log_contact,
    write_customer_note,
)
from totetaxi_http.schemas.customer_note import CustomerContactResponse, CustomerNoteResponse


def note_to_terminal(reference: str, text: str, *, staff: str, as_json: bool) -> None:
    """Write a note and show it.

    Raises:
        InvalidInputError: no name, no text, or too much of it.
        PermissionDeniedError: staff may not.
        CustomerNotFoundError: there is none.
    """

    async def job(wiring: Wiring, staff_name: str) -> CustomerNote:
        customer = await look_up_customer(reference, wiring.ports)
        return await write_customer_note(customer.id, text, wiring.ports, staff_name=staff_name)

    note = run(as_staff(staff, StaffCommand.CUSTOMERS_NOTE, job))
    if as_json:
        print_json(CustomerNoteResponse.from_note(note))
        return
    print_facts([("note", note.id), ("by", note.staff_name), ("text", note.text)])


def contact_to_terminal(
    reference: str,
    *,
    channel: ContactChannel,
    direction: ContactDirection,
    summary: str,
    staff: str,
    as_json: bool,
) -> None:
    """Log a contact and show it.

    Raises:
        InvalidInputError: no name, no summary, or too much of it.
        PermissionDeniedError: staff may not.
        CustomerNotFoundError: there is none.
    """
    told = NewContact(channel=channel, direction=direction, summary=summary)

    async def job(wiring: Wiring, staff_name: str) -> CustomerContact:
        customer = await look_up_customer(reference, wiring.ports)
        return await log_contact(customer.id, told, wiring.ports, staff_name=staff_name)

    contact = run(as_staff(staff, StaffCommand.CUSTOMERS_CONTACT, job))
    if as_json:
        print_json(CustomerContactResponse.from_contact(contact))
        return
    print_facts(
        [
            ("contact", contact.id),
            ("by", contact.staff_name),
            ("how", f"{contact.channel}, {contact.direction}"),
            ("summary", contact.summary),
        ]
    )


def delete_from_terminal(reference: str, *, staff: str, reason: str) -> None:
    """Delete an account and say so.

    Raises:
        InvalidInputError: no name, or no reason.
        PermissionDeniedError: staff may not.
        CustomerNotFoundError: there is none, or not any more.
        AccountHasOpenBookingsError: not all of its bookings are over.
    """

    async def job(wiring: Wiring, staff_name: str) -> UUID:
        customer = await look_up_customer(reference, wiring.ports)
        ports, terms = wiring.ports, wiring.terms
        await delete_account_for(customer, ports, terms, reason=reason, staff_name=staff_name)
        return customer.id

    typer.echo(f"deleted account {run(as_staff(staff, StaffCommand.CUSTOMERS_DELETE, job))}")
