"""`totetaxi explain`."""

from typing import Annotated

import typer

from totetaxi_cli.command_options import AsJson, Number


def explain(
    number: Number,
    all_rules: Annotated[
        bool, typer.Option("--all", help="Also the rules for other services, and those inactive.")
    ] = False,
    json: AsJson = False,
) -> None:
    """Say why a booking costs what it costs: its lines, and each surcharge rule with its reason.

    Example: totetaxi explain TT-7K2M9XQ4
    """
    from totetaxi_cli.explanation_view import explain_to_terminal

    explain_to_terminal(number, all_rules=all_rules, as_json=json)
