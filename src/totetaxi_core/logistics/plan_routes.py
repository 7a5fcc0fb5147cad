"""Have the hauls of a day divided among its crews."""

from collections.abc import Sequence
from typing import NamedTuple

from totetaxi_core.logistics.crew_day import CrewDay
from totetaxi_core.logistics.day_plan import CrewRoute, Stop
from totetaxi_core.logistics.driving import Drive, Place
from totetaxi_core.logistics.haul import Haul
from totetaxi_core.logistics.route_planner import RoutePlanner, RoutingJob, RoutingProblem
from totetaxi_core.logistics.timetable import TimedVisit, timetables


class Planned(NamedTuple):
    """The routes, and the hauls for which there was no room."""

    routes: tuple[CrewRoute, ...]
    left_out: tuple[Haul, ...]


async def plan_routes(hauls: Sequence[Haul], day: CrewDay, planner: RoutePlanner) -> Planned:
    """Return who drives what; every answer of the planner is checked before it is believed.

    Raises:
        PlannerUnavailableError: there is no route solver, it failed, or its answer is wrong.
    """
    if not hauls:
        return Planned((), ())
    places = tuple(dict.fromkeys(place for haul in hauls for place in haul.places))
    drives = day.drives(places)
    problem = _problem(hauls, day, places, drives)
    timed = timetables(await planner.plan(problem), problem)
    driven = {one.visit.job for route in timed for one in route}
    stops = [_stops(route, hauls, day, places, drives) for route in timed if route]
    # Crews are alike: numbered by when they begin, a plan reads the same however they were found.
    stops.sort(key=lambda route: (route[0].arrive_at, route[0].booking.booking_number))
    routes = (CrewRoute(crew=crew, stops=route) for crew, route in enumerate(stops, start=1))
    left_out = (haul for job, haul in enumerate(hauls) if job not in driven)
    return Planned(tuple(routes), tuple(left_out))


def _problem(
    hauls: Sequence[Haul],
    day: CrewDay,
    places: Sequence[Place],
    drives: Sequence[Sequence[Drive]],
) -> RoutingProblem:
    index = {place: number for number, place in enumerate(places)}
    return RoutingProblem(
        crews=day.crews,
        capacity=day.terms.van_cubic_feet,
        ends_minute=day.minutes,
        driving=tuple(tuple(drive.minutes for drive in row) for row in drives),
        jobs=tuple(_job(haul, day, index) for haul in hauls),
    )


def _job(haul: Haul, day: CrewDay, index: dict[Place, int]) -> RoutingJob:
    begins = day.minute_of(haul.booking.pickup_at)
    return RoutingJob(
        from_minute=begins,
        until_minute=begins + day.terms.late_minutes,
        pickup_place=index[haul.pickup],
        pickup_minutes=haul.pickup_minutes,
        load=haul.cubic_feet,
        dropoff_place=None if haul.dropoff is None else index[haul.dropoff],
        dropoff_minutes=haul.dropoff_minutes,
    )


def _stops(
    route: Sequence[TimedVisit],
    hauls: Sequence[Haul],
    day: CrewDay,
    places: Sequence[Place],
    drives: Sequence[Sequence[Drive]],
) -> tuple[Stop, ...]:
    before = [None, *(one.place for one in route[:-1])]
    return tuple(
        Stop(
            leg=one.visit.leg,
            booking=hauls[one.visit.job].booking,
            place=places[one.place],
            arrive_at=day.at(one.arrive),
            begin_at=day.at(one.begin),
            depart_at=day.at(one.leave),
            driving_minutes=one.driving,
            load_cubic_feet=one.load,
            is_listed=start is not None and drives[start][one.place].is_listed,
        )
        for start, one in zip(before, route, strict=True)
    )
