"""Bookings as customers make them, many thousands, each with the price of its own wishes."""

import asyncio
from dataclasses import replace
from datetime import datetime
from typing import Final
from uuid import uuid4

import psycopg

from benchmarks.booking_house import Orders, booking_house, touch_every_day
from benchmarks.quote_requests import NOW, RequestMix
from totetaxi_core import PriceBook, quote
from totetaxi_core.bookings.booking import Booking

# Each is there so many times more: the ids of the copies follow from the first's and the number.
COPIES: Final = """
INSERT INTO bookings SELECT made.*
FROM (SELECT bookings, row_number() OVER (ORDER BY id) AS place FROM bookings) AS first,
generate_series(1, %(copies)s::int) AS n,
LATERAL jsonb_populate_record(first.bookings, jsonb_build_object(
    'id', md5((first.bookings).id::text || n)::uuid,
    'booking_number', 'TT-' || lpad((n * 100000 + place)::text, 8, '0'),
    'cart_key', md5('cart ' || place || ' ' || n),
    'status', 'confirmed',
    'hold_expires_at', NULL
)) AS made
"""
LINES: Final = """
INSERT INTO quote_lines SELECT made.*
FROM quote_lines AS line, generate_series(1, %(copies)s::int) AS n,
LATERAL jsonb_populate_record(line, jsonb_build_object(
    'booking_id', md5(line.booking_id::text || n)::uuid
)) AS made
"""


def store_distinct(database_url: str, count: int, *, distinct: int) -> None:
    """Store so many bookings of the coming half year, so many of them alike no other."""
    touch_every_day(database_url)
    asyncio.run(_store(database_url, distinct))
    with psycopg.connect(database_url, autocommit=True) as connection:
        copies = {"copies": count // distinct - 1}
        with connection.transaction():
            connection.execute(COPIES, copies)
            connection.execute(LINES, copies)
        connection.execute("VACUUM ANALYZE")


async def _store(database_url: str, distinct: int) -> None:
    """Make one booking; store the others after its pattern."""
    book = PriceBook.default()
    requests = RequestMix(book).distinct(distinct - 1)
    async with booking_house(database_url) as house:
        pattern = (await house.book(Orders().draw())).booking
        async with house.ports.unit_of_work() as uow:
            for number, request in enumerate(requests):
                priced = quote(request, book, at=NOW)
                local = datetime.combine(
                    request.pickup_date, request.pickup_time, tzinfo=house.terms.zone
                )
                booking: Booking = replace(
                    pattern,
                    id=uuid4(),
                    booking_number=f"TT-{number:08d}",
                    quote=priced,
                    pickup_at=local,
                    cart_key=f"cart {number}",
                )
                await uow.bookings.add(booking)
            await uow.commit()
