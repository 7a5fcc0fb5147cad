"""`totetaxi payments`."""

from datetime import datetime
from typing import Annotated

import typer

from totetaxi_cli.command_options import AsJson, Limit, Number, Staff, day
from totetaxi_core.payments.payment import PaymentPurpose, PaymentStatus

app = typer.Typer(help="Payments: list them, send a guest a new link to pay.", no_args_is_help=True)


@app.command("list")
def list_(
    status: Annotated[PaymentStatus | None, typer.Option("--status", help="Only those.")] = None,
    purpose: Annotated[PaymentPurpose | None, typer.Option("--purpose", help="Only those.")] = None,
    number: Annotated[
        str | None, typer.Option("--booking", metavar="NUMBER", help="Of this booking alone.")
    ] = None,
    first: Annotated[
        datetime | None,
        day("--from", "Made in New York on or after."),
    ] = None,
    last: Annotated[
        datetime | None,
        day("--to", "Made in New York on or before."),
    ] = None,
    limit: Limit = 20,
    after: Annotated[
        str | None,
        typer.Option("--after", metavar="TEXT", help="Older: what the last list ended with."),
    ] = None,
    json: AsJson = False,
) -> None:
    """List payments, newest first.

    Example: totetaxi payments list --status succeeded --from 2026-11-01
    """
    from totetaxi_cli.payment_views import Asked, list_to_terminal

    asked = Asked(
        status=status,
        purpose=purpose,
        number=number,
        first_on=first.date() if first else None,
        last_on=last.date() if last else None,
        limit=limit,
        after=after,
    )
    list_to_terminal(asked, as_json=json)


@app.command()
def link(number: Number, staff: Staff, json: AsJson = False) -> None:
    """Mail a new link to pay a booking; what could pay it before is closed first.

    Example: totetaxi payments link TT-7K2M9XQ4 --as maria
    """
    from totetaxi_cli.payment_link import link_to_terminal

    link_to_terminal(number, staff=staff, as_json=json)
