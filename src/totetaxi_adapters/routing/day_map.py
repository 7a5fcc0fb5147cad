"""A day's plan as a picture: SVG of our own, straight lines from stop to stop.

Above the whole day's map, below it each neighbourhood larger, then every stop by crew.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import tzinfo
from typing import Final

from totetaxi_adapters.routing.day_map_legend import legend
from totetaxi_adapters.routing.day_map_panel import Panel, panel
from totetaxi_adapters.routing.map_frame import Box, Frame, Spot, neighbourhoods
from totetaxi_adapters.routing.plan_words import plan_summary, plan_title
from totetaxi_adapters.routing.svg_text import FONT, rectangle, text
from totetaxi_core.geography.point import Point
from totetaxi_core.logistics.day_plan import DayPlan

WIDTH: Final = 1_200.0
MARGIN: Final = 20.0
TOP: Final = 84.0
GAP: Final = 16.0
OVERVIEW_HEIGHT: Final = 380.0
ZOOM_HEIGHT: Final = 400.0
FEW_ZOOMS: Final = (1, 2, 4)
"""So many stand in rows of two, others in rows of three."""
INSIDE: Final = 34.0
KEY: Final = (
    "Filled marks are pickups and visits, white ones drop-offs: crew, then number of the stop."
    " Lines are straight, not roads."
)


def day_map(plan: DayPlan, zone: tzinfo) -> str:
    """Return the SVG document; times are told in the zone."""
    panels = [*_panels(plan)]
    bottom = max((one.box.y + one.box.height for one in panels), default=TOP - GAP) + GAP
    lines, height = legend(plan, zone, Box(MARGIN, bottom, WIDTH - 2 * MARGIN, 0))
    size = f'viewBox="0 0 {WIDTH:g} {height:g}" width="{WIDTH:g}" height="{height:g}"'
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" {size} {FONT}>',
        f"<title>{plan_title(plan)}</title>",
        rectangle(Box(0, 0, WIDTH, height), fill="#ffffff"),
        text(Spot(MARGIN, 34), plan_title(plan), size=22, font_weight="bold"),
        text(Spot(MARGIN, 54), plan_summary(plan), size=13),
        text(Spot(MARGIN, 72), KEY, fill="#555555"),
        *(piece for one in panels for piece in panel(one, plan)),
        *lines,
        "</svg>",
    ]
    return "\n".join(parts) + "\n"


def _panels(plan: DayPlan) -> Iterator[Panel]:
    """Yield the pieces of the map: the whole, and what of it is crowded."""
    points = [stop.place.point for route in plan.routes for stop in route.stops]
    if not points:
        return
    parts = neighbourhoods(points)
    visits = Counter(points)
    crowded = [part for part in parts if sum(visits[point] for point in part) > 1]
    zoomed = crowded if len(parts) > 1 else []
    box = Box(MARGIN, TOP, WIDTH - 2 * MARGIN, OVERVIEW_HEIGHT if zoomed else ZOOM_HEIGHT * 1.5)
    zooms = [*_zooms(plan, zoomed, top=TOP + OVERVIEW_HEIGHT + GAP)]
    yield Panel(
        name="The whole day" if zoomed else "",
        box=box,
        frame=Frame.around(points, box.shrunk(INSIDE)),
        insets=tuple(zooms),
    )
    yield from zooms


def _zooms(plan: DayPlan, parts: Sequence[Sequence[Point]], *, top: float) -> Iterator[Panel]:
    most = 2 if len(parts) in FEW_ZOOMS else 3
    for number, part in enumerate(parts):
        row, column = divmod(number, most)
        in_row = min(most, len(parts) - row * most)
        width = (WIDTH - 2 * MARGIN - GAP * (in_row - 1)) / in_row
        x, y = MARGIN + column * (width + GAP), top + row * (ZOOM_HEIGHT + GAP)
        box = Box(x, y, width, ZOOM_HEIGHT)
        frame = Frame.around(part, box.shrunk(INSIDE + 10))
        name = f"{chr(ord('A') + number % 26)}  Around {_town(plan, part)}"
        yield Panel(name=name, box=box, frame=frame, points=tuple(part))


def _town(plan: DayPlan, part: Sequence[Point]) -> str:
    """Return the town most stops there are in, the first by name of several."""
    within = set(part)
    towns = Counter(
        stop.address.city
        for route in plan.routes
        for stop in route.stops
        if stop.place.point in within
    )
    return min(towns, key=lambda town: (-towns[town], town))
