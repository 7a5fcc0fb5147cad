"""Dates by starts, with the crews left."""

from collections.abc import Sequence
from datetime import date, time, timedelta

from rich import box
from rich.table import Table
from rich.text import Text

from totetaxi_adapters.wiring import Wiring
from totetaxi_cli.command_wiring import run
from totetaxi_cli.order_body import choice_fields, slugs_named, state_of
from totetaxi_cli.order_options import ChoiceOptions
from totetaxi_cli.output import print_json, print_renderable
from totetaxi_core.pricing.duration import hours_of
from totetaxi_core.scheduling.availability import DayAvailability
from totetaxi_core.scheduling.list_availability import list_availability
from totetaxi_http.public.availability import (
    AvailabilityQuery,
    AvailabilityResponse,
    DayResponse,
)
from totetaxi_http.wire.structuring import list_fields, structure_query

SHOWN = timedelta(days=13)
WIDTH = 5


def show_crews(
    options: ChoiceOptions, *, start: str | None, end: str | None, as_json: bool
) -> None:
    """Print the crews left, from `start` to `end`, both included.

    Raises:
        InvalidInputError: the faults that HTTP would answer.
    """

    async def job(wiring: Wiring) -> tuple[DayAvailability, ...]:
        asked = _query(options, start=start, end=end, wiring=wiring)
        terms, ports = wiring.terms, wiring.ports
        return await list_availability(
            ports.unit_of_work(),
            start=asked.start_date,
            end=asked.end_date,
            estimated_hours=hours_of(asked.choice(), wiring.current_book.book),
            schedule=terms.schedule,
            now=ports.clock(),
            zone=terms.zone,
            holidays=ports.holidays,
        )

    days = run(job)
    if as_json:
        print_json(AvailabilityResponse(days=tuple(DayResponse.from_day(day) for day in days)))
    else:
        print_renderable(crew_table(days))


def _query(
    options: ChoiceOptions, *, start: str | None, end: str | None, wiring: Wiring
) -> AvailabilityQuery:
    book = wiring.current_book.book
    today = wiring.ports.clock().astimezone(wiring.terms.zone).date()
    first = start or today.isoformat()
    chosen = choice_fields(options, book)
    pairs = [
        ("start_date", first),
        ("end_date", end or _later(first)),
        *(
            (name, str(one))
            for name, value in chosen.items()
            for one in (value if isinstance(value, list) else [value])
        ),
    ]
    with slugs_named(book):
        asked: AvailabilityQuery = structure_query(
            pairs,
            AvailabilityQuery,
            listed=list_fields(AvailabilityQuery),
            state=state_of(wiring),
        )
    return asked


def _later(first: str) -> str:
    """Return the last date if none was said; a bad first date stays, to be refused as such."""
    try:
        return (date.fromisoformat(first) + SHOWN).isoformat()
    except (ValueError, OverflowError):
        return first


def crew_table(days: Sequence[DayAvailability]) -> Table:
    """Return a row for each date: the crews left under each start, or why it is closed."""
    starts = sorted({slot.time for day in days for slot in day.slots})
    heads = "".join(f"{_clock(start):>{WIDTH + 1}}" for start in starts)
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    table.add_column("date", no_wrap=True)
    table.add_column(heads or "crews", no_wrap=True)
    for day in days:
        table.add_row(f"{day.date:%a} {day.date}", _cells(day, starts))
    return table


def _cells(day: DayAvailability, starts: Sequence[time]) -> Text:
    if not day.open:
        return Text(f"  closed: {str(day.reason).replace('_', ' ')}", style="dim")
    left = {slot.time: str(slot.crews_left) for slot in day.slots}
    return Text("".join(f"{left.get(start, ''):>{WIDTH + 1}}" for start in starts))


def _clock(start: time) -> str:
    return f"{start.hour}:{start.minute:02d}"
