"""The board of a day, and moving day at a glance, on the terminal."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta, tzinfo
from typing import Final

import attrs
import typer

from totetaxi_adapters.routing.plan_words import counted
from totetaxi_adapters.wiring import Wiring
from totetaxi_cli.command_wiring import run
from totetaxi_cli.elapsed import spoken
from totetaxi_cli.output import moment, print_facts, print_json, print_table
from totetaxi_core.logistics.dispatch_dashboard import dispatch_board, dispatch_dashboard
from totetaxi_http.schemas.dispatch_board import BoardLegResponse, BoardResponse
from totetaxi_http.schemas.dispatch_dashboard import (
    DispatchDashboardResponse,
    TaskCountsResponse,
)
from totetaxi_http.schemas.listed_task import ListedTaskResponse

BOARD: Final = (
    "booking",
    "pickup",
    "customer",
    "phone",
    "leg",
    "status",
    "place",
    "until",
    "driver",
    "expected",
    "done",
    "warnings",
)


def board_to_terminal(on: date | None, *, as_json: bool) -> None:
    """Print the board of a day, today's if not said."""

    async def job(wiring: Wiring) -> tuple[BoardResponse, tzinfo]:
        terms = wiring.terms
        board = await dispatch_board(wiring.ports, terms, on=on)
        return BoardResponse.from_board(board, public_url=terms.public_url), terms.zone

    board, zone = run(job)
    if as_json:
        print_json(board)
        return
    print_table(
        BOARD,
        _rows(board, zone),
        title=f"Board of {board.date}",
        empty=f"Nothing is to be driven on {board.date}.",
    )
    proofs = sum(len(one.proof) for one in board.bookings)
    typer.echo(f"{counted(len(board.bookings), 'booking')}, {counted(proofs, 'proof')} of delivery")


def dashboard_to_terminal(*, as_json: bool) -> None:
    """Print moving day at a glance."""

    async def job(wiring: Wiring) -> DispatchDashboardResponse:
        seen = await dispatch_dashboard(wiring.ports, wiring.terms)
        return DispatchDashboardResponse.from_dashboard(seen)

    seen = run(job)
    if as_json:
        print_json(seen)
        return
    names = tuple(field.name for field in attrs.fields(TaskCountsResponse))
    counts = [getattr(seen.today, name) for name in names]
    print_table(names, [counts], title=f"Tasks of {seen.date}", right=frozenset(names))
    _print_tasks("Under way", seen.active_deliveries)
    _print_tasks("Late", seen.late)
    _print_tasks("Failed", seen.failed)
    print_facts(_facts(seen))


def _rows(board: BoardResponse, zone: tzinfo) -> Iterator[tuple[object, ...]]:
    for entry in board.bookings:
        about: tuple[object, ...] = (
            entry.booking_number,
            _clock(entry.pickup_at, zone),
            entry.full_name,
            entry.phone,
        )
        places = {"pickup": entry.pickup_city, "dropoff": entry.delivery_city}
        for number, leg in enumerate(entry.legs):
            first = about if number == 0 else ("",) * len(about)
            yield (*first, *_leg(leg, places[leg.leg], zone))


def _leg(leg: BoardLegResponse, place: str | None, zone: tzinfo) -> tuple[object, ...]:
    return (
        leg.leg,
        leg.status,
        place,
        _clock(leg.window_end_at, zone),
        leg.worker_name,
        _clock(leg.estimated_arrival_at, zone),
        _clock(leg.completed_at, zone),
        "; ".join((*leg.warnings, *leg.details)),
    )


def _print_tasks(title: str, tasks: Sequence[ListedTaskResponse]) -> None:
    if not tasks:
        return
    print_table(
        ("task", "booking", "leg", "status", "driver", "until (UTC)", "warnings"),
        (
            (
                one.id,
                one.booking_number,
                one.leg,
                one.status,
                one.worker_name,
                moment(one.window_end_at),
                ", ".join(one.warnings),
            )
            for one in tasks
        ),
        title=title,
    )


def _facts(seen: DispatchDashboardResponse) -> list[tuple[str, object]]:
    backlog, sync, worker = seen.backlog, seen.sync, seen.worker
    silent = (
        None if worker.silent_s is None else f"{spoken(timedelta(seconds=worker.silent_s))} ago"
    )
    return [
        ("not at the courier's", str(backlog.waiting)),
        ("since (UTC)", moment(backlog.waiting_since)),
        ("refused by it", str(backlog.refused)),
        ("to be told to it", str(backlog.owed)),
        ("owed since (UTC)", moment(backlog.owed_since)),
        ("open tasks", str(sync.open_tasks)),
        ("last looked at (UTC)", moment(sync.last_sync_at)),
        ("least recently (UTC)", moment(sync.oldest_sync_at)),
        ("worker", worker.status.replace("_", " ")),
        ("its last sign of life", silent),
    ]


def _clock(at: datetime | None, zone: tzinfo) -> str | None:
    return None if at is None else f"{at.astimezone(zone):%H:%M}"
