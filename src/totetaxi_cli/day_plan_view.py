"""A day's plan on the terminal, and in a file as a map."""

import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, tzinfo
from pathlib import Path
from typing import Final

import typer
from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from totetaxi_adapters.routing.day_map import day_map
from totetaxi_adapters.routing.day_page import day_page
from totetaxi_adapters.routing.matrix_file import read_matrix
from totetaxi_adapters.routing.plan_words import (
    clock,
    counted,
    leg_word,
    place_word,
    plan_summary,
    plan_title,
    route_title,
    unplanned_words,
)
from totetaxi_adapters.wiring import Wiring
from totetaxi_cli.command_wiring import run
from totetaxi_cli.output import print_json, print_table
from totetaxi_core.logistics.day_plan import CrewRoute, DayPlan
from totetaxi_core.logistics.driving import DrivingMatrix
from totetaxi_core.logistics.plan_day import plan_day
from totetaxi_core.refusal import FieldFault, InvalidInputError
from totetaxi_http.schemas.day_plan import DayPlanResponse

DRAWINGS: Final[Mapping[str, Callable[[DayPlan, tzinfo], str]]] = {
    ".svg": day_map,
    ".html": day_page,
    ".htm": day_page,
}
COLUMNS: Final = (
    "time",
    "until",
    "leg",
    "booking",
    "place",
    "drive min",
    "wait min",
    "late min",
    "cubic feet",
)
FIGURES: Final = frozenset(COLUMNS[5:])


@dataclass(frozen=True, kw_only=True)
class WantedPlan:
    """What was asked for. The matrix is read already; `map_file` ends in .svg or .html."""

    plan_on: date
    crews: int | None
    matrix: DrivingMatrix | None
    map_file: Path | None
    as_json: bool

    @classmethod
    def of(
        cls,
        plan_on: date,
        *,
        crews: int | None,
        matrix_file: Path | None,
        map_file: Path | None,
        as_json: bool,
    ) -> "WantedPlan":
        """Read the matrix, if there is one.

        Raises:
            InvalidInputError: the matrix is none, or the map's name does not say what to draw.
        """
        if map_file is not None and map_file.suffix.lower() not in DRAWINGS:
            message = "must end in .svg or .html"
            raise InvalidInputError([FieldFault(field="--map", code="invalid", message=message)])
        return cls(
            plan_on=plan_on,
            crews=crews,
            matrix=None if matrix_file is None else read_matrix(matrix_file, field="--matrix"),
            map_file=map_file,
            as_json=as_json,
        )


def plan_to_terminal(wanted: WantedPlan) -> None:
    """Plan the day, print it, and draw it if wanted.

    Raises:
        PlannerUnavailableError: there is no route solver, or it failed.
    """

    async def job(wiring: Wiring) -> DayPlan:
        return await show_plan(wanted, wiring)

    plan = run(job)
    if wanted.as_json:
        print_json(DayPlanResponse.from_plan(plan))


async def show_plan(wanted: WantedPlan, wiring: Wiring) -> DayPlan:
    """Plan the day; draw it, and print it unless a program asked."""
    with _shown(wanted.plan_on) as show:
        plan = await plan_day(
            wanted.plan_on,
            wiring.ports,
            wiring.terms,
            crews=wanted.crews,
            matrix=wanted.matrix,
            on_progress=show,
        )
    if not wanted.as_json:
        _print(plan, wiring.terms.zone, has_matrix=wanted.matrix is not None)
    if wanted.map_file is not None:
        _draw(plan, wiring.terms.zone, wanted.map_file)
    return plan


def _draw(plan: DayPlan, zone: tzinfo, file: Path) -> None:
    file.write_text(DRAWINGS[file.suffix.lower()](plan, zone), encoding="utf-8")
    typer.echo(f"drew {file}", err=True)


@contextmanager
def _shown(plan_on: date) -> Iterator[Callable[[int, int], None]]:
    """Show on standard error, where somebody looks at it, that work is done and for how long."""
    columns = (SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn())
    console = Console(file=sys.stderr)
    is_seen = sys.stderr.isatty()
    with Progress(*columns, console=console, disable=not is_seen, transient=True) as bar:
        task = bar.add_task(f"reading the bookings of {plan_on}", total=None)

        def show(bookings: int, crews: int) -> None:
            told = f"planning {counted(bookings, 'booking')} for {counted(crews, 'crew')}"
            bar.update(task, description=told)

        yield show


def _print(plan: DayPlan, zone: tzinfo, *, has_matrix: bool) -> None:
    typer.secho(plan_title(plan), bold=True)
    for route in plan.routes:
        print_table(COLUMNS, _rows(route, zone), title=route_title(route, zone), right=FIGURES)
    for one in plan.unplanned:
        typer.echo(f"unplanned {unplanned_words(one, zone)}")
    typer.echo(plan_summary(plan))
    drives, listed = plan.drives
    if has_matrix:
        typer.echo(f"{listed} of {counted(drives, 'drive')} by the matrix, the others estimated")


def _rows(route: CrewRoute, zone: tzinfo) -> Iterator[tuple[object, ...]]:
    for stop in route.stops:
        yield (
            clock(stop.begin_at, zone),
            clock(stop.depart_at, zone),
            leg_word(stop),
            stop.booking.booking_number,
            place_word(stop),
            stop.driving_minutes,
            stop.waiting_minutes or None,
            stop.late_minutes or None,
            stop.load_cubic_feet,
        )
