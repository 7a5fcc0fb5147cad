from dataclasses import replace
from datetime import date, time, timedelta

import pytest

from tests.builders import DEFAULT_BOOK, NOW, PICKUP_DATE
from tests.core.bookings.memory_house import MemoryHouse, a_house
from tests.core.logistics.moving_day import a_move, a_visit, planned, store, told
from totetaxi_core.bookings.booking_status import CancellationReason
from totetaxi_core.geography.point import Point
from totetaxi_core.logistics.courier_task import Leg
from totetaxi_core.logistics.day_plan import UnplannedReason
from totetaxi_core.logistics.driving import DrivingMatrix
from totetaxi_core.logistics.plan_day import plan_day
from totetaxi_core.logistics.planning_terms import PlanningTerms
from totetaxi_core.logistics.route_planner import (
    PlannerUnavailableError,
    Routes,
    RoutingProblem,
    Visit,
)
from totetaxi_core.scheduling.schedule import Schedule

TO_HAMPTONS = DrivingMatrix(
    minutes={("10021", "11937"): 170, ("10021", "10022"): 12, ("10022", "11937"): 165}
)


@pytest.fixture
async def house() -> MemoryHouse:
    return await a_house()


class Blunderer:
    """A solver that sends one crew to every pickup and never to a drop-off."""

    async def plan(self, problem: RoutingProblem) -> Routes:
        return (tuple(Visit(job, Leg.PICKUP) for job in range(len(problem.jobs))),)


async def test_given_one_move_when_planned_then_times_loads_and_driving_are_said(
    house: MemoryHouse,
) -> None:
    booking = a_move(at=time(9), package="standard")

    plan = await planned(house, booking, matrix=TO_HAMPTONS)

    [route] = plan.routes
    pickup, dropoff = route.stops
    number = booking.booking_number
    assert told(plan) == [[("09:00", "pickup", number), ("12:20", "dropoff", number)]]
    assert pickup.depart_at - pickup.begin_at == timedelta(minutes=30)
    assert dropoff.depart_at - dropoff.begin_at == timedelta(minutes=30)
    assert (pickup.driving_minutes, dropoff.driving_minutes) == (0, 170)
    assert (pickup.load_cubic_feet, dropoff.load_cubic_feet) == (180, 0)
    assert (plan.bookings, plan.driving_minutes, plan.waiting_minutes) == (1, 170, 0)
    assert (plan.crews, plan.drives, plan.unplanned) == (3, (1, 1), ())


async def test_given_two_petites_when_planned_for_one_crew_then_they_share_a_van_on_time(
    house: MemoryHouse,
) -> None:
    first, second = a_move(at=time(9)), a_move(at=time(9, 45), pickup_zip="10022")

    plan = await planned(house, first, second, crews=1, matrix=TO_HAMPTONS)

    [route] = plan.routes
    assert [stop.leg.value for stop in route.stops] == ["pickup"] * 2 + ["dropoff"] * 2
    assert [stop.load_cubic_feet for stop in route.stops] == [90, 180, 90, 0]
    assert [stop.late_minutes for stop in route.stops] == [0, 0, 0, 0]
    assert [stop.waiting_minutes for stop in route.stops] == [0, 3, 0, 0]


async def test_given_a_full_move_when_another_is_due_then_no_van_carries_both(
    house: MemoryHouse,
) -> None:
    full, petite = a_move(at=time(9), package="full"), a_move(at=time(9, 45))

    plan = await planned(house, full, petite, crews=1)

    [left_out] = plan.unplanned
    assert left_out.reason is UnplannedReason.NO_ROOM
    assert plan.bookings == 1


async def test_given_pickups_at_one_time_when_one_crew_drives_then_one_comes_late_within_bounds(
    house: MemoryHouse,
) -> None:
    moves = [a_move(at=time(9)) for _ in range(4)]

    plan = await planned(house, *moves, crews=1)

    [route] = plan.routes
    late = sorted(stop.late_minutes for stop in route.stops if stop.leg is Leg.PICKUP)
    assert late == [0, 30, 60]
    assert [one.reason for one in plan.unplanned] == [UnplannedReason.NO_ROOM]


async def test_given_what_no_crew_can_drive_when_planned_then_each_reason_is_its_own(
    house: MemoryHouse,
) -> None:
    lost = a_move()
    lost = replace(lost, delivery_address=replace(lost.pickup_address, zip_code="99999"))
    huge = a_move(package="standard", item_count=20, specialty_items=())
    huge = replace(
        huge,
        quote=replace(huge.quote, request=replace(huge.quote.request, item_count=81)),
    )
    packing = next(one.id for one in DEFAULT_BOOK.organizing_services if one.slug == "full-packing")
    long = a_move(at=time(12), package="full", organizing_service_ids=(packing,))
    await store(house, (lost, huge, long))

    plan = await plan_day(PICKUP_DATE, house.ports, house.terms)
    crewless = await plan_day(PICKUP_DATE, house.ports, house.terms, crews=0)

    reasons = {one.booking.id: one.reason for one in plan.unplanned}
    assert reasons == {
        lost.id: UnplannedReason.NO_PLACE,
        huge.id: UnplannedReason.TOO_LARGE,
        long.id: UnplannedReason.DAY_TOO_SHORT,
    }
    assert plan.routes == ()
    assert [one.booking for one in plan.unplanned][-1] == long
    assert {one.reason for one in crewless.unplanned} == {
        UnplannedReason.NO_PLACE,
        UnplannedReason.NO_CREW,
    }


