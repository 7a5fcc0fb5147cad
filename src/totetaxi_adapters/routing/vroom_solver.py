"""The open solver VROOM, asked for our routes. It holds the interpreter for as long as it works."""

from collections.abc import Iterator, Mapping, Sequence
from random import Random
from typing import Any, Final, NamedTuple

from totetaxi_adapters.routing.vroom_problem import vroom_problem
from totetaxi_core.logistics.courier_task import Leg
from totetaxi_core.logistics.route_planner import Routes, RoutingProblem, Visit, most_punctual
from totetaxi_core.logistics.timetable import timetables

THREADS: Final = 1  # the same answer whatever the machine
LEGS: Final[Mapping[str, Leg]] = {"pickup": Leg.PICKUP, "delivery": Leg.DROPOFF}


class Effort(NamedTuple):
    """How often it is tried anew, and how thoroughly each time, for at most so many jobs."""

    most_jobs: int
    tries: int
    exploration_level: int


EFFORTS: Final = (Effort(30, 6, 5), Effort(100, 2, 5), Effort(100_000, 1, 3))


def solve(problem: RoutingProblem) -> Routes:
    """Return the most punctual routes of those that leave the fewest out."""
    return most_punctual(problem, _solve)


def _solve(problem: RoutingProblem) -> Routes:
    """Return the best of several tries: with the fewest left out, then the least driving."""
    effort = next(one for one in EFFORTS if len(problem.jobs) <= one.most_jobs)
    tries = (_try(problem, effort, number) for number in range(effort.tries))
    return min(tries, key=lambda routes: (*_worth(routes, problem), routes))


def _try(problem: RoutingProblem, effort: Effort, number: int) -> Routes:
    asked = vroom_problem(problem, drawn=Random(number))  # noqa: S311  the same each time
    answer = asked.solve(exploration_level=effort.exploration_level, nb_threads=THREADS).to_dict()
    # Which of the crews, all alike, it gives a route is chance.
    return tuple(sorted(tuple(_visits(one["steps"], problem)) for one in answer["routes"]))


def _worth(routes: Routes, problem: RoutingProblem) -> tuple[int, int]:
    timed = [one for route in timetables(routes, problem) for one in route]
    return -len({one.visit.job for one in timed}), sum(one.driving for one in timed)


def _visits(steps: Sequence[Mapping[str, Any]], problem: RoutingProblem) -> Iterator[Visit]:
    for step in steps:
        leg = LEGS.get(step["type"])
        is_made_up = leg is Leg.DROPOFF and problem.jobs[step["id"]].dropoff_place is None
        if leg is not None and not is_made_up:
            yield Visit(step["id"], leg)
