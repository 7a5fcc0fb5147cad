"""A booking past its time leaves no trace of its person; the account it was in stays."""

from dataclasses import replace
from datetime import timedelta

import psycopg
import pytest

from tests.adapters.postgres.server_view import fetch
from tests.adapters.postgres.test_erasure import Left, left, traces
from tests.builders import NOW
from totetaxi_core.payments.refund import RefundStatus
from totetaxi_core.retention.retention_terms import Kept
from totetaxi_core.retention.sweep_kept import count_kept, sweep_kept
from totetaxi_core.staff.read_acts import verify_acts

__all__ = ["left"]  # the fixture

OF_THE_ACCOUNT = {
    "customer_contacts",
    "customer_notes",
    "customers",
    "rate_limits",
    "saved_addresses",
    "staff_acts",
}
AMOUNTS = """
    SELECT 'payment', id::text, amount_cents FROM payments UNION ALL
    SELECT 'refund', id::text, amount_cents FROM refunds UNION ALL
    SELECT 'posting', entry_id || account, amount_cents FROM ledger_postings UNION ALL
    SELECT 'booking', id::text, total_cents FROM bookings ORDER BY 1, 2
"""
EVENTS = """
    CREATE SCHEMA sandbox CREATE TABLE stripe_events (id integer, delivered_at timestamptz);
    INSERT INTO sandbox.stripe_events VALUES (1, '2026-01-01'), (2, NULL), (3, '2040-01-01');
    INSERT INTO procrastinate_jobs (id, queue_name, task_name, status, args)
        VALUES (91, 'q', 't', 'succeeded', '{}'), (92, 'q', 't', 'todo', '{}');
    UPDATE procrastinate_events SET at = '2026-01-01' WHERE job_id IN (91, 92);
"""


@pytest.fixture
async def past(left: Left) -> Left:
    """Return the house after all that time, with no refund under way."""
    house = left.house
    async with house.ports.unit_of_work() as uow:
        for booking in left.bookings:
            for refund in await uow.refunds.of_booking(booking.id):
                await uow.refunds.save(replace(refund, status=RefundStatus.REJECTED))
        await uow.commit()
    now = NOW + house.terms.retention.bookings + timedelta(days=30)
    house.ports = replace(house.ports, clock=lambda: now)
    return left


async def test_given_bookings_past_their_time_when_swept_then_no_column_of_theirs_has_a_trace(
    past: Left, database_url: str
) -> None:
    counted = await count_kept(past.house.ports, past.house.terms)
    amounts = fetch(database_url, AMOUNTS)

    gone = (await sweep_kept(past.house.ports, past.house.terms, limit=2, most=100)).gone

    assert counted[Kept.BOOKINGS] == gone[Kept.BOOKINGS] == len(past.bookings)
    assert {table for table, _ in traces(database_url)} - {"payment_methods"} == OF_THE_ACCOUNT
    assert fetch(database_url, AMOUNTS) == amounts
    assert (await verify_acts(past.house.ports, head=None)).faults == ()
    again = await sweep_kept(past.house.ports, past.house.terms, limit=2, most=100)
    assert not any(again.gone.values())


async def test_given_the_sandboxs_events_and_done_jobs_when_swept_then_the_old_ones_go(
    past: Left, database_url: str
) -> None:
    with psycopg.connect(database_url, autocommit=True) as connection:
        connection.execute(EVENTS.encode())

    gone = (await sweep_kept(past.house.ports, past.house.terms, limit=2, most=100)).gone

    assert (gone[Kept.SANDBOX_EVENTS], gone[Kept.JOBS]) == (1, 1)
    assert fetch(database_url, "SELECT id FROM sandbox.stripe_events ORDER BY id") == [(2,), (3,)]
    assert fetch(database_url, "SELECT id FROM procrastinate_jobs WHERE id > 90") == [(92,)]
