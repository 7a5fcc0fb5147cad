"""Events for client systems: what a transaction adds is written by one statement at its commit."""

from typing import Final
from uuid import UUID

from sqlalchemy import bindparam, text
from sqlalchemy.dialects.postgresql import JSONB

from totetaxi_adapters.postgres.transaction import Transaction
from totetaxi_core.webhooks.webhook_event import WebhookEvent

# Nothing is written of an event nobody wants. The booking is locked, or new: nobody else counts.
WRITE: Final = text("""
    WITH news AS (
        SELECT * FROM jsonb_to_recordset(:news) AS given (
            position integer, id uuid, type text, booking_id uuid, payload jsonb,
            created_at timestamptz, subscription_id uuid
        )
    ), wanted AS (
        SELECT news.id AS event_id, webhook_subscriptions.id AS subscription_id
        FROM news JOIN webhook_subscriptions ON webhook_subscriptions.state <> 'removed'
        WHERE webhook_subscriptions.id = news.subscription_id
            OR news.subscription_id IS NULL AND news.type = ANY (webhook_subscriptions.event_types)
    ), stored AS (
        INSERT INTO webhook_events (id, type, booking_id, sequence, payload, created_at)
        SELECT id, type, booking_id,
            row_number() OVER (PARTITION BY booking_id ORDER BY position) + COALESCE((
                SELECT max(earlier.sequence) FROM webhook_events AS earlier
                WHERE earlier.booking_id = news.booking_id
            ), 0),
            payload, created_at
        FROM news WHERE id IN (SELECT event_id FROM wanted)
        ON CONFLICT (id) DO NOTHING
        RETURNING id, booking_id, sequence, created_at
    )
    INSERT INTO webhook_deliveries (
        subscription_id, event_id, booking_id, sequence, created_at, state, due_since, next_at,
        attempts, last_answer
    )
    SELECT wanted.subscription_id, stored.id, stored.booking_id, stored.sequence,
        stored.created_at, 'due', stored.created_at, stored.created_at, 0, ''
    FROM stored JOIN wanted ON wanted.event_id = stored.id
""").bindparams(bindparam("news", type_=JSONB))


class PostgresWebhookEvents:
    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction
        self._added: list[dict[str, object]] = []

    async def add(self, event: WebhookEvent, *, to: UUID | None = None) -> None:
        self._added.append(
            {
                "position": len(self._added),
                "id": str(event.id),
                "type": event.type,
                "booking_id": None if event.booking_id is None else str(event.booking_id),
                "payload": dict(event.payload),
                "created_at": event.created_at.isoformat(),
                "subscription_id": None if to is None else str(to),
            }
        )

    async def before_commit(self) -> None:
        """Store the events somebody wants, each with its deliveries."""
        if self._added:
            await self._transaction.execute(WRITE, {"news": self._added})
            self._added = []
