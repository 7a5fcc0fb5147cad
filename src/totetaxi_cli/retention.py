"""`totetaxi retention`."""

from typing import Annotated

import typer

from totetaxi_cli.command_options import AsJson, Staff

app = typer.Typer(
    help="What is kept, and for how long: count what is past its time, and let it go.",
    no_args_is_help=True,
)


@app.command()
def show(json: AsJson = False) -> None:
    """Count what is past its time; the worker lets it go hour by hour.

    Example: totetaxi retention show
    """
    from totetaxi_cli.retention_views import show_to_terminal

    show_to_terminal(as_json=json)


@app.command()
def run(
    staff: Staff,
    yes: Annotated[
        bool, typer.Option("--yes", help="Do it. Without, only what would go is counted.")
    ] = False,
    json: AsJson = False,
) -> None:
    """Let everything go that is past its time, for ever; of bookings the person, not the money.

    Goes on record. After a restore this erases again what had been erased since the backup. A
    booking that cannot be erased is named at the end, and exit is 1; all others go.

    Example: totetaxi retention run --yes --as root
    """
    from totetaxi_cli.retention_views import run_to_terminal

    run_to_terminal(staff=staff, is_sure=yes, as_json=json)
