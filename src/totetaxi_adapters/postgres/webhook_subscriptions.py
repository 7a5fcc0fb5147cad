"""Subscriptions of client systems."""

from collections.abc import Mapping
from dataclasses import fields
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ColumnElement, Uuid, bindparam, insert, literal_column, select, update

from totetaxi_adapters.postgres.tables import webhook_subscriptions
from totetaxi_adapters.postgres.transaction import Transaction
from totetaxi_core.webhooks.event_type import EventType
from totetaxi_core.webhooks.subscription import (
    PauseReason,
    Subscription,
    SubscriptionNotFoundError,
    SubscriptionState,
)

# A subscription's columns are its fields, by name.
FIELDS: Final = tuple(field.name for field in fields(Subscription))
STANDS: Final[ColumnElement[bool]] = literal_column("webhook_subscriptions.state <> 'removed'")
ADD = insert(webhook_subscriptions)
OF_ID = webhook_subscriptions.c.id == bindparam("of_id", type_=Uuid)
SAVE = update(webhook_subscriptions).where(OF_ID)
GET = select(webhook_subscriptions).where(OF_ID)
# A booking that owes it an event meanwhile only wants the row to stay: it need not wait.
LOCK = GET.with_for_update(key_share=True)
ALL = (
    select(webhook_subscriptions)
    .where(STANDS)
    .order_by(webhook_subscriptions.c.created_at, webhook_subscriptions.c.id)
)


class PostgresWebhookSubscriptions:
    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def add(self, subscription: Subscription) -> None:
        await self._transaction.execute(ADD, _row(subscription))

    async def save(self, subscription: Subscription) -> None:
        given = _row(subscription) | {"of_id": subscription.id}
        await self._transaction.execute(SAVE, given)

    async def get(
        self, subscription_id: UUID, *, lock: bool = False, though_removed: bool = False
    ) -> Subscription:
        statement = LOCK if lock else GET
        if not though_removed:
            statement = statement.where(STANDS)
        rows = await self._transaction.execute(statement, {"of_id": subscription_id})
        row = rows.mappings().one_or_none()
        if row is None:
            raise SubscriptionNotFoundError(subscription_id)
        return subscription_from(row)

    async def all(self, *, lock: bool = False) -> tuple[Subscription, ...]:
        if lock:
            await self._transaction.lock("webhooks")
        rows = await self._transaction.execute(ALL)
        return tuple(subscription_from(row) for row in rows.mappings())


def subscription_from(row: Mapping[Any, Any]) -> Subscription:
    """Return the subscription of a row that has its columns by name."""
    facts = {name: row[name] for name in FIELDS}
    reason = row["pause_reason"]
    facts |= {
        "event_types": frozenset(map(EventType, row["event_types"])),
        "state": SubscriptionState(row["state"]),
        "pause_reason": None if reason is None else PauseReason(reason),
    }
    return Subscription(**facts)


def _row(subscription: Subscription) -> dict[str, object]:
    row = {name: getattr(subscription, name) for name in FIELDS}
    return row | {"event_types": sorted(subscription.event_types)}
