"""`totetaxi jobs`."""

from typing import Annotated
from uuid import UUID

import typer

from totetaxi_cli.command_options import AsJson, Limit, Staff

app = typer.Typer(
    help="What is owed: list what failed or is late, and have it tried again.",
    no_args_is_help=True,
)


@app.command("list")
def list_(
    limit: Limit = 20,
    json: AsJson = False,
) -> None:
    """List what failed, what is tried again after an error, and what is late; oldest first.

    Example: totetaxi jobs list --limit 50
    """
    from totetaxi_cli.job_views import list_to_terminal

    list_to_terminal(limit=limit, as_json=json)


@app.command()
def retry(
    effect_id: Annotated[UUID, typer.Argument(metavar="ID", help="As `jobs list` shows it.")],
    staff: Staff,
    json: AsJson = False,
) -> None:
    """Have one that failed tried again; the worker takes it up within seconds.

    Example: totetaxi jobs retry 0d4d4ca6-6a43-4f4e-9d55-0a3f7bb0e6a1 --as maria
    """
    from totetaxi_cli.job_views import retry_to_terminal

    retry_to_terminal(effect_id, staff=staff, as_json=json)
