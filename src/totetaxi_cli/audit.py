"""`totetaxi audit`."""

from datetime import datetime
from typing import Annotated

import typer

from totetaxi_cli.command_options import OLDER, AsJson, Limit, Staff, day

app = typer.Typer(
    help="The record of what staff did and were refused: list it, check that nobody edited it.",
    no_args_is_help=True,
)


@app.command("list")
def list_(
    by: Annotated[
        str | None, typer.Option("--by", metavar="NAME", help="Only what they did.")
    ] = None,
    action: Annotated[
        str | None, typer.Option("--action", metavar="TEXT", help="Only this, as `login`.")
    ] = None,
    booking: Annotated[
        str | None, typer.Option("--booking", metavar="NUMBER", help="Only on this booking.")
    ] = None,
    refused: Annotated[bool, typer.Option("--refused", help="Only what was refused.")] = False,
    first: Annotated[
        datetime | None,
        day("--from", "First day in New York."),
    ] = None,
    last: Annotated[
        datetime | None,
        day("--to", "Last day."),
    ] = None,
    limit: Limit = 20,
    before: Annotated[
        int | None,
        typer.Option(
            "--before",
            min=1,
            metavar="N",
            help=OLDER,
        ),
    ] = None,
    json: AsJson = False,
) -> None:
    """List what staff did, newest first.

    Example: totetaxi audit list --by maria --refused
    """
    from totetaxi_cli.audit_views import Wanted, list_to_terminal

    wanted = Wanted(
        by=by,
        action=action,
        booking=booking,
        is_refused=True if refused else None,
        first=first.date() if first else None,
        last=last.date() if last else None,
    )
    list_to_terminal(wanted, before=before, limit=limit, as_json=json)


@app.command()
def verify(
    head: Annotated[
        str | None,
        typer.Option(
            "--head",
            metavar="N:DIGEST",
            help="What an earlier check ended with: shows whether the end was cut since.",
        ),
    ] = None,
    json: AsJson = False,
) -> None:
    """Check the whole chain of acts, and say where it was changed; exit 1 if it was.

    Keep the head it prints somewhere else: no later edit can undo it there.

    Example: totetaxi audit verify
    """
    from totetaxi_cli.audit_views import verify_to_terminal

    verify_to_terminal(head=head, as_json=json)


@app.command()
def erase(
    position: Annotated[int, typer.Argument(metavar="N", min=1, help="As `audit list` shows it.")],
    staff: Staff,
    reason: Annotated[str, typer.Option("--reason", metavar="TEXT", help="Why: on record.")],
) -> None:
    """Erase the personal values of an act, for ever; that it was done stays, and is still checked.

    Example: totetaxi audit erase 42 --reason "the customer asks" --as root
    """
    from totetaxi_cli.audit_views import erase_to_terminal

    erase_to_terminal(position, staff=staff, reason=reason)
