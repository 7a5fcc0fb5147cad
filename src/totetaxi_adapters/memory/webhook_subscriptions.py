"""The port to subscriptions of client systems."""

from uuid import UUID

from totetaxi_adapters.memory.database import MemoryDatabase
from totetaxi_adapters.memory.table import View
from totetaxi_adapters.memory.transaction import Transaction
from totetaxi_core.page import Place
from totetaxi_core.webhooks.subscription import (
    Subscription,
    SubscriptionNotFoundError,
    SubscriptionState,
)


class MemoryWebhookSubscriptions:
    def __init__(self, database: MemoryDatabase, transaction: Transaction) -> None:
        self._transaction = transaction
        self._rows = View(database.webhook_subscriptions, transaction)

    async def add(self, subscription: Subscription) -> None:
        await self._transaction.lock("webhook", subscription.id)
        self._rows.insert(subscription.id, subscription)

    async def save(self, subscription: Subscription) -> None:
        await self._transaction.lock("webhook", subscription.id)
        self._rows.update(subscription.id, subscription)

    async def get(
        self, subscription_id: UUID, *, lock: bool = False, though_removed: bool = False
    ) -> Subscription:
        if lock:
            await self._transaction.lock("webhook", subscription_id)
        found = self._rows.get(subscription_id)
        is_hidden = not though_removed and found and found.state is SubscriptionState.REMOVED
        if found is None or is_hidden:
            raise SubscriptionNotFoundError(subscription_id)
        return found

    async def all(self, *, lock: bool = False) -> tuple[Subscription, ...]:
        if lock:
            await self._transaction.lock("webhooks")
        standing = (row for row in self._rows.all() if row.state is not SubscriptionState.REMOVED)
        return tuple(sorted(standing, key=Place.of))
