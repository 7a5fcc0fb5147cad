"""The schedule on the terminal: a month, its settings, its versions, what a change means."""

from calendar import monthrange
from datetime import date, datetime

import attrs
import typer

from totetaxi_adapters.wiring import Wiring
from totetaxi_cli.command_wiring import run
from totetaxi_cli.output import print_facts, print_json, print_renderable, print_table
from totetaxi_cli.schedule_month import month_grid, month_notes
from totetaxi_core.refusal import FieldFault, InvalidInputError
from totetaxi_core.scheduling.edit_schedule import EditedSchedule
from totetaxi_core.scheduling.look_at_schedule import (
    ScheduleDay,
    present_schedule,
    schedule_days,
    schedule_history,
)
from totetaxi_core.scheduling.schedules import StoredSchedule
from totetaxi_http.schemas.schedule import ScheduleResponse
from totetaxi_http.schemas.schedule_day import EditedScheduleResponse, ScheduleDayResponse
from totetaxi_http.staff.schedule import ScheduleVersionsResponse

MONTH = "%Y-%m"


@attrs.frozen(kw_only=True)
class MonthResponse:
    schedule: ScheduleResponse
    days: tuple[ScheduleDayResponse, ...]


def month_to_terminal(month: str | None, *, as_json: bool) -> None:
    """Print a month, such as 2026-12.

    Raises:
        InvalidInputError: it is none.
    """
    asked = None if month is None else _first_of(month)

    async def job(wiring: Wiring) -> tuple[StoredSchedule, tuple[ScheduleDay, ...], date]:
        today = wiring.ports.clock().astimezone(wiring.terms.zone).date()
        first = asked or today.replace(day=1)
        last = first.replace(day=monthrange(first.year, first.month)[1])
        stored = await present_schedule(wiring.ports, wiring.terms)
        days = await schedule_days(wiring.ports, wiring.terms, start=first, end=last)
        return stored, days, today

    stored, days, today = run(job)
    if as_json:
        told = tuple(map(ScheduleDayResponse.from_day, days))
        print_json(MonthResponse(schedule=ScheduleResponse.from_stored(stored), days=told))
        return
    print_renderable(month_grid(days, today=today))
    for line in month_notes(days, stored.schedule):
        typer.echo(line)


def settings_to_terminal(*, as_json: bool) -> None:
    """Print every setting."""

    async def job(wiring: Wiring) -> StoredSchedule:
        return await present_schedule(wiring.ports, wiring.terms)

    stored = run(job)
    if as_json:
        print_json(ScheduleResponse.from_stored(stored))
        return
    print_facts([("version", stored.version), *_settings(stored)])


def history_to_terminal(*, limit: int, as_json: bool) -> None:
    """Print the newest versions."""

    async def job(wiring: Wiring) -> tuple[tuple[StoredSchedule, ...], Wiring]:
        return await schedule_history(wiring.ports, limit=limit), wiring

    found, wiring = run(job)
    if as_json:
        results = tuple(map(ScheduleResponse.from_stored, found))
        print_json(ScheduleVersionsResponse(results=results, next=None))
        return
    print_table(
        ("version", "changed (New York)", "by", "reason"),
        (
            (
                one.version,
                f"{one.changed_at.astimezone(wiring.terms.zone):%Y-%m-%d %H:%M}",
                one.changed_by,
                one.reason,
            )
            for one in found
        ),
        empty="The schedule was never changed.",
    )


def show_edited(edited: EditedSchedule, *, told: str | None = None, as_json: bool) -> None:
    """Print what was done, the new version, and what whoever made it has to know."""
    if as_json:
        print_json(EditedScheduleResponse.from_edited(edited))
        return
    done = "" if told is None else f"{told}; "
    typer.echo(f"{done}the schedule is version {edited.stored.version} now")
    for closed in edited.closed:
        for one in closed.held:
            where = "is to move to" if one.is_next_slot else "stands on"
            typer.echo(
                f"warning: {one.booking_number} ({one.status.replace('_', ' ')}) {where}"
                f" {closed.on:%a} {closed.on} at {one.pickup_time:%H:%M}, which is closed now"
            )
    for kept in edited.kept:
        typer.echo(
            f"note: {kept.on:%a} {kept.on} has bookings and keeps {kept.crews} crews;"
            f" `schedule crews {kept.on} {kept.usual}` changes it"
        )


def _settings(stored: StoredSchedule) -> list[tuple[str, object]]:
    document = stored.schedule.to_document()
    return [(name.replace("_", " "), _text(value)) for name, value in document.items()]


def _text(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, dict):
        return ", ".join(f"{key}: {entry}" for key, entry in value.items()) or "none"
    if isinstance(value, list):
        return ", ".join(map(str, value)) or "none"
    return str(value)


def _first_of(month: str) -> date:
    try:
        read = datetime.strptime(month, MONTH)  # noqa: DTZ007  a month has no zone
        if f"{read:%Y-%m}" == month:
            return read.date()
    except ValueError:
        pass  # the same fault as another spelling
    fault = FieldFault(field="month", code="bad_format", message="must be a month such as 2026-12")
    raise InvalidInputError([fault])
