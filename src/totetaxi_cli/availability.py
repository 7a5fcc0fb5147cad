"""`totetaxi availability`."""

from typing import Annotated

import typer

from totetaxi_cli.option_group import with_options
from totetaxi_cli.order_options import ChoiceOptions


@with_options(ChoiceOptions)
def availability(
    options: ChoiceOptions,
    start: Annotated[
        str | None,
        typer.Option(
            "--from", metavar="YYYY-MM-DD", help="First date; today in New York, if not said."
        ),
    ] = None,
    end: Annotated[
        str | None,
        typer.Option(
            "--to",
            metavar="YYYY-MM-DD",
            help="Last date, at most 62 days in all; two weeks on, if not said.",
        ),
    ] = None,
    json: Annotated[
        bool, typer.Option("--json", help="Print what HTTP's availability answers.")
    ] = False,
) -> None:
    """Show how many crews are left at each start, and why a date is closed.

    The crews are those free for the whole service: a longer one leaves fewer.

    Example: totetaxi availability --from 2026-12-01 --to 2026-12-14 --service mini_move
    --package full
    """
    from totetaxi_cli.crew_table import show_crews

    show_crews(options, start=start, end=end, as_json=json)
