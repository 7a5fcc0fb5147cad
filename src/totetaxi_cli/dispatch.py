"""`totetaxi dispatch`."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

import typer

from totetaxi_cli import dispatch_plan
from totetaxi_cli.command_options import DATE, AsJson, Limit, Number, Staff, day
from totetaxi_core.logistics.courier_task import CourierTaskStatus

app = typer.Typer(
    help="Moving day: the board, the courier's tasks and drivers, and the day's plan.",
    no_args_is_help=True,
)
tasks = typer.Typer(help="The courier's tasks, one per leg of a booking.", no_args_is_help=True)
app.add_typer(tasks, name="tasks")
app.command()(dispatch_plan.plan)

TaskId = Annotated[UUID, typer.Argument(metavar="TASK", help="As `dispatch tasks list` shows it.")]
MaybeStaff = Annotated[
    str | None,
    typer.Option("--as", envvar="TOTETAXI_STAFF", metavar="NAME", help="Who does this: on record."),
]


@app.command()
def dashboard(json: AsJson = False) -> None:
    """Show what is under way, today's tasks by status, and what is late, failed or waits.

    Example: totetaxi dispatch dashboard
    """
    from totetaxi_cli.dispatch_views import dashboard_to_terminal

    dashboard_to_terminal(as_json=json)


@app.command()
def board(
    on: Annotated[
        datetime | None,
        typer.Argument(
            metavar="[YYYY-MM-DD]", formats=[DATE], help="The day of the pickups; today's if none."
        ),
    ] = None,
    json: AsJson = False,
) -> None:
    """Show a day's bookings, each with its legs: driver, times and warnings. Times are New York's.

    Example: totetaxi dispatch board 2026-12-01
    """
    from totetaxi_cli.dispatch_views import board_to_terminal

    board_to_terminal(None if on is None else on.date(), as_json=json)


@tasks.command("list")
def list_(
    status: Annotated[
        CourierTaskStatus | None, typer.Option("--status", help="Only those.")
    ] = None,
    number: Annotated[
        str | None, typer.Option("--booking", metavar="NUMBER", help="Of this booking alone.")
    ] = None,
    date_from: Annotated[
        datetime | None, day("--from", "Whose window starts on that day or later.")
    ] = None,
    date_to: Annotated[
        datetime | None, day("--to", "Whose window starts on that day or before.")
    ] = None,
    limit: Limit = 20,
    after: Annotated[
        str | None,
        typer.Option("--after", metavar="TEXT", help="Earlier: what the last list ended with."),
    ] = None,
    json: AsJson = False,
) -> None:
    """List tasks by the start of their window, the last first; deleted ones if asked for.

    Example: totetaxi dispatch tasks list --status failed
    """
    from totetaxi_cli.courier_task_views import Asked, list_to_terminal

    asked = Asked(
        status=status,
        booking_number=number,
        first_on=None if date_from is None else date_from.date(),
        last_on=None if date_to is None else date_to.date(),
        limit=limit,
        after=after,
    )
    list_to_terminal(asked, as_json=json)


@tasks.command()
def show(task_id: TaskId, json: AsJson = False) -> None:
    """Show a task with its tracking link and proof of delivery.

    Example: totetaxi dispatch tasks show 1f0e9a52-6a0f-4d7c-9d3a-0b8f1a6f2c11
    """
    from totetaxi_cli.courier_task_views import show_to_terminal

    show_to_terminal(task_id, as_json=json)


@app.command()
def create(number: Number, staff: Staff, json: AsJson = False) -> None:
    """Have the courier drive what it does not have yet of a booking; deleted tasks are made anew.

    Example: totetaxi dispatch create TT-7K2M9XQ4 --as maria
    """
    from totetaxi_cli.courier_task_acts import create_to_terminal

    create_to_terminal(number, staff=staff, as_json=json)


@app.command()
def sync(
    staff: Staff,
    task_id: Annotated[
        UUID | None, typer.Argument(metavar="[TASK]", help="As `dispatch tasks list` shows it.")
    ] = None,
    every: Annotated[bool, typer.Option("--all", help="Every task that is not over.")] = False,
    json: AsJson = False,
) -> None:
    """Ask the courier how a task stands, or all that are not over, and store that.

    Example: totetaxi dispatch sync --all --as maria
    """
    from totetaxi_cli.courier_task_acts import sync_all_to_terminal, sync_to_terminal

    if every == (task_id is not None):
        raise typer.BadParameter("name one TASK, or --all", param_hint="TASK")
    if task_id is None:
        sync_all_to_terminal(staff=staff, as_json=json)
    else:
        sync_to_terminal(task_id, staff=staff, as_json=json)


@app.command()
def workers(json: AsJson = False) -> None:
    """List the courier's drivers, and who is on duty.

    Example: totetaxi dispatch workers
    """
    from totetaxi_cli.courier_views import workers_to_terminal

    workers_to_terminal(as_json=json)


@app.command()
def webhooks(
    register: Annotated[
        bool, typer.Option("--register", help="Make what is missing, enable what is disabled.")
    ] = False,
    staff: MaybeStaff = None,
    json: AsJson = False,
) -> None:
    """List what the courier tells us of; the service must be up for --register, and needs --as.

    Example: totetaxi dispatch webhooks --register --as root
    """
    from totetaxi_cli.courier_views import register_to_terminal, webhooks_to_terminal

    if not register:
        webhooks_to_terminal(as_json=json)
        return
    if staff is None:
        raise typer.BadParameter("say who registers them", param_hint="--as")
    register_to_terminal(staff=staff, as_json=json)
