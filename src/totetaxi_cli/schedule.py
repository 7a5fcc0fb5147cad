"""`totetaxi schedule`."""

from typing import Annotated

import typer

from totetaxi_cli.command_options import AsJson, Limit, Staff
from totetaxi_cli.option_group import with_options
from totetaxi_cli.schedule_options import ScheduleOptions

app = typer.Typer(
    help="The schedule: when customers may book, and how many crews work.",
    no_args_is_help=True,
)

Dates = Annotated[
    str, typer.Argument(metavar="DATE[..DATE]", help="One date, or the first..the last of them.")
]
Why = Annotated[str, typer.Option("--reason", metavar="TEXT", help="Why: on record.")]


@app.command()
def show(
    month: Annotated[
        str | None, typer.Argument(metavar="[YYYY-MM]", help="This month, if not said.")
    ] = None,
    json: AsJson = False,
) -> None:
    """Show a month: closed days and why, holidays, crews and how many are taken.

    Example: totetaxi schedule show 2030-12
    """
    from totetaxi_cli.schedule_views import month_to_terminal

    month_to_terminal(month, as_json=json)


@app.command()
def settings(json: AsJson = False) -> None:
    """Show every setting of the schedule in effect.

    Example: totetaxi schedule settings
    """
    from totetaxi_cli.schedule_views import settings_to_terminal

    settings_to_terminal(as_json=json)


@app.command()
def history(limit: Limit = 20, json: AsJson = False) -> None:
    """List the versions of the schedule, newest first: who changed it, when and why.

    Example: totetaxi schedule history
    """
    from totetaxi_cli.schedule_views import history_to_terminal

    history_to_terminal(limit=limit, as_json=json)


@app.command()
def close(dates: Dates, staff: Staff, reason: Why, json: AsJson = False) -> None:
    """Close dates to customers; bookings that stand there stay, and are named.

    Example: totetaxi schedule close 2030-11-25..2030-11-29 --reason "Thanksgiving week" --as maria
    """
    from totetaxi_cli.schedule_acts import close_to_terminal

    close_to_terminal(dates, reason=reason, staff=staff, as_json=json)


@app.command("open")
def open_(dates: Dates, staff: Staff, reason: Why = "", json: AsJson = False) -> None:
    """Open dates: those staff closed, and single weekend days and holidays.

    Example: totetaxi schedule open 2030-12-21 --reason "the season" --as maria
    """
    from totetaxi_cli.schedule_acts import open_to_terminal

    open_to_terminal(dates, reason=reason, staff=staff, as_json=json)


@app.command()
def crews(
    when: Annotated[
        str, typer.Argument(metavar="DATE|WEEKDAY|default", help="2030-12-17, friday or default.")
    ],
    number: Annotated[
        str, typer.Argument(metavar="NUMBER|usual", help="`usual` takes an exception back.")
    ],
    staff: Staff,
    reason: Why = "",
    json: AsJson = False,
) -> None:
    """Set how many crews work on a date, on a weekday or usually.

    Fewer than are taken on a date is refused, and says which bookings are in the way.

    Example: totetaxi schedule crews 2030-12-17 5 --as maria
    """
    from totetaxi_cli.schedule_acts import crews_to_terminal

    crews_to_terminal(when, number, reason=reason, staff=staff, as_json=json)


@app.command("set")
@with_options(ScheduleOptions)
def set_(options: ScheduleOptions, *, staff: Staff, reason: Why = "", json: AsJson = False) -> None:
    """Change hours, closed weekdays, notice or horizon; what is not said stays.

    Example: totetaxi schedule set --closed-weekdays sunday --horizon-days 120 --as maria
    """
    from totetaxi_cli.schedule_acts import set_to_terminal

    set_to_terminal(options, reason=reason, staff=staff, as_json=json)
