"""One piece of the day's map: its routes, its stops, its scale."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from math import hypot
from typing import Final

from totetaxi_adapters.routing.crew_look import crew_look
from totetaxi_adapters.routing.map_frame import Box, Frame, Spot
from totetaxi_adapters.routing.map_marks import HEIGHT, WIDTH, Mark, marks_in
from totetaxi_adapters.routing.svg_text import line, polygon, rectangle, text
from totetaxi_core.geography.point import Point
from totetaxi_core.logistics.day_plan import CrewRoute, DayPlan, Stop

ARROW_PX: Final = 5.0
NEAR_PX: Final = 60.0
NAME_PX: Final = 20.0
LEAST_LINE_PX: Final = 36.0
INSET_PX: Final = 10.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Panel:
    """`insets` are the panels that show a part of this one larger: stops are marked there.

    `points` are the places a panel is about; none is all.
    """

    name: str
    box: Box
    frame: Frame
    points: tuple[Point, ...] = ()
    insets: tuple["Panel", ...] = ()


def panel(shown: Panel, plan: DayPlan) -> Iterator[str]:
    """Yield the pieces of a panel, cut off at its frame."""
    clip = f"clip-{shown.box.x:.0f}-{shown.box.y:.0f}"
    yield rectangle(shown.box, fill="#f6f7f9", stroke="#c4c9d0")
    yield f'<clipPath id="{clip}">{rectangle(shown.box)}</clipPath>'
    yield f'<g clip-path="url(#{clip})">'
    elsewhere = {point for inset in shown.insets for point in inset.points}
    below_name = Box(
        shown.box.x, shown.box.y + NAME_PX, shown.box.width, shown.box.height - NAME_PX
    )
    marks = [
        mark
        for mark in marks_in(plan, shown.frame, below_name)
        if mark.stop.place.point not in elsewhere
    ]
    spots = {(mark.crew, id(mark.stop)): mark.spot for mark in marks}
    for route in plan.routes:
        yield from _route(route, shown, spots)
    yield from _insets(shown)
    yield from (piece for mark in marks for piece in _mark(mark))
    yield "</g>"
    yield text(Spot(shown.box.x + 10, shown.box.y + 18), shown.name, size=13, font_weight="bold")
    yield from _scale(shown)


def _route(route: CrewRoute, shown: Panel, spots: dict[tuple[int, int], Spot]) -> Iterator[str]:
    look = crew_look(route.crew)

    def spot(stop: Stop) -> Spot:
        return spots.get((route.crew, id(stop)), shown.frame.spot(stop.place.point))

    for before, after in zip(route.stops, route.stops[1:], strict=False):
        start, end = spot(before), spot(after)
        inside = shown.box.holds(start), shown.box.holds(end)
        if start != end and any(inside):
            yield line(
                start, end, stroke=look.colour, stroke_width="2", stroke_dasharray=look.dashes
            )
            yield from _arrow(start, end, look.colour, inside)


def _arrow(start: Spot, end: Spot, colour: str, inside: tuple[bool, bool]) -> Iterator[str]:
    """Yield the direction of a line: at its middle, or near the end that is to be seen."""
    length = hypot(end.x - start.x, end.y - start.y)
    if length < LEAST_LINE_PX:
        return
    along = length / 2
    if not all(inside):
        along = min(NEAR_PX, along) if inside[0] else max(length - NEAR_PX, along)
    east, south = (end.x - start.x) / length, (end.y - start.y) / length
    x, y = start.x + east * along, start.y + south * along
    yield polygon(
        (
            Spot(x + east * ARROW_PX, y + south * ARROW_PX),
            Spot(x - (east + south) * ARROW_PX, y - (south - east) * ARROW_PX),
            Spot(x - (east - south) * ARROW_PX, y - (south + east) * ARROW_PX),
        ),
        fill=colour,
    )


def _mark(mark: Mark) -> Iterator[str]:
    look, spot = crew_look(mark.crew), mark.spot
    box = Box(spot.x - WIDTH / 2, spot.y - HEIGHT / 2, WIDTH, HEIGHT)
    fill, ink = (look.colour, "#ffffff") if mark.is_pickup else ("#ffffff", look.colour)
    round_px = HEIGHT / 2 if mark.is_pickup else 2
    yield rectangle(box, round_px=round_px, fill=fill, stroke=look.colour, stroke_width="1.5")
    below = Spot(spot.x, spot.y + 4)
    yield text(below, mark.label, size=11, fill=ink, text_anchor="middle", font_weight="bold")


def _insets(shown: Panel) -> Iterator[str]:
    """Yield what is drawn larger elsewhere: a frame around it, and its letter."""
    for inset in shown.insets:
        box = _around(shown.frame.spot(point) for point in inset.points)
        yield rectangle(box, fill="none", stroke="#333333", stroke_dasharray="3 2")
        yield text(Spot(box.x, box.y - 4), inset.name[0], size=13, font_weight="bold")


def _around(spots: Iterable[Spot]) -> Box:
    xs, ys = zip(*spots, strict=True)
    west, north = min(xs) - INSET_PX, min(ys) - INSET_PX
    return Box(west, north, max(xs) + INSET_PX - west, max(ys) + INSET_PX - north)


def _scale(shown: Panel) -> Iterator[str]:
    miles = shown.frame.scale_miles
    left, base = shown.box.x + 12, shown.box.y + shown.box.height - 12
    right = left + miles * shown.frame.pixels_per_mile
    yield line(Spot(left, base), Spot(right, base), stroke="#333333", stroke_width="2")
    yield text(Spot(left, base - 5), "1 mile" if miles == 1 else f"{miles} miles", size=11)
