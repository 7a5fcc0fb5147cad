"""The day sheet of a crew: where to be when, whom to call, what to carry."""

from collections.abc import Iterator
from datetime import datetime, tzinfo

from reportlab.platypus import Flowable, PageBreak

from totetaxi_adapters.papers.sheet import Cell, Heading, Letterhead, grid, print_sheet
from totetaxi_adapters.papers.typeface import BODY, HEADING, SMALL, STRONG, words
from totetaxi_core.documents.bill_of_lading import carried_lines
from totetaxi_core.logistics.courier_task import Leg
from totetaxi_core.logistics.day_plan import CrewRoute, DayPlan, Stop, Unplanned
from totetaxi_core.scheduling.long_date import long_date

LEGS = {Leg.PICKUP: "Pickup", Leg.DROPOFF: "Drop-off"}
HEADS = ("Time", "Stop", "Whom and where", "What")
TIMES = "Begin at the time printed in bold; leave by the one below it."


def print_day_sheets(
    plan: DayPlan, letterhead: Letterhead, zone: tzinfo, *, printed_at: datetime
) -> bytes:
    """Return a PDF with a sheet per crew, and one of what no crew can drive, if anything.

    Times are of `zone`.
    """
    date_text = long_date(plan.plan_on)
    heading = Heading(
        title="Day sheet",
        subject=date_text,
        printed=f"{date_text} · printed {printed_at.astimezone(zone):%Y-%m-%d %H:%M}",
    )
    sheets = [list(_route(route, zone)) for route in plan.routes]
    if plan.unplanned or not sheets:
        sheets.append(list(_unplanned(plan.unplanned)))
    story: list[Flowable] = []
    for sheet in sheets:
        story += [*([PageBreak()] if story else []), *sheet]
    return print_sheet(story, heading, letterhead)


def _route(route: CrewRoute, zone: tzinfo) -> Iterator[Flowable]:
    begins, ends = (at.astimezone(zone) for at in (route.begins_at, route.ends_at))
    yield words(f"Crew {route.crew}", HEADING)
    yield words(
        f"{route.bookings} bookings, {begins:%H:%M} to {ends:%H:%M}, "
        f"{route.driving_minutes} minutes of driving. {TIMES}"
    )
    heads: list[Cell] = [words(name, STRONG) for name in HEADS]
    rows = [heads, *(_stop(stop, zone) for stop in route.stops)]
    yield grid(rows, 2, 2.4, 6, 4.6, repeated=1)


def _stop(stop: Stop, zone: tzinfo) -> list[Cell]:
    begin, leave = (at.astimezone(zone) for at in (stop.begin_at, stop.depart_at))
    booking, contact = stop.booking, stop.booking.contact
    driving = f"{stop.driving_minutes} min drive" if stop.driving_minutes else ""
    door = [f"{contact.full_name}, {contact.phone}", stop.address.formatted]
    return [
        [words(f"{begin:%H:%M}", STRONG), words(f"{leave:%H:%M}\n{driving}", SMALL)],
        [words(_leg(stop), STRONG), words(booking.booking_number, SMALL)],
        [
            words("\n".join(door)),
            *_notes(stop.address.delivery_instructions, booking.special_instructions),
        ],
        [words(_goods(stop))],
    ]


def _leg(stop: Stop) -> str:
    return "Visit" if stop.booking.delivery_address is None else LEGS[stop.leg]


def _notes(*notes: str) -> Iterator[Flowable]:
    for note in notes:
        if note:
            yield words(note, SMALL)


def _goods(stop: Stop) -> str:
    booking, request = stop.booking, stop.booking.quote.request
    lines = [
        line.label if line.quantity == 1 else f"{line.label}: {line.quantity}"
        for line in carried_lines(booking)
    ]
    if request.item_count is not None:
        lines.append(f"{request.item_count} pieces: {booking.item_description}")
    return "\n".join(lines)


def _unplanned(left: tuple[Unplanned, ...]) -> Iterator[Flowable]:
    yield words("No crew drives these" if left else "Nothing to drive on this day", HEADING)
    for one in left:
        booking = one.booking
        yield words(f"{booking.booking_number}: {one.reason.what_it_means}", BODY)
