"""Where on paper each stop is marked: beside the mark before it, if two fall on one spot."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import count
from math import cos, pi, sin
from typing import Final, NamedTuple

from totetaxi_adapters.routing.map_frame import Box, Frame, Spot
from totetaxi_core.logistics.courier_task import Leg
from totetaxi_core.logistics.day_plan import CrewRoute, DayPlan, Stop

WIDTH, HEIGHT, GAP = 30.0, 16.0, 2.0
STEPS: Final = 12
RING: Final = 9.0
RINGS: Final = 60


class Mark(NamedTuple):
    """A stop, its label (crew, then number of the stop), and where both are drawn."""

    label: str
    crew: int
    stop: Stop
    spot: Spot

    @property
    def is_pickup(self) -> bool:
        return self.stop.leg is Leg.PICKUP


def marks_in(plan: DayPlan, frame: Frame, within: Box) -> list[Mark]:
    """Return the marks of the stops whose place is in the box, none upon another."""
    taken: list[Spot] = []
    marks = []
    for route, number, stop in _stops(plan.routes):
        true = frame.spot(stop.place.point)
        if within.holds(true):
            spot = next(one for one in _around(true, within) if _is_free(one, taken))
            taken.append(spot)
            marks.append(Mark(f"{route.crew}.{number}", route.crew, stop, spot))
    return marks


def _stops(routes: Iterable[CrewRoute]) -> Iterator[tuple[CrewRoute, int, Stop]]:
    for route in routes:
        for number, stop in enumerate(route.stops, start=1):
            yield route, number, stop


def _around(true: Spot, within: Box) -> Iterator[Spot]:
    """Yield the spot itself, then those around it that are in the box, ever farther out."""
    room = Box(
        within.x + WIDTH / 2, within.y + HEIGHT / 2, within.width - WIDTH, within.height - HEIGHT
    )
    yield true
    for ring in count(1):
        for step in range(STEPS):
            angle = 2 * pi * step / STEPS
            spot = Spot(true.x + ring * RING * 1.6 * cos(angle), true.y + ring * RING * sin(angle))
            # Where a box is full, marks lie upon each other rather than nowhere.
            if room.holds(spot) or ring > RINGS:
                yield spot


def _is_free(spot: Spot, taken: Sequence[Spot]) -> bool:
    return all(
        abs(spot.x - other.x) >= WIDTH + GAP or abs(spot.y - other.y) >= HEIGHT + GAP
        for other in taken
    )
