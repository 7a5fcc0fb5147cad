"""A house whose guests book without end: many crews, every day open, no payment provider."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from typing import Final

import psycopg

from benchmarks.quote_requests import SEED
from totetaxi_adapters.settings import settings_from
from totetaxi_adapters.wiring import wired
from totetaxi_core import PriceBook, QuoteRequest, ServiceType
from totetaxi_core.bookings.contact import Contact
from totetaxi_core.bookings.order import Order
from totetaxi_core.bookings.place_booking import PlacedBooking, place_booking
from totetaxi_core.geography.address import Address
from totetaxi_core.ports import Ports, Terms
from totetaxi_core.scheduling.schedule import MAX_HORIZON_DAYS, Schedule

TODAY: Final = datetime.now(UTC).date()
FIRST_DAY: Final = 2
LAST_DAY: Final = MAX_HORIZON_DAYS - 1
PLENTY_OF_CREWS: Final = 30_000
STARTS: Final = tuple(time(7 + half // 2, half % 2 * 30) for half in range(11))
TOUCH_DATES = (
    "INSERT INTO crew_dates SELECT %s::date + n, %s FROM generate_series(%s::int, %s::int) AS n"
)
TOUCH_HALF_HOURS = (
    "INSERT INTO crew_half_hours (on_date, half_hour, taken, crews)"
    " SELECT on_date, half, 0, crews FROM crew_dates, generate_series(14, 39) AS half"
)
EVERY_DAY: Final = Schedule(
    horizon_days=MAX_HORIZON_DAYS, closed_weekdays=frozenset(), closes_on_federal_holidays=False
)


@dataclass(frozen=True, slots=True)
class BookingHouse:
    """What `place_booking` works with."""

    ports: Ports
    terms: Terms

    async def book(self, order: Order) -> PlacedBooking:
        return await place_booking(order, self.ports, self.terms)


@asynccontextmanager
async def booking_house(database_url: str) -> AsyncIterator[BookingHouse]:
    """Open the house on a database whose crews were counted by `touch_every_day`."""
    settings = settings_from({})
    async with wired(settings, database_url, sandbox_url="http://127.0.0.1:1") as wiring:
        yield BookingHouse(wiring.ports, replace(wiring.terms, schedule=EVERY_DAY))


def touch_every_day(database_url: str) -> None:
    """Give every date crews without end, and its half hours their rows."""
    with psycopg.connect(database_url) as connection:
        connection.execute(TOUCH_DATES, (TODAY, PLENTY_OF_CREWS, FIRST_DAY, LAST_DAY))
        connection.execute(TOUCH_HALF_HOURS)


class Orders:
    """Draws orders: other guests, days and mornings each time."""

    def __init__(self) -> None:
        self._random = Random(SEED)
        self._package = PriceBook.default().mini_move_packages[0]
        self._drawn = 0

    def draw(self) -> Order:
        self._drawn += 1
        pickup = Address(
            address_line_1=f"{self._drawn} Park Avenue",
            city="New York",
            state="NY",
            zip_code="10021",
        )
        delivery = Address(
            address_line_1="12 Egypt Lane", city="East Hampton", state="NY", zip_code="11937"
        )
        return Order(
            request=self._request(pickup, delivery),
            contact=Contact(
                first_name="Ada",
                last_name="Guest",
                email=f"guest{self._drawn}@example.com",
                phone="+12125550123",
            ),
            pickup_address=pickup,
            delivery_address=delivery,
        )

    def _request(self, pickup: Address, delivery: Address) -> QuoteRequest:
        return QuoteRequest(
            service_type=ServiceType.MINI_MOVE,
            pickup_date=self.day(),
            pickup_time=self._random.choice(STARTS),
            pickup_zip=pickup.zip_code,
            delivery_zip=delivery.zip_code,
            mini_move_package_id=self._package.id,
        )

    def day(self) -> date:
        return TODAY + timedelta(days=self._random.randint(FIRST_DAY, LAST_DAY))
