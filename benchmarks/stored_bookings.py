"""A database that has been in use for years."""

import asyncio
from typing import Final

import psycopg

from benchmarks.booking_house import TODAY, Orders, booking_house, touch_every_day
from benchmarks.stored_customers import CUSTOMERS
from benchmarks.stored_ledger import store_ledger

PAST_DAYS: Final = 1_000
AHEAD_DAYS: Final = 180
CREWS: Final = 9_999
# Every column but these is that of the one booking that was really made.
BOOKINGS: Final = """
INSERT INTO bookings SELECT made.*
FROM bookings AS first, generate_series(1, %(count)s::int) AS n,
LATERAL (SELECT %(today)s::date - %(past)s::int + n %% %(days)s::int AS moved_on) AS day,
LATERAL jsonb_populate_record(first, jsonb_build_object(
    'id', gen_random_uuid(),
    'booking_number', 'TT-' || lpad(n::text, 8, '0'),
    'cart_key', md5(n::text),
    'customer_id', md5('customer ' || n)::uuid,
    'contact_email', 'guest' || n || '@example.com',
    'contact_first_name', md5('first ' || n),
    'contact_last_name', md5('last ' || n),
    'contact_phone', '+1212' || lpad(n::text, 7, '0'),
    'status', CASE WHEN moved_on < %(today)s THEN 'completed' ELSE 'confirmed' END,
    'hold_expires_at', NULL,
    'confirmed_at', first.created_at - n * interval '1 min',
    'completed_at', CASE WHEN moved_on < %(today)s THEN first.created_at END,
    'pickup_date', moved_on,
    'pickup_time', time '07:00' + n %% 11 * interval '30 min',
    'created_at', first.created_at - n * interval '1 min'
)) AS made
"""
QUOTE_LINES: Final = """
INSERT INTO quote_lines SELECT made.*
FROM quote_lines AS line, bookings,
LATERAL jsonb_populate_record(line, jsonb_build_object('booking_id', bookings.id)) AS made
WHERE bookings.id <> line.booking_id
"""
PAYMENTS: Final = """
INSERT INTO payments SELECT made.*
FROM payments AS first, bookings,
LATERAL jsonb_populate_record(first, jsonb_build_object(
    'id', gen_random_uuid(), 'booking_id', bookings.id, 'status', 'succeeded'
)) AS made
WHERE bookings.id <> first.booking_id
"""
# A row for every half hour of these years, however few bookings there are: no size has an easier
# calendar to read.
BEGIN_ANEW: Final = "TRUNCATE crew_dates, crew_half_hours"
CREW_DATES: Final = """
INSERT INTO crew_dates
SELECT %(today)s::date - %(past)s::int + n, %(crews)s::int
FROM generate_series(0, %(days)s::int - 1) AS n
"""
CREW_HALF_HOURS: Final = """
INSERT INTO crew_half_hours (on_date, half_hour, taken, crews)
SELECT on_date, half_hour, count(bookings.id), crews
FROM crew_dates
CROSS JOIN generate_series(14, 39) AS half_hour
LEFT JOIN bookings ON pickup_date = on_date
    AND half_hour - extract(epoch FROM pickup_time) / 1800 BETWEEN 0 AND 2 * estimated_hours - 1
GROUP BY on_date, half_hour, crews
"""


def store_bookings(database_url: str, count: int) -> None:
    """Make one booking, then so many like it, each a customer's, with all that belongs to it."""
    touch_every_day(database_url)
    asyncio.run(_book_first(database_url))
    days = {"today": TODAY, "past": PAST_DAYS, "days": PAST_DAYS + AHEAD_DAYS, "crews": CREWS}
    with psycopg.connect(database_url, autocommit=True) as connection:
        connection.execute(BEGIN_ANEW)
        connection.execute("UPDATE bookings SET pickup_date = %s", (TODAY,))
        connection.execute(CUSTOMERS, {"count": count})
        connection.execute(BOOKINGS, {"count": count, **days})
        connection.execute(QUOTE_LINES)
        connection.execute(PAYMENTS)
        store_ledger(connection)
        connection.execute(CREW_DATES, days)
        connection.execute(CREW_HALF_HOURS)
        connection.execute("VACUUM ANALYZE")


def booking_number(number: int) -> str:
    """Return the number of a stored booking, counted from 1."""
    return f"TT-{number:08d}"


async def _book_first(database_url: str) -> None:
    async with booking_house(database_url) as house:
        await house.book(Orders().draw())
