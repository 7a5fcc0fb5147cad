"""`totetaxi customers`."""

from typing import Annotated

import typer

from totetaxi_cli.command_options import AfterId, AsJson, Limit, Staff
from totetaxi_core.customers.customer_contact import ContactChannel, ContactDirection

app = typer.Typer(
    help="Customers with an account: find, open and delete them, write notes, log contacts.",
    no_args_is_help=True,
)

Customer = Annotated[
    str, typer.Argument(metavar="CUSTOMER", help="An e-mail address, or an id of `customers list`.")
]


@app.command("list")
def list_(
    search: Annotated[
        str | None,
        typer.Option(
            "--search",
            metavar="TEXT",
            help="A telephone or booking number, or how an e-mail address, whole or last name"
            " begins.",
        ),
    ] = None,
    limit: Limit = 20,
    after: AfterId = None,
    json: AsJson = False,
) -> None:
    """List customers, newest first.

    Example: totetaxi customers list --search lovelace
    """
    from totetaxi_cli.customer_views import list_to_terminal

    list_to_terminal(search=search, is_vip=None, limit=limit, after=after, as_json=json)


@app.command()
def vip(limit: Limit = 20, after: AfterId = None, json: AsJson = False) -> None:
    """List those who have spent $2,000.00 or more, net, newest account first.

    Example: totetaxi customers vip
    """
    from totetaxi_cli.customer_views import list_to_terminal

    list_to_terminal(search=None, is_vip=True, limit=limit, after=after, as_json=json)


@app.command()
def show(customer: Customer, staff: Staff, json: AsJson = False) -> None:
    """Show a customer: bookings, money, addresses, messages, notes, contacts; it is on record.

    Example: totetaxi customers show ada@example.com --as maria
    """
    from totetaxi_cli.customer_views import show_to_terminal

    show_to_terminal(customer, staff=staff, as_json=json)


@app.command()
def note(
    customer: Customer,
    text: Annotated[str, typer.Argument(metavar="TEXT", help="At most 2,000 characters.")],
    staff: Staff,
    json: AsJson = False,
) -> None:
    """Write a note on a customer, for other staff.

    Example: totetaxi customers note ada@example.com "prefers to be called" --as maria
    """
    from totetaxi_cli.customer_acts import note_to_terminal

    note_to_terminal(customer, text, staff=staff, as_json=json)


@app.command()
def contact(
    customer: Customer,
    staff: Staff,
    channel: Annotated[ContactChannel, typer.Option("--channel", help="How you spoke.")],
    direction: Annotated[
        ContactDirection, typer.Option("--direction", help="Inbound: they came to us.")
    ],
    summary: Annotated[str, typer.Option("--summary", metavar="TEXT", help="What about.")],
    json: AsJson = False,
) -> None:
    """Log that you spoke or wrote with a customer.

    Example: totetaxi customers contact ada@example.com --as maria --channel phone
    --direction inbound --summary "asked for nine o'clock"
    """
    from totetaxi_cli.customer_acts import contact_to_terminal

    contact_to_terminal(
        customer,
        channel=channel,
        direction=direction,
        summary=summary,
        staff=staff,
        as_json=json,
    )


@app.command()
def delete(
    customer: Customer,
    staff: Staff,
    reason: Annotated[
        str, typer.Option("--reason", metavar="TEXT", help="Why: on record, so without a name.")
    ],
) -> None:
    """Delete the account of a customer who asks for it, for ever, as they themselves could.

    Their person goes, from bookings too; what was paid stays. Refused while a booking is not over.

    Example: totetaxi customers delete ada@example.com --reason "asked by letter" --as root
    """
    from totetaxi_cli.customer_acts import delete_from_terminal

    delete_from_terminal(customer, staff=staff, reason=reason)
