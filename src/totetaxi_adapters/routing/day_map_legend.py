"""What stands below the map: each crew's stops in words, in columns, and what is unplanned."""

from collections.abc import Iterator, Sequence
from datetime import tzinfo
from typing import Final, NamedTuple

from totetaxi_adapters.routing.crew_look import crew_look
from totetaxi_adapters.routing.map_frame import Box, Spot
from totetaxi_adapters.routing.plan_words import (
    clock,
    leg_word,
    place_word,
    route_title,
    unplanned_words,
)
from totetaxi_adapters.routing.svg_text import line, text
from totetaxi_core.logistics.day_plan import CrewRoute, DayPlan

COLUMNS: Final = 3
LINE_PX: Final = 17.0
SWATCH_PX: Final = 16.0
MOST_LETTERS: Final = 56
UNPLANNED_COLOUR: Final = "#8a1c1c"


class Legend(NamedTuple):
    """The pieces, and where the paper ends below them."""

    pieces: tuple[str, ...]
    bottom: float


def legend(plan: DayPlan, zone: tzinfo, within: Box) -> Legend:
    """Return the crews in columns below the top of the box, each in the shortest one."""
    ends = [within.y + LINE_PX] * COLUMNS
    pieces: list[str] = []
    for route in plan.routes:
        column = ends.index(min(ends))
        left = within.x + column * within.width / COLUMNS
        pieces += _crew(route, zone, Spot(left, ends[column]))
        ends[column] += (len(route.stops) + 2) * LINE_PX
    bottom = max(ends)
    unplanned = [unplanned_words(one, zone) for one in plan.unplanned]
    pieces += _unplanned(unplanned, Spot(within.x, bottom))
    rows = len(unplanned) + 1 if unplanned else 0
    return Legend(tuple(pieces), bottom + (rows + 1) * LINE_PX)


def _crew(route: CrewRoute, zone: tzinfo, top: Spot) -> Iterator[str]:
    look = crew_look(route.crew)
    middle = top.y - 4
    yield line(
        Spot(top.x, middle),
        Spot(top.x + SWATCH_PX, middle),
        stroke=look.colour,
        stroke_width="4",
        stroke_dasharray=look.dashes,
    )
    title = Spot(top.x + SWATCH_PX + 6, top.y)
    yield text(title, route_title(route, zone), size=11, fill=look.colour, font_weight="bold")
    for number, stop in enumerate(route.stops, start=1):
        told = (
            f"{route.crew}.{number}  {clock(stop.begin_at, zone)} {leg_word(stop)}"
            f" {stop.booking.booking_number}, {place_word(stop)}"
        )
        yield text(Spot(title.x, top.y + number * LINE_PX), _cut(told))


def _unplanned(told: Sequence[str], top: Spot) -> Iterator[str]:
    if told:
        yield text(top, "Unplanned", fill=UNPLANNED_COLOUR, font_weight="bold")
    for number, words in enumerate(told, start=1):
        yield text(Spot(top.x, top.y + number * LINE_PX), words, fill=UNPLANNED_COLOUR)


def _cut(words: str) -> str:
    return words if len(words) <= MOST_LETTERS else f"{words[: MOST_LETTERS - 1]}…"
