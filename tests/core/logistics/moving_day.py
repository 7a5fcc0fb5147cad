"""Confirmed bookings of one day, in a house in memory, for tests of its plan."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime, time
from typing import Any, Final

from tests.builders import (
    DEFAULT_BOOK,
    NOW,
    PICKUP_DATE,
    a_booking,
    a_quote,
    a_quote_request,
    an_address,
)
from tests.core.bookings.memory_house import NEW_YORK, MemoryHouse
from totetaxi_core.bookings.booking import Booking
from totetaxi_core.catalog import ServiceType
from totetaxi_core.geography.address import Address
from totetaxi_core.logistics.day_plan import DayPlan
from totetaxi_core.logistics.driving import DrivingMatrix
from totetaxi_core.logistics.plan_day import plan_day
from totetaxi_core.pricing import QuoteRequest

PACKAGES: Final = {one.slug: one.id for one in DEFAULT_BOOK.mini_move_packages}
VISITS: Final = {one.slug: one.id for one in DEFAULT_BOOK.organizing_services}


def an_address_in(zip_code: str) -> Address:
    """An address without a point of its own: it is where its ZIP is."""
    return replace(an_address(), zip_code=zip_code, point=None)


def a_move(
    *,
    at: time = time(9),
    pickup_zip: str = "10021",
    delivery_zip: str = "11937",
    package: str = "petite",
    **request: Any,  # noqa: ANN401  any field of a request
) -> Booking:
    """A confirmed mini move from the one ZIP's point to the other's."""
    facts: dict[str, Any] = {
        "pickup_zip": pickup_zip,
        "delivery_zip": delivery_zip,
        "pickup_time": at,
        "mini_move_package_id": PACKAGES[package],
    }
    return a_standing(replace(a_quote_request(), **(facts | request)))


def a_visit(*, at: time = time(9), zip_code: str = "10021", visit: str) -> Booking:
    """A confirmed booking of organizing only."""
    return a_standing(
        QuoteRequest(
            service_type=ServiceType.ORGANIZING_ONLY,
            pickup_date=PICKUP_DATE,
            pickup_time=at,
            pickup_zip=zip_code,
            organizing_service_ids=(VISITS[visit],),
        )
    )


def a_standing(wanted: QuoteRequest) -> Booking:
    """A confirmed booking of the request."""
    pickup_at = datetime.combine(wanted.pickup_date, wanted.pickup_time, tzinfo=NEW_YORK)
    to = None if wanted.delivery_zip is None else an_address_in(wanted.delivery_zip)
    booking = replace(
        a_booking(offer=a_quote(wanted)),
        pickup_at=pickup_at.astimezone(UTC),
        pickup_address=an_address_in(wanted.pickup_zip),
        delivery_address=to,
    )
    return booking.confirm(at=NOW)


async def store(house: MemoryHouse, bookings: Iterable[Booking]) -> None:
    async with house.ports.unit_of_work() as uow:
        for booking in bookings:
            await uow.bookings.add(booking)
        await uow.commit()


async def planned(
    house: MemoryHouse,
    *bookings: Booking,
    crews: int | None = None,
    matrix: DrivingMatrix | None = None,
) -> DayPlan:
    """Store the bookings and return the plan of their day."""
    await store(house, bookings)
    return await plan_day(PICKUP_DATE, house.ports, house.terms, crews=crews, matrix=matrix)


def told(plan: DayPlan) -> list[list[tuple[str, str, str]]]:
    """Return each crew's stops: when by the clock of New York, which leg, of which booking."""
    return [
        [
            (
                f"{stop.begin_at.astimezone(NEW_YORK):%H:%M}",
                stop.leg.value,
                stop.booking.booking_number,
            )
            for stop in route.stops
        ]
        for route in plan.routes
    ]
