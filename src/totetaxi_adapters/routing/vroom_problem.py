"""A day's routes as VROOM is asked for them."""

from collections.abc import Iterator, Sequence
from random import Random
from typing import Any, Final

import vroom  # type: ignore[import-untyped]  # has no annotations of its own

from totetaxi_core.logistics.route_planner import RoutingJob, RoutingProblem

PROFILE: Final = "van"
ALL_COSTS: Final = 2**30
"""What all drives together may cost, so that the solver can add them up."""
EXTRA_SHARE: Final = 20


def vroom_problem(problem: RoutingProblem, *, drawn: Random) -> Any:  # noqa: ANN401  untyped
    """Return the solver's input: the jobs by their index, in an order that is drawn.

    Where it begins the solver may end elsewhere; so may it where two drives cost the same.
    """
    asked = vroom.Input()
    driving = [*_driving(problem)]
    asked.set_durations_matrix(PROFILE, driving)
    asked.set_costs_matrix(PROFILE, [*_costs(driving, drawn=drawn)])
    for crew in range(problem.crews):
        asked.add_vehicle(
            vroom.Vehicle(
                crew,
                start=len(driving) - 1,
                profile=PROFILE,
                capacity=[problem.capacity],
                time_window=vroom.TimeWindow(0, problem.ends_minute),
            )
        )
    for number in drawn.sample(range(len(problem.jobs)), len(problem.jobs)):
        _add(asked, number, problem)
    return asked


def _driving(problem: RoutingProblem) -> Iterator[list[int]]:
    """Yield the driving between the places of all pickups, all drop-offs, and nowhere.

    Each stop has a row of its own; from nowhere every place is reached at once.
    """
    pickups = [job.pickup_place for job in problem.jobs]
    dropoffs = [_dropoff_place(job) for job in problem.jobs]
    places = [*pickups, *dropoffs]
    for start in places:
        yield [*(problem.driving[start][end] for end in places), 0]
    yield [0] * (len(places) + 1)


def _costs(driving: Sequence[Sequence[int]], *, drawn: Random) -> Iterator[list[int]]:
    """Yield what each drive costs: its minutes, and so little more that no two routes cost alike.

    Between routes that cost the same the solver takes now one, now the other.
    """
    minute = max(1, ALL_COSTS // (1 + sum(max(row) + 1 for row in driving)))
    for row in driving:
        yield [minutes * minute + drawn.randrange(minute // EXTRA_SHARE + 1) for minutes in row]


def _dropoff_place(job: RoutingJob) -> int:
    """Return where it is put down: what has no drop-off, where it was taken up, for its room."""
    return job.pickup_place if job.dropoff_place is None else job.dropoff_place


def _add(asked: Any, number: int, problem: RoutingProblem) -> None:  # noqa: ANN401  untyped
    job = problem.jobs[number]
    pickup = vroom.ShipmentStep(
        number,
        location=number,
        default_service=job.pickup_minutes,
        time_windows=[vroom.TimeWindow(job.from_minute, job.until_minute)],
    )
    dropoff = vroom.ShipmentStep(
        number,
        location=len(problem.jobs) + number,
        default_service=job.dropoff_minutes,
        time_windows=[vroom.TimeWindow(0, problem.ends_minute)],
    )
    asked.add_shipment(pickup, dropoff, amount=vroom.Amount([job.load]))
