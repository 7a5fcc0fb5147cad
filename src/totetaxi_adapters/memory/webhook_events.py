"""The port to events for client systems."""

from dataclasses import replace
from uuid import UUID

from totetaxi_adapters.memory.database import MemoryDatabase
from totetaxi_adapters.memory.table import View
from totetaxi_adapters.memory.transaction import Transaction
from totetaxi_core.webhooks.delivery import Delivery
from totetaxi_core.webhooks.subscription import SubscriptionState
from totetaxi_core.webhooks.webhook_event import WebhookEvent


class MemoryWebhookEvents:
    """What was added is written at the commit, and only for who wants it."""

    def __init__(self, database: MemoryDatabase, transaction: Transaction) -> None:
        self._database = database
        self._rows = View(database.webhook_events, transaction)
        self._deliveries = View(database.webhook_deliveries, transaction)
        self._added: list[tuple[WebhookEvent, UUID | None]] = []

    async def add(self, event: WebhookEvent, *, to: UUID | None = None) -> None:
        self._added.append((event, to))

    async def before_commit(self) -> None:
        """Store the events somebody wants, each with its deliveries."""
        for event, to in self._added:
            wanted_by = [to] if to is not None else self._wanting(event.type)
            if wanted_by and self._rows.get(event.id) is None:
                stored = replace(event, sequence=self._next(event))
                self._rows.insert(stored.id, stored)
                for subscription_id in wanted_by:
                    delivery = Delivery.of(stored, subscription_id)
                    self._deliveries.insert((subscription_id, stored.id), delivery)
        self._added.clear()

    def _wanting(self, event_type: str) -> list[UUID]:
        return [
            row.id
            for row in self._database.webhook_subscriptions.rows.values()
            if row.state is not SubscriptionState.REMOVED and event_type in row.event_types
        ]

    def _next(self, event: WebhookEvent) -> int:
        if event.booking_id is None:
            return 1
        of_booking = self._rows.where("booking", event.booking_id)
        return max((row.sequence for row in of_booking), default=0) + 1
