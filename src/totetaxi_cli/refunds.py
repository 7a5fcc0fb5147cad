"""`totetaxi refunds`."""

from typing import Annotated
from uuid import UUID

import typer

from totetaxi_cli.command_options import AfterId, AsJson, Limit, Number, Staff
from totetaxi_core.payments.refund import RefundStatus

app = typer.Typer(
    help="Refunds: ask for them, approve or reject them, list them.", no_args_is_help=True
)

RefundId = Annotated[UUID, typer.Argument(metavar="ID", help="As `refunds list` shows it.")]


@app.command()
def request(
    number: Number,
    staff: Staff,
    reason: Annotated[str, typer.Option("--reason", metavar="TEXT", help="Why: on record.")],
    amount_cents: Annotated[
        int | None,
        typer.Option("--amount-cents", min=1, metavar="N", help="Else all that is left."),
    ] = None,
    json: AsJson = False,
) -> None:
    """Ask for a refund of what a booking paid; it is sent once it is approved.

    Example: totetaxi refunds request TT-7K2M9XQ4 --as maria --reason "a box was wet"
    --amount-cents 5000
    """
    from totetaxi_cli.refund_acts import request_to_terminal

    request_to_terminal(number, staff=staff, reason=reason, amount_cents=amount_cents, as_json=json)


@app.command()
def approve(refund_id: RefundId, staff: Staff, json: AsJson = False) -> None:
    """Approve a refund: the worker sends it to Stripe.

    Example: totetaxi refunds approve 5f0c8f0e-6d43-4c0a-9a53-2a8f0e1c7b55 --as lou
    """
    from totetaxi_cli.refund_acts import approve_to_terminal

    approve_to_terminal(refund_id, staff=staff, as_json=json)


@app.command()
def reject(refund_id: RefundId, staff: Staff, json: AsJson = False) -> None:
    """Reject a refund: its amount may be asked for again.

    Example: totetaxi refunds reject 5f0c8f0e-6d43-4c0a-9a53-2a8f0e1c7b55 --as lou
    """
    from totetaxi_cli.refund_acts import reject_to_terminal

    reject_to_terminal(refund_id, staff=staff, as_json=json)


@app.command("list")
def list_(
    status: Annotated[RefundStatus | None, typer.Option("--status", help="Only those.")] = None,
    limit: Limit = 20,
    after: AfterId = None,
    json: AsJson = False,
) -> None:
    """List refunds, newest first.

    Example: totetaxi refunds list --status requested
    """
    from totetaxi_cli.refund_views import list_to_terminal

    list_to_terminal(status=status, limit=limit, after=after, as_json=json)
