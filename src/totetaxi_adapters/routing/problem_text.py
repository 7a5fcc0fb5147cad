"""A problem and its answer as text, for the process that solves it."""

import json
from dataclasses import asdict

from totetaxi_core.logistics.courier_task import Leg
from totetaxi_core.logistics.route_planner import Routes, RoutingJob, RoutingProblem, Visit


def problem_text(problem: RoutingProblem) -> bytes:
    return json.dumps(asdict(problem)).encode()


def problem_from(text: bytes) -> RoutingProblem:
    read = json.loads(text)
    return RoutingProblem(
        crews=read["crews"],
        capacity=read["capacity"],
        ends_minute=read["ends_minute"],
        driving=tuple(tuple(row) for row in read["driving"]),
        jobs=tuple(RoutingJob(**job) for job in read["jobs"]),
    )


def routes_text(routes: Routes) -> bytes:
    return json.dumps(routes).encode()


def routes_from(text: bytes) -> Routes:
    """Return the routes.

    Raises:
        ValueError: that is no answer.
    """
    routes = json.loads(text)
    try:
        return tuple(tuple(Visit(int(job), Leg(leg)) for job, leg in route) for route in routes)
    except TypeError as error:
        raise ValueError("no list of routes") from error
