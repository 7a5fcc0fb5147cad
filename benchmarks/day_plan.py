"""Seconds to plan a day: its bookings read, the solver started, its answer checked."""

import asyncio
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from random import Random
from typing import Final

from benchmarks.booking_house import BookingHouse, booking_house
from benchmarks.effort import Effort
from benchmarks.figure import Figure
from benchmarks.progress import Progress
from benchmarks.quote_requests import NOW, SEED, RequestMix
from benchmarks.temporary_postgres import temporary_postgres
from totetaxi_core import PriceBook, QuoteRequest, quote
from totetaxi_core.bookings.booking import Booking
from totetaxi_core.bookings.booking_status import BookingStatus
from totetaxi_core.bookings.contact import Contact
from totetaxi_core.geography.address import Address
from totetaxi_core.ids import IdSource
from totetaxi_core.logistics.plan_day import plan_day

NAME: Final = "day_plan"
BOOKED_SHARE: Final = 10
FIRST_DAY: Final = date(2027, 3, 1)
GUEST: Final = Contact(
    first_name="Ada", last_name="Guest", email="ada@example.com", phone="+12125550123"
)


class NothingPlannedError(Exception):
    """The plan leaves out more than a third of the day: its time would mean nothing."""


@dataclass(frozen=True, slots=True)
class Size:
    """So many bookings for so many crews, in at most so many seconds."""

    bookings: int
    crews: int
    limit_s: float


SIZES: Final = (Size(18, 6, 5.0), Size(60, 20, 20.0))


def measure(effort: Effort, progress: Progress) -> Iterator[Figure]:
    """Plan days of bookings as customers make them; the slowest of several days counts."""
    days = max(1, effort.rounds // 2)
    with temporary_postgres() as postgres:
        url = postgres.database("day_plan")
        for full in SIZES:
            size = replace(full, bookings=min(full.bookings, effort.requests // BOOKED_SHARE))
            progress.tell(f"{size.bookings} bookings on {size.crews} crews, {days} days ...")
            taken = asyncio.run(_planned_s(url, size, days=days))
            yield Figure(
                name=f"Day plan, {size.bookings} bookings on {size.crews} crews",
                value=max(taken),
                unit="s",
                limit=size.limit_s,
                at_most=True,
                note="the slowest of several days",
            )


async def _planned_s(url: str, size: Size, *, days: int) -> Sequence[float]:
    taken = []
    async with booking_house(url) as house:
        for number in range(days):
            on = FIRST_DAY + timedelta(days=size.crews * 10 + number)
            await _store(house, on, size)
            started = time.perf_counter()
            plan = await plan_day(on, house.ports, house.terms, crews=size.crews)
            taken.append(time.perf_counter() - started)
            if plan.bookings * 3 < size.bookings * 2:
                raise NothingPlannedError(f"{plan.bookings} of {size.bookings}")
    return taken


async def _store(house: BookingHouse, on: date, size: Size) -> None:
    ids = IdSource(Random(f"{SEED} {on}"))
    async with house.ports.unit_of_work() as uow:
        for request in _requests(on, size.bookings):
            await uow.bookings.add(_booking(replace(request, pickup_date=on), house, ids))
        await uow.commit()


def _requests(on: date, count: int) -> Sequence[QuoteRequest]:
    """Return what customers order, other orders each day, less what takes a crew all day."""
    drawn = RequestMix(PriceBook.default()).distinct(count * 10)
    short = [one for one in drawn if not one.organizing_service_ids]
    return Random(f"{SEED} {on}").sample(short, count)


def _booking(request: QuoteRequest, house: BookingHouse, ids: IdSource) -> Booking:
    booking_id = ids.new_id()
    return Booking(
        id=booking_id,
        booking_number=ids.new_booking_number(),
        status=BookingStatus.CONFIRMED,
        quote=quote(request, PriceBook.default(), at=NOW),
        contact=GUEST,
        customer_id=None,
        pickup_at=house.terms.pickup_at(request.pickup_date, request.pickup_time),
        pickup_address=_address(request.pickup_zip),
        delivery_address=_address(request.delivery_zip) if request.delivery_zip else None,
        item_description="",
        special_instructions="",
        cart_key=f"{booking_id.hex:0>64}",
        placed_by="guest",
        hold_expires_at=None,
        created_at=NOW,
        updated_at=NOW,
        confirmed_at=NOW,
    )


def _address(zip_code: str) -> Address:
    return Address(address_line_1="1 Main Street", city="New York", state="NY", zip_code=zip_code)
