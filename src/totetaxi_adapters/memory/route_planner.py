"""The port to the route solver, without one: whoever can soonest, in the order of the pickups."""

from collections.abc import Iterable, Iterator

from totetaxi_core.logistics.courier_task import Leg
from totetaxi_core.logistics.route_planner import (
    Routes,
    RoutingProblem,
    Visit,
    most_punctual,
)
from totetaxi_core.logistics.timetable import WrongRouteError, timetable

Route = tuple[Visit, ...]


class MemoryRoutePlanner:
    """Sound plans, if not short ones: each job goes where it adds the least driving."""

    async def plan(self, problem: RoutingProblem) -> Routes:
        return most_punctual(problem, _solve)


def _solve(problem: RoutingProblem) -> Routes:
    routes: list[Route] = [()] * problem.crews
    by_pickup = sorted(range(len(problem.jobs)), key=lambda job: problem.jobs[job].from_minute)
    for job in by_pickup:
        offers = [
            (driving, crew, longer)
            for crew, route in enumerate(routes)
            for longer in _with(route, job, problem)
            if (driving := _driving(longer, problem)) is not None
        ]
        if offers:
            _, crew, longer = min(offers, key=lambda one: one[:2])
            routes[crew] = longer
    return tuple(route for route in routes if route)


def _with(route: Route, job: int, problem: RoutingProblem) -> Iterator[Route]:
    """Yield the route with the job at every place where it might go in."""
    ends = range(len(route) + 1)
    for first in ends:
        before, after = route[:first], route[first:]
        picked = (*before, Visit(job, Leg.PICKUP))
        if problem.jobs[job].dropoff_place is None:
            yield (*picked, *after)
            continue
        for gap in range(len(after) + 1):
            yield (*picked, *after[:gap], Visit(job, Leg.DROPOFF), *after[gap:])


def _driving(route: Iterable[Visit], problem: RoutingProblem) -> int | None:
    """Return the route's driving, None if nobody can drive it so."""
    try:
        return sum(timed.driving for timed in timetable(tuple(route), problem))
    except WrongRouteError:
        return None
