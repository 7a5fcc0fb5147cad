"""`totetaxi codes`."""

from typing import Annotated

import typer

from totetaxi_cli.code_options import CodeLimits, NewCodeTerms
from totetaxi_cli.command_options import AsJson, Limit, Staff
from totetaxi_cli.option_group import with_options

app = typer.Typer(
    help="Discount codes: make, limit and pause them, and see who used them.",
    no_args_is_help=True,
)

Code = Annotated[str, typer.Argument(metavar="CODE", help="Such as VIP10; case does not matter.")]
Why = Annotated[
    str, typer.Option("--reason", metavar="TEXT", help="Why, for whoever asks later: on record.")
]


@app.command("list")
def list_(json: AsJson = False) -> None:
    """List the discount codes: what each takes off, how it stands, how often it is used.

    Example: totetaxi codes list
    """
    from totetaxi_cli.code_views import list_to_terminal

    list_to_terminal(as_json=json)


@app.command()
def show(code: Code, json: AsJson = False) -> None:
    """Show one discount code with its limits.

    Example: totetaxi codes show VIP10
    """
    from totetaxi_cli.code_views import show_to_terminal

    show_to_terminal(code, as_json=json)


@app.command()
@with_options(NewCodeTerms)
def create(
    terms: NewCodeTerms, *, code: Code, staff: Staff, reason: Why = "", json: AsJson = False
) -> None:
    """Make a discount code, good at once unless dates are given.

    Example: totetaxi codes create VIP10 --percent 10 --max-uses 100 --to 2030-12-31 --as maria
    """
    from totetaxi_cli.code_acts import create_to_terminal

    create_to_terminal(code, terms, reason=reason, staff=staff, as_json=json)


@app.command()
@with_options(CodeLimits)
def limit(
    limits: CodeLimits, *, code: Code, staff: Staff, reason: Why = "", json: AsJson = False
) -> None:
    """Change how often and when a code may be used; what is not said stays.

    Uses that stand are not taken back, also if the new limit is below them.

    Example: totetaxi codes limit VIP10 --max-uses 50 --to none --as maria
    """
    from totetaxi_cli.code_acts import limit_to_terminal

    limit_to_terminal(code, limits, reason=reason, staff=staff, as_json=json)


@app.command()
def pause(code: Code, staff: Staff, reason: Why = "", json: AsJson = False) -> None:
    """Let nobody use a code for now; prices quoted with it are honored for half an hour.

    Example: totetaxi codes pause VIP10 --reason "It leaked" --as maria
    """
    from totetaxi_cli.code_acts import pause_to_terminal

    pause_to_terminal(code, reason=reason, staff=staff, as_json=json)


@app.command()
def resume(code: Code, staff: Staff, reason: Why = "", json: AsJson = False) -> None:
    """Let customers use a paused code again.

    Example: totetaxi codes resume VIP10 --as maria
    """
    from totetaxi_cli.code_acts import resume_to_terminal

    resume_to_terminal(code, reason=reason, staff=staff, as_json=json)


@app.command()
def uses(
    code: Code,
    limit: Limit = 20,
    after: Annotated[
        str | None,
        typer.Option(
            "--after", metavar="PLACE", help="Older than this one: what the last list ended with."
        ),
    ] = None,
    json: AsJson = False,
) -> None:
    """List the bookings that have a use of a code, newest first, and what it took off.

    Example: totetaxi codes uses VIP10
    """
    from totetaxi_cli.code_views import uses_to_terminal

    uses_to_terminal(code, limit=limit, after=after, as_json=json)
