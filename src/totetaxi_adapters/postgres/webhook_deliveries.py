"""What client systems are owed and got."""

from collections.abc import Mapping
from dataclasses import fields
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    Integer,
    Select,
    Text,
    Uuid,
    bindparam,
    select,
    text,
    tuple_,
    update,
)

from totetaxi_adapters.postgres.tables import (
    webhook_deliveries,
    webhook_events,
    webhook_subscriptions,
)
from totetaxi_adapters.postgres.tables.metadata import INSTANT
from totetaxi_adapters.postgres.transaction import Transaction
from totetaxi_adapters.postgres.webhook_subscriptions import subscription_from
from totetaxi_core.page import Place
from totetaxi_core.webhooks.delivery import Delivery, DeliveryNotFoundError, DeliveryState
from totetaxi_core.webhooks.repositories import Claim
from totetaxi_core.webhooks.webhook_event import WebhookEvent

EVENT: Final = ("type", "booking_id", "sequence", "payload", "created_at")
OWN: Final = tuple(
    field.name for field in fields(Delivery) if field.name not in {"subscription_id", "event"}
)
SUBSCRIPTION: Final = "its_"
TOLD: Final = (
    webhook_deliveries.c.subscription_id,
    webhook_deliveries.c.event_id,
    *(webhook_deliveries.c[name] for name in OWN),
    *(webhook_events.c[name].label(f"event_{name}") for name in EVENT),
)
STORED: Final[Select[Any]] = select(*TOLD).join(
    webhook_events, webhook_events.c.id == webhook_deliveries.c.event_id
)
OF_SUBSCRIPTION = webhook_deliveries.c.subscription_id == bindparam("of_subscription", type_=Uuid)
OF_EVENT = webhook_deliveries.c.event_id == bindparam("of_event", type_=Uuid)
GET = STORED.where(OF_SUBSCRIPTION, OF_EVENT)
LOCK = GET.with_for_update(of=webhook_deliveries)
SAVE = update(webhook_deliveries).where(OF_SUBSCRIPTION, OF_EVENT)
DUE = webhook_deliveries.c.state == DeliveryState.DUE.value
ALL_DUE = update(webhook_deliveries).where(OF_SUBSCRIPTION, DUE)
PLACE = tuple_(webhook_deliveries.c.created_at, webhook_deliveries.c.event_id)
AT = tuple_(bindparam("place_at", type_=INSTANT), bindparam("place_id", type_=Uuid))
IN_STATE = webhook_deliveries.c.state == bindparam("state", type_=Text)
LISTED = STORED.where(OF_SUBSCRIPTION).limit(bindparam("limit", type_=Integer))
NEWEST_FIRST = LISTED.order_by(
    webhook_deliveries.c.created_at.desc(), webhook_deliveries.c.event_id.desc()
)
OLDEST_FIRST = LISTED.order_by(webhook_deliveries.c.created_at, webhook_deliveries.c.event_id)

# One subscription after the other, and of each the one delivery whose turn it is.
CLAIM: Final = text("""
    WITH head AS (
        SELECT webhook_subscriptions.id AS subscription_id, first.event_id
        FROM webhook_subscriptions CROSS JOIN LATERAL (
            SELECT due.event_id FROM webhook_deliveries AS due
            WHERE due.subscription_id = webhook_subscriptions.id AND due.state = 'due'
                AND due.next_at <= :now AND NOT EXISTS (
                    SELECT FROM webhook_deliveries AS earlier
                    WHERE earlier.subscription_id = due.subscription_id
                        AND earlier.state = 'due' AND earlier.booking_id = due.booking_id
                        AND earlier.sequence < due.sequence
                )
            ORDER BY due.next_at, due.event_id LIMIT 1
        ) AS first
        WHERE webhook_subscriptions.state = 'active'
            AND COALESCE(webhook_subscriptions.rests_until <= :now, true)
            AND COALESCE(webhook_subscriptions.leased_until <= :now, true)
        ORDER BY webhook_subscriptions.leased_until NULLS FIRST, webhook_subscriptions.id
        LIMIT :limit
        FOR NO KEY UPDATE OF webhook_subscriptions SKIP LOCKED
    ), leased AS (
        UPDATE webhook_subscriptions SET leased_until = :until FROM head
        WHERE webhook_subscriptions.id = head.subscription_id
    )
    UPDATE webhook_deliveries SET attempts = attempts + 1 FROM head
    WHERE webhook_deliveries.subscription_id = head.subscription_id
        AND webhook_deliveries.event_id = head.event_id
    RETURNING webhook_deliveries.subscription_id, webhook_deliveries.event_id
""").bindparams(
    bindparam("now", type_=INSTANT),
    bindparam("until", type_=INSTANT),
    bindparam("limit", type_=Integer),
)
CLAIMED = (
    select(
        *TOLD,
        *(column.label(f"{SUBSCRIPTION}{column.name}") for column in webhook_subscriptions.c),
    )
    .join(webhook_events, webhook_events.c.id == webhook_deliveries.c.event_id)
    .join(webhook_subscriptions, webhook_subscriptions.c.id == webhook_deliveries.c.subscription_id)
    .where(OF_SUBSCRIPTION, OF_EVENT)
)
FORGET: Final = text("""
    DELETE FROM webhook_deliveries WHERE ctid = ANY (ARRAY(
        SELECT webhook_deliveries.ctid FROM webhook_deliveries
        JOIN webhook_subscriptions ON webhook_subscriptions.id = subscription_id
        WHERE done_at < :before OR done_at IS NULL AND webhook_deliveries.created_at < :before
            AND webhook_subscriptions.state = 'removed'
        LIMIT :limit
    )) RETURNING event_id
""").bindparams(bindparam("before", type_=INSTANT), bindparam("limit", type_=Integer))
# Those whose deliveries went, and such as were the last of their booking when theirs did.
FORGET_EVENTS: Final = text("""
    DELETE FROM webhook_events AS old
    WHERE (id = ANY (:event_ids) OR booking_id IN (
            SELECT booking_id FROM webhook_events WHERE id = ANY (:event_ids)
        ))
        AND NOT EXISTS (SELECT FROM webhook_deliveries WHERE event_id = old.id)
        AND (booking_id IS NULL OR EXISTS (
            SELECT FROM webhook_events AS later
            WHERE later.booking_id = old.booking_id AND later.sequence > old.sequence
        ))
""").bindparams(bindparam("event_ids", type_=ARRAY(Uuid)))


