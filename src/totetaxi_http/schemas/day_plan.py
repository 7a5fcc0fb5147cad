"""A day's plan, on the wire."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import ClassVar, Self
from uuid import UUID

import attrs

from totetaxi_core.catalog import ServiceType
from totetaxi_core.logistics.courier_task import Leg
from totetaxi_core.logistics.day_plan import CrewRoute, DayPlan, Stop, Unplanned, UnplannedReason


@attrs.frozen(kw_only=True)
class StopResponse:
    """The crew arrives, waits until it begins, and leaves with `load_cubic_feet` in the van.

    `driving_minutes` are those from the crew's last stop; `driving_is_listed` tells that a matrix
    says so. `late_minutes` is how long after its time a pickup begins.
    """

    leg: Leg
    booking_id: UUID
    booking_number: str
    service_type: ServiceType
    city: str
    state: str
    zip_code: str
    latitude: float
    longitude: float
    arrive_at: datetime
    begin_at: datetime
    depart_at: datetime
    driving_minutes: int
    driving_is_listed: bool
    waiting_minutes: int
    late_minutes: int
    load_cubic_feet: int

    @classmethod
    def from_stop(cls, stop: Stop) -> Self:
        return cls(
            leg=stop.leg,
            booking_id=stop.booking.id,
            booking_number=stop.booking.booking_number,
            service_type=stop.booking.quote.request.service_type,
            city=stop.address.city,
            state=stop.address.state,
            zip_code=stop.place.zip_code,
            latitude=stop.place.point.latitude,
            longitude=stop.place.point.longitude,
            arrive_at=stop.arrive_at,
            begin_at=stop.begin_at,
            depart_at=stop.depart_at,
            driving_minutes=stop.driving_minutes,
            driving_is_listed=stop.is_listed,
            waiting_minutes=stop.waiting_minutes,
            late_minutes=stop.late_minutes,
            load_cubic_feet=stop.load_cubic_feet,
        )


@attrs.frozen(kw_only=True)
class CrewRouteResponse:
    """What one crew drives; crews are numbered from 1."""

    crew: int
    begins_at: datetime
    ends_at: datetime
    bookings: int
    driving_minutes: int
    waiting_minutes: int
    stops: tuple[StopResponse, ...]

    @classmethod
    def from_route(cls, route: CrewRoute) -> Self:
        return cls(
            crew=route.crew,
            begins_at=route.begins_at,
            ends_at=route.ends_at,
            bookings=route.bookings,
            driving_minutes=route.driving_minutes,
            waiting_minutes=route.waiting_minutes,
            stops=tuple(StopResponse.from_stop(stop) for stop in route.stops),
        )


@attrs.frozen(kw_only=True)
class UnplannedResponse:
    """A booking that no crew drives, and why: a stable code and a sentence."""

    booking_id: UUID
    booking_number: str
    pickup_at: datetime
    reason: UnplannedReason
    message: str

    @classmethod
    def from_unplanned(cls, unplanned: Unplanned) -> Self:
        return cls(
            booking_id=unplanned.booking.id,
            booking_number=unplanned.booking.booking_number,
            pickup_at=unplanned.booking.pickup_at,
            reason=unplanned.reason,
            message=unplanned.reason.what_it_means,
        )


def _example_stop(leg: str, **facts: object) -> Mapping[str, object]:
    return {
        "leg": leg,
        "booking_id": "0b9c4f6e-3a57-4d1e-9a64-5f8b2c7d1e90",
        "booking_number": "TT-7K3M9QXA",
        "service_type": "mini_move",
        "state": "NY",
        "driving_is_listed": False,
        "waiting_minutes": 0,
        "late_minutes": 0,
        **facts,
    }


@attrs.frozen(kw_only=True)
class DayPlanResponse:
    """Every booking of the date that stands is in one route, or unplanned.

    `crews` is how many could drive, `bookings` how many are planned. The crews' day is from
    `begins_at` to `ends_at`.
    """

    EXAMPLE: ClassVar[Mapping[str, object]] = {
        "date": "2026-12-01",
        "begins_at": "2026-12-01T12:00:00Z",
        "ends_at": "2026-12-02T01:00:00Z",
        "crews": 3,
        "van_cubic_feet": 480,
        "bookings": 1,
        "driving_minutes": 174,
        "waiting_minutes": 0,
        "routes": [
            {
                "crew": 1,
                "begins_at": "2026-12-01T14:00:00Z",
                "ends_at": "2026-12-01T17:54:00Z",
                "bookings": 1,
                "driving_minutes": 174,
                "waiting_minutes": 0,
                "stops": [
                    _example_stop(
                        "pickup",
                        city="New York",
                        zip_code="10021",
                        latitude=40.7712,
                        longitude=-73.9649,
                        arrive_at="2026-12-01T14:00:00Z",
                        begin_at="2026-12-01T14:00:00Z",
                        depart_at="2026-12-01T14:30:00Z",
                        driving_minutes=0,
                        load_cubic_feet=90,
                    ),
                    _example_stop(
                        "dropoff",
                        city="East Hampton",
                        zip_code="11937",
                        latitude=40.9851,
                        longitude=-72.1826,
                        arrive_at="2026-12-01T17:24:00Z",
                        begin_at="2026-12-01T17:24:00Z",
                        depart_at="2026-12-01T17:54:00Z",
                        driving_minutes=174,
                        load_cubic_feet=0,
                    ),
                ],
            }
        ],
        "unplanned": [
            {
                "booking_id": "5d6f7c1e-8a90-4b32-9c45-1e2f3a4b5c6d",
                "booking_number": "TT-2M8R4WPC",
                "pickup_at": "2026-12-01T16:00:00Z",
                "reason": "no_room",
                "message": UnplannedReason.NO_ROOM.what_it_means,
            }
        ],
    }

    date: date
    begins_at: datetime
    ends_at: datetime
    crews: int
    van_cubic_feet: int
    bookings: int
    driving_minutes: int
    waiting_minutes: int
    routes: tuple[CrewRouteResponse, ...]
    unplanned: tuple[UnplannedResponse, ...]

    @classmethod
    def from_plan(cls, plan: DayPlan) -> Self:
        return cls(
            date=plan.plan_on,
            begins_at=plan.begins_at,
            ends_at=plan.ends_at,
            crews=plan.crews,
            van_cubic_feet=plan.van_cubic_feet,
            bookings=plan.bookings,
            driving_minutes=plan.driving_minutes,
            waiting_minutes=plan.waiting_minutes,
            routes=tuple(CrewRouteResponse.from_route(route) for route in plan.routes),
            unplanned=tuple(UnplannedResponse.from_unplanned(one) for one in plan.unplanned),
        )
