"""`totetaxi reports`."""

from datetime import datetime
from typing import Annotated

import typer

from totetaxi_cli.command_options import AsJson, day

app = typer.Typer(
    help="Reports from the ledger: revenue, tax and refunds by day.", no_args_is_help=True
)


@app.command()
def revenue(
    first: Annotated[
        datetime | None,
        day("--from", "First day in New York; that month's first, if not said."),
    ] = None,
    last: Annotated[
        datetime | None,
        day("--to", "Last day, at most 366 in all; today, if not said."),
    ] = None,
    json: AsJson = False,
) -> None:
    """Show what was earned, given back and lost on each day, and the sales tax.

    Example: totetaxi reports revenue --from 2026-11-01 --to 2026-11-30
    """
    from totetaxi_cli.report_views import revenue_to_terminal

    revenue_to_terminal(
        from_on=first.date() if first else None, to_on=last.date() if last else None, as_json=json
    )


@app.command("trial-balance")
def trial_balance(json: AsJson = False) -> None:
    """Show what each account of the ledger holds; exit 1 unless they add up to zero.

    Example: totetaxi reports trial-balance
    """
    from totetaxi_cli.report_views import trial_balance_to_terminal

    trial_balance_to_terminal(as_json=json)
