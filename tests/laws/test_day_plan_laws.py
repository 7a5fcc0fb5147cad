"""What every day plan keeps to, whatever is booked."""

from collections import Counter
from dataclasses import replace
from datetime import time, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.builders import DEFAULT_BOOK
from tests.core.bookings.memory_house import MemoryHouse, a_house
from tests.core.logistics.moving_day import PACKAGES, VISITS, a_move, a_visit, planned
from totetaxi_adapters.memory.route_planner import MemoryRoutePlanner
from totetaxi_adapters.routing.vroom_solver import solve
from totetaxi_core.bookings.booking import Booking
from totetaxi_core.logistics.courier_task import Leg
from totetaxi_core.logistics.day_plan import MINUTE, CrewRoute, DayPlan
from totetaxi_core.logistics.driving import estimated_minutes
from totetaxi_core.logistics.haul import cubic_feet
from totetaxi_core.logistics.route_planner import RoutePlanner, Routes, RoutingProblem

EXAMPLES = settings.get_profile(settings.get_current_profile_name()).max_examples // 3
LATE = timedelta(minutes=60)
VAN = 480

zips = st.sampled_from(["10021", "10003", "10280", "11201", "07302", "11968", "11937", "11954"])
minutes = st.integers(0, 300)
planners = st.sampled_from(["vroom", "memory"])


class VroomHere:
    """The solver in this process: what the other one asks, without starting it."""

    async def plan(self, problem: RoutingProblem) -> Routes:
        return solve(problem)


def planner_of(name: str) -> RoutePlanner:
    return VroomHere() if name == "vroom" else MemoryRoutePlanner()


@st.composite
def bookings(draw: st.DrawFn) -> Booking:
    minute = draw(minutes)
    at = time(7 + minute // 60, minute % 60)
    pickup, delivery = draw(st.lists(zips, min_size=2, max_size=2, unique=True))
    visit = draw(st.none() | st.sampled_from(sorted(VISITS)))
    if draw(st.booleans()) and visit is not None:
        return a_visit(at=at, zip_code=pickup, visit=visit)
    return a_move(
        at=at,
        pickup_zip=pickup,
        delivery_zip=delivery,
        package=draw(st.sampled_from(sorted(PACKAGES))),
        item_count=draw(st.none() | st.integers(1, 15)),
        organizing_service_ids=() if visit is None else (VISITS[visit],),
    )


def numbered(drawn: list[Booking]) -> list[Booking]:
    """Number them as they were drawn, so that an example plans alike when it is tried again."""
    return [replace(one, booking_number=f"TT-{n:08}") for n, one in enumerate(drawn)]


days = st.lists(bookings(), max_size=9).map(numbered)


async def house_with(planner: str) -> MemoryHouse:
    house = await a_house()
    house.ports = replace(house.ports, planner=planner_of(planner))
    return house


@settings(max_examples=EXAMPLES)
@given(day=days, crews=st.integers(0, 4), planner=planners)
async def test_given_any_day_when_planned_then_every_rule_of_it_is_kept(
    day: list[Booking], crews: int, planner: str
) -> None:
    plan = await planned(await house_with(planner), *day, crews=crews)

    placed = Counter(
        stop.booking.id for route in plan.routes for stop in route.stops if stop.leg is Leg.PICKUP
    )
    left_out = Counter(one.booking.id for one in plan.unplanned)
    assert placed + left_out == Counter(booking.id for booking in day)
    assert len(plan.routes) <= crews
    for route in plan.routes:
        keeps_times(route, plan)
        keeps_loads(route)


@settings(max_examples=EXAMPLES // 2)
@given(day=days, planner=planners, data=st.data())
async def test_given_the_same_bookings_in_any_order_when_planned_then_the_plan_is_the_same(
    day: list[Booking], planner: str, data: st.DataObject
) -> None:
    shuffled = data.draw(st.permutations(day))

    once = await planned(await house_with(planner), *day)
    again = await planned(await house_with(planner), *shuffled)

    assert once == again


def keeps_times(route: CrewRoute, plan: DayPlan) -> None:
    """Hold the stops' times against the bookings, the day and the driving."""
    for stop in route.stops:
        assert stop.arrive_at <= stop.begin_at <= stop.depart_at <= plan.ends_at
        if stop.leg is Leg.PICKUP:
            assert timedelta(0) <= stop.begin_at - stop.booking.pickup_at <= LATE
    for before, after in zip(route.stops, route.stops[1:], strict=False):
        driving = estimated_minutes(before.place.point, after.place.point, road_percent=130)
        assert after.driving_minutes == driving
        assert after.arrive_at == before.depart_at + driving * MINUTE
        # Only a pickup has to wait for its time.
        assert after.leg is Leg.PICKUP or after.begin_at == after.arrive_at


def keeps_loads(route: CrewRoute) -> None:
    """Fill and empty the van stop by stop: nothing comes out before it went in, all comes out."""
    aboard: dict[object, int] = {}
    for stop in route.stops:
        booking = stop.booking
        room = cubic_feet(booking.quote.request, DEFAULT_BOOK, van_cubic_feet=VAN)
        if stop.leg is Leg.DROPOFF:
            assert aboard.pop(booking.id) == room
        else:
            assert sum(aboard.values()) + room <= VAN
            if booking.delivery_address is not None:
                aboard[booking.id] = room
        assert sum(aboard.values()) == stop.load_cubic_feet
    assert aboard == {}