async def test_given_organizing_alone_when_it_outlasts_the_day_then_it_is_one_stop_until_its_end(
    house: MemoryHouse,
) -> None:
    short, long = a_visit(visit="petite-packing"), a_visit(at=time(12), visit="full-packing")

    plan = await planned(house, short, long)

    first, last = (route.stops for route in plan.routes)
    assert [len(first), len(last)] == [1, 1]
    assert first[0].depart_at - first[0].begin_at == timedelta(hours=4)
    assert last[0].depart_at == plan.ends_at
    assert (first[0].load_cubic_feet, first[0].address) == (0, short.pickup_address)


async def test_given_bookings_that_do_not_stand_when_planned_then_they_are_not_in_it(
    house: MemoryHouse,
) -> None:
    done = a_move(at=time(7)).complete(at=NOW)
    cancelled = a_move().cancel(reason=CancellationReason.STAFF, at=NOW)

    plan = await planned(house, done, cancelled)

    assert [[stop.booking for stop in route.stops] for route in plan.routes] == [[done, done]]
    assert plan.unplanned == ()


async def test_given_a_touched_date_when_planned_then_its_own_crews_drive() -> None:
    house = await a_house(schedule=Schedule(default_crews=5))
    async with house.ports.unit_of_work() as uow:
        await uow.crews.take(PICKUP_DATE, range(18, 22), crews=4)
        await uow.commit()

    touched = await plan_day(PICKUP_DATE, house.ports, house.terms)
    other = await plan_day(date(2026, 12, 2), house.ports, house.terms)

    assert (touched.crews, other.crews) == (4, 5)


async def test_given_a_point_far_from_its_zip_when_planned_then_the_zip_is_driven_to(
    house: MemoryHouse,
) -> None:
    near, astray = Point(latitude=40.77, longitude=-73.96), Point(latitude=0.0, longitude=0.0)
    booking = a_move()
    address = booking.pickup_address
    at_door = replace(booking, pickup_address=replace(address, point=near))
    lost = a_move(at=time(10))
    lost = replace(lost, pickup_address=replace(address, point=astray))

    plan = await planned(house, at_door, lost)

    pickups = {
        stop.booking.id: stop.place.point
        for route in plan.routes
        for stop in route.stops
        if stop.leg is Leg.PICKUP
    }
    assert pickups == {at_door.id: near, lost.id: DEFAULT_BOOK.points["10021"]}


async def test_given_another_van_and_road_when_planned_then_they_are_reckoned_with(
    house: MemoryHouse,
) -> None:
    booking = a_move()
    await store(house, [booking])
    straight = replace(house.terms, planning=PlanningTerms(road_percent=100))
    small = replace(house.terms, planning=PlanningTerms(van_cubic_feet=89))

    usual = await plan_day(PICKUP_DATE, house.ports, house.terms)
    shorter = await plan_day(PICKUP_DATE, house.ports, straight)
    none = await plan_day(PICKUP_DATE, house.ports, small)

    assert 160 <= usual.driving_minutes <= 200
    assert shorter.driving_minutes < usual.driving_minutes
    assert [one.reason for one in none.unplanned] == [UnplannedReason.TOO_LARGE]


async def test_given_a_solver_that_errs_when_planned_then_nobody_drives_by_it(
    house: MemoryHouse,
) -> None:
    await store(house, [a_move(at=time(9)), a_move(at=time(11))])
    ports = replace(house.ports, planner=Blunderer())

    with pytest.raises(PlannerUnavailableError, match="stays in the van"):
        await plan_day(PICKUP_DATE, ports, house.terms)


async def test_given_routes_in_any_order_when_planned_then_crews_are_numbered_as_they_begin(
    house: MemoryHouse,
) -> None:
    class LastFirst:
        async def plan(self, problem: RoutingProblem) -> Routes:
            jobs = reversed(range(len(problem.jobs)))
            return tuple((Visit(job, Leg.PICKUP), Visit(job, Leg.DROPOFF)) for job in jobs)

    moves = [a_move(at=time(hour)) for hour in (8, 9, 10)]
    await store(house, moves)

    plan = await plan_day(PICKUP_DATE, replace(house.ports, planner=LastFirst()), house.terms)

    assert [route.crew for route in plan.routes] == [1, 2, 3]
    assert [route.stops[0].booking for route in plan.routes] == moves


async def test_given_an_empty_day_when_planned_then_no_solver_is_asked(
    house: MemoryHouse,
) -> None:
    class Nobody:
        async def plan(self, problem: RoutingProblem) -> Routes:
            raise AssertionError(problem)

    plan = await plan_day(PICKUP_DATE, replace(house.ports, planner=Nobody()), house.terms)

    assert (plan.routes, plan.unplanned, plan.crews) == ((), (), 3)
