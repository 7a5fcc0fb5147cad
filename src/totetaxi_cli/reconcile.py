"""`totetaxi reconcile`."""

from datetime import datetime
from typing import Annotated

import typer

DATE = ["%Y-%m-%d"]


def reconcile(
    begin: Annotated[
        datetime | None,
        typer.Option(
            "--from",
            metavar="YYYY-MM-DD",
            formats=DATE,
            help="First business day; two days before the last, if not said.",
        ),
    ] = None,
    end: Annotated[
        datetime | None,
        typer.Option(
            "--to",
            metavar="YYYY-MM-DD",
            formats=DATE,
            help="Last business day; today in New York, if not said.",
        ),
    ] = None,
    repair: Annotated[
        bool, typer.Option("--repair", help="Mend what has one right answer.")
    ] = False,
    json: Annotated[bool, typer.Option("--json", help="Print JSON for programs.")] = False,
) -> None:
    """Hold our records against Stripe's and Onfleet's, name what differs, mend it with --repair.

    At most 366 days at a time.

    Ends with 0 when nothing is left to mend, with 1 when something is. May be stopped at any time
    and run again.

    Example: totetaxi reconcile --from 2026-12-01 --to 2026-12-07 --repair
    """
    from totetaxi_cli.reconcile_view import reconcile_to_terminal

    reconcile_to_terminal(
        begin=begin.date() if begin else None,
        end=end.date() if end else None,
        repair=repair,
        as_json=json,
    )
