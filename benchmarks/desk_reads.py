"""What staff read at the desk, from the library: the newest, and somebody they search for."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping
from random import Random
from statistics import median
from typing import Final, Self

from benchmarks.booking_house import BookingHouse, booking_house
from benchmarks.quote_requests import SEED
from benchmarks.stored_customers import email, last_name
from totetaxi_core.bookings.find_bookings import BookingFilter, Search, find_bookings
from totetaxi_core.customers.customer_desk import CustomerFilter, find_customers
from totetaxi_core.unit_of_work import UnitOfWork

PAGE_SIZE: Final = 20
PAGE: Final = "First page of bookings"

Read = Callable[[UnitOfWork, int], Awaitable[object]]


async def _page(uow: UnitOfWork, _number: int) -> object:
    return await uow.bookings.page(status=None, after=None, limit=PAGE_SIZE)


async def _bookings(uow: UnitOfWork, _number: int) -> object:
    return await find_bookings(uow.booking_desk, BookingFilter(), limit=PAGE_SIZE)


async def _booking_search(uow: UnitOfWork, number: int) -> object:
    wanted = BookingFilter(search=Search.of(last_name(number)))
    return await find_bookings(uow.booking_desk, wanted, limit=PAGE_SIZE)


async def _customers(uow: UnitOfWork, _number: int) -> object:
    return await find_customers(uow.customer_desk, CustomerFilter(), limit=PAGE_SIZE)


async def _vips(uow: UnitOfWork, _number: int) -> object:
    return await find_customers(uow.customer_desk, CustomerFilter(is_vip=True), limit=PAGE_SIZE)


async def _customer_by_name(uow: UnitOfWork, number: int) -> object:
    wanted = CustomerFilter(search=Search.of(last_name(number)))
    return await find_customers(uow.customer_desk, wanted, limit=PAGE_SIZE)


async def _customer_by_email(uow: UnitOfWork, number: int) -> object:
    wanted = CustomerFilter(search=Search.of(email(number)))
    return await find_customers(uow.customer_desk, wanted, limit=PAGE_SIZE)


READS: Final[Mapping[str, Read]] = {
    PAGE: _page,
    "Staff list of bookings": _bookings,
    "Staff search of bookings by name": _booking_search,
    "Customer list": _customers,
    "List of VIPs": _vips,
    "Customer search by name": _customer_by_name,
    "Customer search by e-mail": _customer_by_email,
}


class DeskReads:
    """Reads a database with so many bookings and customers."""

    def __init__(self, url: str, count: int) -> None:
        self._url, self._count = url, count
        self._runner = asyncio.Runner()

    def __enter__(self) -> Self:
        self._opening = booking_house(self._url)
        self._house: BookingHouse = self._runner.run(self._opening.__aenter__())
        return self

    def __exit__(self, *_: object) -> None:
        self._runner.run(self._opening.__aexit__(None, None, None))
        self._runner.close()

    def p50_ms(self, what: str, calls: int) -> float:
        return 1_000 * median(self._runner.run(self._read(READS[what], calls)))

    async def _read(self, read: Read, calls: int) -> list[float]:
        numbers, took = Random(SEED), []
        for _ in range(calls):
            number = numbers.randint(1, self._count)
            started = time.perf_counter()
            async with self._house.ports.unit_of_work() as uow:
                await read(uow, number)
            took.append(time.perf_counter() - started)
        return took
