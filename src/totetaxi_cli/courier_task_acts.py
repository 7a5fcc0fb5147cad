"""Courier tasks made and looked at anew, from the terminal."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final
from uuid import UUID

import typer
from rich.console import Console
from rich.progress import Progress

from totetaxi_adapters.routing.plan_words import counted
from totetaxi_adapters.wiring import Wiring
from totetaxi_cli.command_wiring import run_with_stripe
from totetaxi_cli.output import moment, print_json, print_table
from totetaxi_cli.staff_commands import StaffCommand, as_staff
from totetaxi_core.bookings.look_up import look_up_status
from totetaxi_core.logistics.create_tasks import create_tasks
from totetaxi_core.logistics.sync_by_staff import SyncRound, TaskLook, sync_one, sync_open
from totetaxi_http.schemas.courier_task import CourierTaskEntry
from totetaxi_http.schemas.listed_task import (
    BookingTasksResponse,
    SyncedTaskResponse,
    SyncRoundResponse,
)

MOST_SYNCED: Final = 10_000


def create_to_terminal(number: str, *, staff: str, as_json: bool) -> None:
    """Have a booking's legs driven, and print its tasks.

    Raises:
        PermissionDeniedError: staff may not.
        BookingNotFoundError: no booking has the number.
        NotDrivableError: it is not confirmed, is over, or its time has passed.
        CourierTaskBusyError: somebody is at it.
        CourierUnavailableError, CourierMisconfiguredError: no answer; the tasks wait.
        CourierRefusedError: the courier never takes it as it is.
    """

    async def job(wiring: Wiring, staff_name: str) -> BookingTasksResponse:
        booking = await look_up_status(number, wiring.ports)
        tasks = await create_tasks(booking.id, wiring.ports, wiring.terms, staff_name=staff_name)
        results = tuple(map(CourierTaskEntry.of, tasks))
        return BookingTasksResponse(booking_id=booking.id, results=results)

    made = run_with_stripe(as_staff(staff, StaffCommand.DISPATCH_CREATE, job))
    if as_json:
        print_json(made)
        return
    print_table(
        ("task", "leg", "status", "from (UTC)", "until (UTC)", "at Onfleet", "tracking"),
        (
            (
                one.id,
                one.leg,
                one.status,
                moment(one.window_start_at),
                moment(one.window_end_at),
                one.onfleet_short_id,
                one.tracking_url,
            )
            for one in made.results
        ),
    )


def sync_to_terminal(task_id: UUID, *, staff: str, as_json: bool) -> None:
    """Look at one task, and print what changed.

    Raises:
        PermissionDeniedError: staff may not.
        CourierTaskNotFoundError: no task of ours has this id.
        CourierUnavailableError, CourierMisconfiguredError: no answer to go by.
    """

    async def job(wiring: Wiring, staff_name: str) -> TaskLook:
        return await sync_one(task_id, wiring.ports, wiring.terms, staff_name=staff_name)

    look = run_with_stripe(as_staff(staff, StaffCommand.DISPATCH_SYNC, job))
    if as_json:
        print_json(SyncedTaskResponse.from_look(look))
        return
    changed = ", ".join(name.replace("_", " ") for name in look.changed)
    typer.echo(f"{look.after.leg} is {look.after.status}; changed: {changed or 'nothing'}")


def sync_all_to_terminal(*, staff: str, as_json: bool) -> None:
    """Look at every task that is not over, with a bar, and print how many had news.

    Raises:
        PermissionDeniedError: staff may not.
        CourierUnavailableError, CourierMisconfiguredError: no answer; the next call goes on there.
    """

    async def job(wiring: Wiring, staff_name: str) -> SyncRound:
        with _shown() as show:
            return await sync_open(
                wiring.ports,
                wiring.terms,
                staff_name=staff_name,
                limit=MOST_SYNCED,
                on_progress=show,
            )

    ended = run_with_stripe(as_staff(staff, StaffCommand.DISPATCH_SYNC, job))
    if as_json:
        print_json(SyncRoundResponse.from_round(ended))
        return
    typer.echo(
        f"looked at {counted(ended.synced, 'task')}: {ended.changed} changed,"
        f" {counted(ended.refused, 'booking')} could not follow, {ended.left} left"
    )


@contextmanager
def _shown() -> Iterator[Callable[[int, int], None]]:
    """Show a bar on standard error where somebody looks at it."""
    console = Console(file=sys.stderr)
    with Progress(console=console, disable=not sys.stderr.isatty(), transient=True) as bar:
        task = bar.add_task("looking at tasks", total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)
