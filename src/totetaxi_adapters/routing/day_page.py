"""A day's plan as one HTML file: the map and the tables, nothing fetched from anywhere."""

from collections.abc import Iterator
from datetime import tzinfo
from typing import Final

from totetaxi_adapters.routing.crew_look import crew_look
from totetaxi_adapters.routing.day_map import day_map
from totetaxi_adapters.routing.plan_words import (
    clock,
    leg_word,
    place_word,
    plan_summary,
    plan_title,
    route_title,
    unplanned_words,
)
from totetaxi_adapters.routing.svg_text import plain
from totetaxi_core.logistics.day_plan import CrewRoute, DayPlan, Stop

POLICY: Final = "default-src 'none'; style-src 'unsafe-inline'"
STYLE: Final = """
body { font: 14px/1.4 Helvetica, Arial, sans-serif; margin: 1.5rem auto; max-width: 1200px }
svg { max-width: 100%; height: auto }
table { border-collapse: collapse; margin: .5rem 0 1.5rem; width: 100% }
th, td { border-bottom: 1px solid #d5d9de; padding: .25rem .6rem; text-align: left }
td.figure, th.figure { text-align: right }
h2 { border-left: .5rem solid; font-size: 1.05rem; padding-left: .5rem }
@media print { h2 { break-after: avoid } tr { break-inside: avoid } }
"""
COLUMNS: Final = ("arrive", "begin", "leave", "leg", "booking", "place")
FIGURES: Final = ("drive min", "wait min", "late min", "cubic feet aboard")


def day_page(plan: DayPlan, zone: tzinfo) -> str:
    """Return the HTML document; times are told in the zone."""
    parts = [
        '<!doctype html><html lang="en"><head><meta charset="utf-8">',
        f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">',
        f"<title>{plain(plan_title(plan))}</title><style>{STYLE}</style></head><body>",
        f"<h1>{plain(plan_title(plan))}</h1><p>{plain(plan_summary(plan))}</p>",
        day_map(plan, zone),
        *(piece for route in plan.routes for piece in _table(route, zone)),
        *_unplanned(plan, zone),
        "</body></html>",
    ]
    return "\n".join(parts) + "\n"


def _table(route: CrewRoute, zone: tzinfo) -> Iterator[str]:
    colour = crew_look(route.crew).colour
    yield f'<h2 style="border-color: {colour}">{plain(route_title(route, zone))}</h2><table><tr>'
    yield "".join(f"<th>{name}</th>" for name in COLUMNS)
    yield "".join(f'<th class="figure">{name}</th>' for name in FIGURES)
    yield "</tr>"
    for stop in route.stops:
        yield f"<tr>{_cells(stop, zone)}</tr>"
    yield "</table>"


def _cells(stop: Stop, zone: tzinfo) -> str:
    times = (clock(at, zone) for at in (stop.arrive_at, stop.begin_at, stop.depart_at))
    words = (*times, leg_word(stop), stop.booking.booking_number, place_word(stop))
    figures = (
        stop.driving_minutes,
        stop.waiting_minutes,
        stop.late_minutes,
        stop.load_cubic_feet,
    )
    told = "".join(f"<td>{plain(word)}</td>" for word in words)
    return told + "".join(f'<td class="figure">{figure}</td>' for figure in figures)


def _unplanned(plan: DayPlan, zone: tzinfo) -> Iterator[str]:
    if plan.unplanned:
        items = (plain(unplanned_words(one, zone)) for one in plan.unplanned)
        yield "<h2>Unplanned</h2><ul>"
        yield from (f"<li>{item}</li>" for item in items)
        yield "</ul>"
