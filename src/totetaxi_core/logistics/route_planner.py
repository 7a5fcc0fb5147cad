"""The port to whoever decides which crew drives what in which order.

Minutes are whole and count from when the crews' day begins; places are rows of a matrix.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import NamedTuple, Protocol, TypeAlias

from totetaxi_core.logistics.courier_task import Leg
from totetaxi_core.refusal import DomainError


class PlannerUnavailableError(DomainError):
    """The route solver is not installed, or failed: there is no plan."""

    code = "planner_unavailable"


@dataclass(frozen=True, slots=True, kw_only=True)
class RoutingJob:
    """One booking: its pickup begins within `[from_minute, until_minute]`, both included.

    What is picked up takes `load` of the van until its drop-off, which the same crew makes; where
    there is none, until the crew leaves.
    """

    from_minute: int
    until_minute: int
    pickup_place: int
    pickup_minutes: int
    load: int
    dropoff_place: int | None = None
    dropoff_minutes: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class RoutingProblem:
    """So many crews, all alike, each starting where it first stops.

    All must be done by `ends_minute`. `driving` has minutes from place (the row) to place.
    """

    crews: int
    capacity: int
    ends_minute: int
    driving: tuple[tuple[int, ...], ...]
    jobs: tuple[RoutingJob, ...]


class Visit(NamedTuple):
    """A stop of a route, for the job at an index."""

    job: int
    leg: Leg


Routes: TypeAlias = tuple[tuple[Visit, ...], ...]


class RoutePlanner(Protocol):
    """Plans routes: the same problem gets the same answer."""

    async def plan(self, problem: RoutingProblem) -> Routes:
        """Return a route per crew that drives at all; a job in none of them found no room.

        As few as it can are left out, then pickups are as punctual as it can, then driving is
        short.

        Raises:
            PlannerUnavailableError: there is no solver, or it failed.
        """
        ...


PUNCTUAL_STEPS = (0, 30)
"""Minutes of lateness tried before all that is allowed."""


def most_punctual(problem: RoutingProblem, solve: Callable[[RoutingProblem], Routes]) -> Routes:
    """Return the answer for the least lateness that leaves as few jobs out as the most does."""
    best: Routes = ()
    for late in (*PUNCTUAL_STEPS, None):
        tried = problem if late is None else _narrowed(problem, late=late)
        answer = solve(tried)
        if _planned(answer) > _planned(best):
            best = answer
        if _planned(best) == len(problem.jobs) or tried == problem:
            break
    return best


def _narrowed(problem: RoutingProblem, *, late: int) -> RoutingProblem:
    jobs = (
        replace(job, until_minute=min(job.until_minute, job.from_minute + late))
        for job in problem.jobs
    )
    return replace(problem, jobs=tuple(jobs))


def _planned(routes: Iterable[Iterable[Visit]]) -> int:
    return len({visit.job for route in routes for visit in route})
