"""Who plans routes: what every answer keeps to, whoever gives it."""

from dataclasses import replace

import pytest

from totetaxi_adapters.memory.route_planner import MemoryRoutePlanner
from totetaxi_adapters.routing.vroom_planner import VroomRoutePlanner
from totetaxi_core.logistics.courier_task import Leg
from totetaxi_core.logistics.route_planner import RoutePlanner, RoutingJob, RoutingProblem
from totetaxi_core.logistics.timetable import timetables

HOUR = 60
NEAR, FAR = 10, 150


@pytest.fixture(params=["memory", "vroom"])
def planner(request: pytest.FixtureRequest) -> RoutePlanner:
    return MemoryRoutePlanner() if request.param == "memory" else VroomRoutePlanner()


def a_job(*, begin: int, late: int = HOUR, load: int = 90, at: int = 0, to: int = 2) -> RoutingJob:
    return RoutingJob(
        from_minute=begin,
        until_minute=begin + late,
        pickup_place=at,
        pickup_minutes=30,
        load=load,
        dropoff_place=to,
        dropoff_minutes=30,
    )


def a_problem(*jobs: RoutingJob, crews: int = 1) -> RoutingProblem:
    """Two places near each other, two others near each other, far away."""
    driving = tuple(
        tuple(0 if a == b else NEAR if a // 2 == b // 2 else FAR for b in range(4))
        for a in range(4)
    )
    return RoutingProblem(
        crews=crews, capacity=480, ends_minute=13 * HOUR, driving=driving, jobs=jobs
    )


async def test_given_jobs_for_one_van_when_planned_then_it_drives_the_long_way_once(
    planner: RoutePlanner,
) -> None:
    visit = replace(a_job(begin=200), dropoff_place=None, load=0, pickup_place=1)
    problem = a_problem(a_job(begin=0), a_job(begin=60, at=1, to=3), visit)

    routes = await planner.plan(problem)

    [route] = timetables(routes, problem)
    assert len(route) == 5
    assert sum(timed.driving for timed in route) <= FAR + 3 * NEAR
    assert await planner.plan(problem) == routes


async def test_given_whole_vans_at_one_time_when_planned_then_each_crew_takes_one_and_one_is_left(
    planner: RoutePlanner,
) -> None:
    problem = a_problem(*(a_job(begin=0, late=0, load=480) for _ in range(3)), crews=2)

    routes = await planner.plan(problem)

    legs = [[timed.visit.leg for timed in route] for route in timetables(routes, problem)]
    assert legs == [[Leg.PICKUP, Leg.DROPOFF]] * 2
    assert len({visit.job for route in routes for visit in route}) == 2


async def test_given_time_enough_when_planned_then_pickups_are_punctual_though_driving_is_longer(
    planner: RoutePlanner,
) -> None:
    problem = a_problem(a_job(begin=0), a_job(begin=20), crews=2)

    late = [
        timed.begin - problem.jobs[timed.visit.job].from_minute
        for route in timetables(await planner.plan(problem), problem)
        for timed in route
        if timed.visit.leg is Leg.PICKUP
    ]

    assert late == [0, 0]


async def test_given_a_visit_that_takes_the_van_when_planned_then_nothing_waits_in_it_meanwhile(
    planner: RoutePlanner,
) -> None:
    visit = replace(a_job(begin=60, load=480), dropoff_place=None, pickup_place=1)
    problem = a_problem(a_job(begin=0, to=2), visit)

    routes = await planner.plan(problem)

    [route] = timetables(routes, problem)
    assert len({timed.visit.job for timed in route}) == 1
