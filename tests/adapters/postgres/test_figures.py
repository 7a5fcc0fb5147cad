"""What Prometheus is told of the database."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from tests.adapters.postgres.server_view import fetch
from tests.builders import NOW, a_booking, a_payment, a_refund, an_effect, an_id
from tests.conftest import PostgresUowFactory
from totetaxi_adapters.origin import at_work
from totetaxi_adapters.postgres.effect_origins import EffectOrigins
from totetaxi_adapters.postgres.figures import Holds, PostgresFigures, Queue
from totetaxi_core.payments.refund import RefundStatus

MONDAY = date(2026, 12, 7)
MAKE_OLDER = (
    "UPDATE procrastinate_events SET at = at - interval '10 minutes' WHERE type = 'deferred'"
    " RETURNING 1"
)
BEGIN_ONE = (
    "UPDATE procrastinate_jobs SET status = 'doing'"
    " WHERE id = (SELECT min(id) FROM procrastinate_jobs) RETURNING 1"
)


@pytest.fixture
def figures(engine: AsyncEngine) -> PostgresFigures:
    return PostgresFigures(engine)


async def test_given_nothing_when_read_then_there_is_nothing(figures: PostgresFigures) -> None:
    assert await figures.queues() == ()
    assert await figures.holds(NOW) == Holds(0, 0)
    assert await figures.least_crews_left(MONDAY, MONDAY) == {}
    assert await figures.refunds(NOW) == {}
    assert await figures.size_bytes() > 1_000_000


async def test_given_jobs_when_read_then_each_queue_tells_how_old_its_oldest_is(
    figures: PostgresFigures, uow_factory: PostgresUowFactory, database_url: str
) -> None:
    async with uow_factory() as uow:
        for _ in range(3):
            await uow.outbox.owe(an_effect())
        await uow.commit()
    fetch(database_url, BEGIN_ONE)
    fetch(database_url, MAKE_OLDER)

    queues = sorted(await figures.queues(), key=lambda queue: queue.state)

    assert [queue[:3] for queue in queues] == [("providers", "doing", 1), ("providers", "todo", 2)]
    assert all(600 <= queue.oldest_s < 900 for queue in queues)


async def test_given_a_job_for_later_when_read_then_it_is_not_old(
    figures: PostgresFigures, uow_factory: PostgresUowFactory, database_url: str
) -> None:
    async with uow_factory() as uow:
        await uow.outbox.owe(an_effect())
        await uow.commit()
    fetch(database_url, MAKE_OLDER)
    later = "UPDATE procrastinate_jobs SET scheduled_at = now() + interval '1 hour' RETURNING 1"
    fetch(database_url, later)

    assert await figures.queues() == (Queue("providers", "todo", 1, 0.0),)


async def test_given_unpaid_bookings_when_read_then_those_whose_hold_is_over_are_apart(
    figures: PostgresFigures, uow_factory: PostgresUowFactory
) -> None:
    async with uow_factory() as uow:
        for hold in (5, 10, 60):
            await uow.bookings.add(a_booking(hold=timedelta(minutes=hold)))
        await uow.commit()

    assert await figures.holds(NOW + timedelta(minutes=10)) == Holds(standing=1, lapsed=2)


async def test_given_crews_taken_when_read_then_the_fullest_half_hour_of_a_date_counts(
    figures: PostgresFigures, uow_factory: PostgresUowFactory
) -> None:
    async with uow_factory() as uow:
        await uow.crews.take(MONDAY, range(18, 22), crews=3)
        await uow.crews.take(MONDAY, range(21, 24), crews=3)
        await uow.commit()

    assert await figures.least_crews_left(MONDAY, MONDAY + timedelta(days=13)) == {MONDAY: 1}
    assert await figures.least_crews_left(MONDAY + timedelta(days=1), MONDAY) == {}


async def test_given_refunds_when_read_then_old_failures_are_left_out(
    figures: PostgresFigures, uow_factory: PostgresUowFactory
) -> None:
    booking = a_booking()
    payment = a_payment(booking)
    failed = replace(a_refund(payment, amount_cents=1), status=RefundStatus.FAILED)
    async with uow_factory() as uow:
        await uow.bookings.add(booking)
        await uow.payments.add(payment)
        await uow.refunds.add(a_refund(payment, amount_cents=1))
        await uow.refunds.add(failed)
        await uow.commit()

    assert await figures.refunds(NOW + timedelta(hours=24)) == {"approved": 1, "failed": 1}
    assert await figures.refunds(NOW + timedelta(hours=25)) == {"approved": 1}


async def test_given_an_effect_that_a_request_owed_when_looked_up_then_its_origin_is_known(
    engine: AsyncEngine, uow_factory: PostgresUowFactory
) -> None:
    theirs, nobodys = an_effect(payload={"booking_id": "b1"}), an_effect()
    async with uow_factory() as uow:
        with at_work(request_id="r1"):
            await uow.outbox.owe(theirs)
        await uow.outbox.owe(nobodys)
        await uow.outbox.save(replace(theirs, attempts=1))
        await uow.commit()

    origins = EffectOrigins(engine)

    assert await origins.of(theirs.id) == ("settle_intent", "b1", "r1", None)
    assert await origins.of(nobodys.id) == ("settle_intent", None, None, None)
    assert await origins.of(an_id()) is None