class PostgresWebhookDeliveries:
    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def claim(self, *, now: datetime, until: datetime, limit: int) -> tuple[Claim, ...]:
        given = {"now": now, "until": until, "limit": limit}
        taken = (await self._transaction.execute(CLAIM, given)).all()
        return tuple([await self._claimed(row.subscription_id, row.event_id) for row in taken])

    async def _claimed(self, subscription_id: UUID, event_id: UUID) -> Claim:
        given = {"of_subscription": subscription_id, "of_event": event_id}
        row = (await self._transaction.execute(CLAIMED, given)).mappings().one()
        columns = {
            name.removeprefix(SUBSCRIPTION): value
            for name, value in row.items()
            if name.startswith(SUBSCRIPTION)
        }
        subscription = subscription_from({**columns, "id": subscription_id})
        return Claim(subscription=subscription, delivery=_delivery(row))

    async def get(self, subscription_id: UUID, event_id: UUID, *, lock: bool = False) -> Delivery:
        given = {"of_subscription": subscription_id, "of_event": event_id}
        rows = await self._transaction.execute(LOCK if lock else GET, given)
        row = rows.mappings().one_or_none()
        if row is None:
            raise DeliveryNotFoundError(event_id)
        return _delivery(row)

    async def save(self, delivery: Delivery) -> None:
        key = {"of_subscription": delivery.subscription_id, "of_event": delivery.event.id}
        values = {name: getattr(delivery, name) for name in OWN}
        await self._transaction.execute(SAVE.values(values), key)

    async def page(
        self,
        subscription_id: UUID,
        *,
        state: DeliveryState | None = None,
        before: Place | None = None,
        after: Place | None = None,
        limit: int,
    ) -> tuple[Delivery, ...]:
        statement = NEWEST_FIRST if after is None else OLDEST_FIRST
        given: dict[str, object] = {"of_subscription": subscription_id, "limit": limit}
        if state is not None:
            statement = statement.where(IN_STATE)
            given["state"] = state.value
        place = after or before
        if place is not None:
            statement = statement.where(PLACE < AT if after is None else PLACE > AT)
            given |= {"place_at": place.created_at, "place_id": place.id}
        rows = await self._transaction.execute(statement, given)
        found = tuple(_delivery(row) for row in rows.mappings())
        return found if after is None else found[::-1]

    async def make_due(self, subscription_id: UUID, *, at: datetime) -> None:
        statement = ALL_DUE.values(due_since=at, next_at=at)
        await self._transaction.execute(statement, {"of_subscription": subscription_id})

    async def skip_owed(self, subscription_id: UUID, *, at: datetime) -> None:
        statement = ALL_DUE.values(state=DeliveryState.SKIPPED.value, done_at=at)
        await self._transaction.execute(statement, {"of_subscription": subscription_id})

    async def forget(self, *, before: datetime, limit: int) -> int:
        given = {"before": before, "limit": limit}
        gone = (await self._transaction.execute(FORGET, given)).scalars().all()
        if gone:
            await self._transaction.execute(FORGET_EVENTS, {"event_ids": gone})
        return len(gone)


def _delivery(row: Mapping[Any, Any]) -> Delivery:
    event = {name: row[f"event_{name}"] for name in EVENT}
    own = {name: row[name] for name in OWN}
    return Delivery(
        subscription_id=row["subscription_id"],
        event=WebhookEvent(id=row["event_id"], **event),
        **(own | {"state": DeliveryState(own["state"])}),
    )
