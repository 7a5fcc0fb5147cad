"""When a crew is where, if it drives a route as early as it may; a route it cannot is refused."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from totetaxi_core.logistics.courier_task import Leg
from totetaxi_core.logistics.route_planner import (
    PlannerUnavailableError,
    Routes,
    RoutingJob,
    RoutingProblem,
    Visit,
)


class WrongRouteError(PlannerUnavailableError):
    """The solver's answer breaks what it was asked for."""


class TimedVisit(NamedTuple):
    """Minutes since the day began; `load` is what is in the van on leaving."""

    visit: Visit
    place: int
    arrive: int
    begin: int
    leave: int
    driving: int
    load: int


def timetables(routes: Routes, problem: RoutingProblem) -> tuple[tuple[TimedVisit, ...], ...]:
    """Return the routes with their times.

    Raises:
        WrongRouteError: a rule of the problem is broken: a window, the van, an order, a crew.
    """
    if len(routes) > problem.crews:
        raise WrongRouteError(f"{len(routes)} routes for {problem.crews} crews")
    driven = [visit for route in routes for visit in route]
    if len(driven) != len(set(driven)):
        raise WrongRouteError("a stop is made twice")
    return tuple(tuple(timetable(route, problem)) for route in routes)


def timetable(route: Sequence[Visit], problem: RoutingProblem) -> Iterator[TimedVisit]:
    """Yield a route's visits with their times, the first reached just when it may begin.

    Raises:
        WrongRouteError: a rule of the problem is broken.
    """
    aboard: set[int] = set()
    last: TimedVisit | None = None
    for visit in route:
        job = problem.jobs[visit.job]
        before = 0 if last is None else last.load
        load = _take(aboard, visit, job, before)
        last = _timed(visit, job, last, load, problem)
        _require(last, job, problem)
        if visit.leg is Leg.PICKUP and before + job.load > problem.capacity:
            raise WrongRouteError("the van is too full")
        yield last
    if aboard:
        raise WrongRouteError("something stays in the van")


def _take(aboard: set[int], visit: Visit, job: RoutingJob, load: int) -> int:
    """Put it into the van or take it out, and return the load."""
    if visit.leg is Leg.DROPOFF:
        if visit.job not in aboard:
            raise WrongRouteError("a drop-off comes before its pickup")
        aboard.remove(visit.job)
        return load - job.load
    if job.dropoff_place is None:
        return load
    aboard.add(visit.job)
    return load + job.load


def _timed(
    visit: Visit, job: RoutingJob, last: TimedVisit | None, load: int, problem: RoutingProblem
) -> TimedVisit:
    is_pickup = visit.leg is Leg.PICKUP
    place = job.pickup_place if is_pickup or job.dropoff_place is None else job.dropoff_place
    earliest = job.from_minute if is_pickup else 0
    driving = 0 if last is None else problem.driving[last.place][place]
    arrive = earliest if last is None else last.leave + driving
    begin = max(arrive, earliest)
    leave = begin + (job.pickup_minutes if is_pickup else job.dropoff_minutes)
    return TimedVisit(visit, place, arrive, begin, leave, driving, load)


def _require(timed: TimedVisit, job: RoutingJob, problem: RoutingProblem) -> None:
    if timed.visit.leg is Leg.PICKUP and timed.begin > job.until_minute:
        raise WrongRouteError("a pickup comes too late")
    if timed.leave > problem.ends_minute:
        raise WrongRouteError("a stop ends after the day")
