"""Courier tasks on the terminal."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

import attrs
import typer

from totetaxi_adapters.wiring import Wiring
from totetaxi_cli.command_wiring import run
from totetaxi_cli.list_place import checked_place
from totetaxi_cli.output import moment, print_facts, print_json, print_table
from totetaxi_core.logistics.courier_task import CourierTaskStatus
from totetaxi_core.logistics.find_tasks import find_tasks, show_task, tasks_wanted
from totetaxi_http.schemas.listed_task import ListedTaskResponse, TaskFileResponse
from totetaxi_http.wire.page import place_of, place_text


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    status: CourierTaskStatus | None
    booking_number: str | None
    first_on: date | None
    last_on: date | None
    limit: int
    after: str | None


@attrs.frozen(kw_only=True)
class TaskListResponse:
    """`next` is where to ask on from, with --after; null at the end."""

    results: tuple[ListedTaskResponse, ...]
    next: str | None


def list_to_terminal(asked: Asked, *, as_json: bool) -> None:
    """Print a page of tasks.

    Raises:
        InvalidInputError: `after` is not what a list ended with.
    """
    place = place_of(checked_place(asked.after))

    async def job(wiring: Wiring) -> TaskListResponse:
        wanted = tasks_wanted(
            wiring.terms.zone,
            status=asked.status,
            booking_number=asked.booking_number,
            first_on=asked.first_on,
            last_on=asked.last_on,
        )
        async with wiring.ports.unit_of_work() as uow:
            page = await find_tasks(uow.dispatch_desk, wanted, before=place, limit=asked.limit)
        now = wiring.ports.clock()
        return TaskListResponse(
            results=tuple(ListedTaskResponse.from_found(one, at=now) for one in page.entries),
            next=place_text(page.oldest.place) if page.oldest else None,
        )

    page = run(job)
    if as_json:
        print_json(page)
        return
    print_table(
        ("task", "booking", "leg", "status", "from (UTC)", "until (UTC)", "driver", "warnings"),
        map(_row, page.results),
        empty="There is no such task.",
    )
    if page.next is not None:
        typer.echo(f"earlier ones: --after {page.next}")


def show_to_terminal(task_id: UUID, *, as_json: bool) -> None:
    """Print a task with its proof of delivery.

    Raises:
        CourierTaskNotFoundError: no task of ours has this id.
    """

    async def job(wiring: Wiring) -> TaskFileResponse:
        shown = await show_task(task_id, wiring.ports)
        url, now = wiring.terms.public_url, wiring.ports.clock()
        return TaskFileResponse.from_shown(shown, at=now, public_url=url)

    shown = run(job)
    if as_json:
        print_json(shown)
        return
    task = shown.task
    print_facts(
        [
            ("task", task.id),
            ("booking", f"{task.booking_number} ({task.booking_status})"),
            ("leg", task.leg),
            ("status", task.status),
            ("from (UTC)", moment(task.window_start_at)),
            ("until (UTC)", moment(task.window_end_at)),
            ("driver", task.worker_name),
            ("expected (UTC)", moment(task.estimated_arrival_at)),
            ("started (UTC)", moment(task.started_at)),
            ("done (UTC)", moment(task.completed_at)),
            ("at Onfleet", task.onfleet_short_id),
            ("tracking", task.tracking_url),
            ("warnings", ", ".join(task.warnings)),
            ("address", ", ".join(task.address_warnings)),
            ("refused", task.refusal),
            ("failed", task.failure_reason),
            ("driver's notes", task.driver_notes),
            ("looked at (UTC)", moment(task.last_synced_at)),
            *((one.file_name, one.url) for one in shown.proof),
        ]
    )


def _row(task: ListedTaskResponse) -> tuple[object, ...]:
    return (
        task.id,
        task.booking_number,
        task.leg,
        task.status,
        moment(task.window_start_at),
        moment(task.window_end_at),
        task.worker_name,
        ", ".join(task.warnings),
    )
