from random import Random

from totetaxi_adapters.routing.vroom_solver import solve
from totetaxi_core.logistics.route_planner import RoutingJob, RoutingProblem

REPEATS = 2


def twins(number: int) -> RoutingProblem:
    """Jobs of which many are alike, from few places to few, more than there are crews for."""
    drawn = Random(number)  # noqa: S311  a test's day
    jobs = tuple(
        RoutingJob(
            from_minute=(begin := drawn.choice((0, 60, 120))),
            until_minute=begin + 60,
            pickup_place=drawn.randrange(2),
            pickup_minutes=30,
            load=drawn.choice((90, 480)),
            dropoff_place=drawn.choice((None, 2, 3)),
            dropoff_minutes=30,
        )
        for _ in range(9)
    )
    driving = ((0, 10, 150, 160), (10, 0, 160, 150), (150, 160, 0, 10), (160, 150, 10, 0))
    return RoutingProblem(crews=3, capacity=480, ends_minute=780, driving=driving, jobs=jobs)


def test_given_jobs_alike_when_solved_again_then_the_same_ones_go_the_same_ways() -> None:
    problems = [twins(number) for number in range(20)]

    answers = [{solve(problem) for _ in range(REPEATS)} for problem in problems]

    assert [len(one) for one in answers] == [1] * len(problems)
