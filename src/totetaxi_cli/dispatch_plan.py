"""`totetaxi dispatch plan`."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from totetaxi_cli.command_options import DATE, AsJson
from totetaxi_cli.option_group import with_options

MOST_CREWS = 99

Day = Annotated[
    datetime, typer.Argument(metavar="YYYY-MM-DD", formats=[DATE], help="The day of the pickups.")
]


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanOptions:
    """With what a day is planned, and who drives it; `driver`, `yes` and `staff` are for `push`."""

    crews: Annotated[
        int | None,
        typer.Option(
            "--crews",
            min=1,
            max=MOST_CREWS,
            metavar="N",
            help="Crews that drive; those of the date, if not said.",
        ),
    ] = None
    matrix: Annotated[
        Path | None,
        typer.Option(
            "--matrix",
            metavar="FILE",
            exists=True,
            dir_okay=False,
            help="Minutes between places, .csv (from,to,minutes) or .json; the rest is estimated.",
        ),
    ] = None
    map_file: Annotated[
        Path | None,
        typer.Option(
            "--map",
            metavar="FILE",
            dir_okay=False,
            help="Draw the day into an .svg or .html file.",
        ),
    ] = None
    push: Annotated[
        bool, typer.Option("--push", help="Give the tasks to drivers at the courier's.")
    ] = False
    driver: Annotated[
        list[str] | None,
        typer.Option(
            "--driver",
            metavar="CREW=NAME",
            help="Who drives a crew's route, for --push; else drivers on duty, by name.",
        ),
    ] = None
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask before assigning.")] = False
    staff: Annotated[
        str | None,
        typer.Option(
            "--as",
            envvar="TOTETAXI_STAFF",
            metavar="NAME",
            help="Who assigns, for --push: on record.",
        ),
    ] = None


@with_options(PlanOptions)
def plan(options: PlanOptions, *, on: Day, json: AsJson = False) -> None:
    """Plan a day: which crew drives which booking, in which order, with which driving.

    Of the bookings that stand; nothing is stored. Times are New York's.

    Example: totetaxi dispatch plan 2026-12-01 --map day.html
    """
    from totetaxi_cli.day_plan_view import WantedPlan, plan_to_terminal

    if options.driver and not options.push:
        raise typer.BadParameter("says who drives what --push assigns", param_hint="--driver")
    wanted = WantedPlan.of(
        on.date(),
        crews=options.crews,
        matrix_file=options.matrix,
        map_file=options.map_file,
        as_json=json,
    )
    if not options.push:
        plan_to_terminal(wanted)
        return
    from totetaxi_cli.day_plan_push import WantedPush, push_to_terminal

    drivers = tuple(options.driver or ())
    push_to_terminal(wanted, WantedPush(drivers=drivers, staff=options.staff, yes=options.yes))
