"""What an event costs the transaction of its fact: one statement, and two bookings do not meet."""

import asyncio

from sqlalchemy import event as listening
from sqlalchemy.ext.asyncio import AsyncEngine

from tests.builders import NOW
from tests.conftest import PostgresUowFactory
from tests.contracts.storing import store_booking
from tests.contracts.test_webhooks import LEASE, a_subscription, owed, store
from totetaxi_core.webhooks.announce import announce
from totetaxi_core.webhooks.event_type import EventType

TWO = (EventType.BOOKING_CREATED, EventType.BOOKING_CONFIRMED)


async def test_given_two_events_of_a_transaction_when_committed_then_one_statement_writes_them(
    postgres_uow_factory: PostgresUowFactory, engine: AsyncEngine
) -> None:
    subscriptions = [a_subscription() for _ in range(3)]
    await store(postgres_uow_factory, *subscriptions)
    booking = await store_booking(postgres_uow_factory())
    statements: list[str] = []
    listening.listen(
        engine.sync_engine,
        "before_cursor_execute",
        lambda _connection, _cursor, statement, *_: statements.append(statement),
    )

    async with postgres_uow_factory() as uow:
        for event_type in TWO:
            await announce(uow, event_type, booking, at=NOW)
        await uow.commit()

    assert len(statements) == 1
    for subscription in subscriptions:
        found = await owed(postgres_uow_factory, subscription)
        assert [one.event.sequence for one in found] == [1, 2]


async def test_given_many_workers_when_they_claim_at_once_then_each_delivery_is_one_s_alone(
    postgres_uow_factory: PostgresUowFactory,
) -> None:
    subscriptions = [a_subscription() for _ in range(4)]
    await store(postgres_uow_factory, *subscriptions)
    for _ in range(3):
        booking = await store_booking(postgres_uow_factory())
        async with postgres_uow_factory() as uow:
            await announce(uow, TWO[0], booking, at=NOW)
            await uow.commit()

    async def claim() -> list[object]:
        async with postgres_uow_factory() as uow:
            claims = await uow.webhook_deliveries.claim(now=NOW, until=NOW + LEASE, limit=2)
            await uow.commit()
        return [one.subscription.id for one in claims]

    claimed = [one for found in await asyncio.gather(*(claim() for _ in range(8))) for one in found]

    assert len(claimed) == len(set(claimed))
    assert set(claimed) <= {one.id for one in subscriptions}
