"""The port to what client systems are owed and got."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Final
from uuid import UUID

from totetaxi_adapters.memory.database import MemoryDatabase
from totetaxi_adapters.memory.table import View
from totetaxi_adapters.memory.transaction import Transaction
from totetaxi_core.page import Place
from totetaxi_core.webhooks.delivery import Delivery, DeliveryNotFoundError, DeliveryState
from totetaxi_core.webhooks.repositories import Claim
from totetaxi_core.webhooks.subscription import Subscription, SubscriptionState

NEVER: Final = datetime.min.replace(tzinfo=UTC)


class MemoryWebhookDeliveries:
    def __init__(self, database: MemoryDatabase, transaction: Transaction) -> None:
        self._transaction = transaction
        self._rows = View(database.webhook_deliveries, transaction)
        self._subscriptions = View(database.webhook_subscriptions, transaction)
        self._events = View(database.webhook_events, transaction)

    async def claim(self, *, now: datetime, until: datetime, limit: int) -> tuple[Claim, ...]:
        claims: list[Claim] = []
        ready = [row for row in self._subscriptions.all() if _may_be_called(row, now=now)]
        for subscription in sorted(ready, key=lambda row: (row.leased_until or NEVER, row.id)):
            head = self._head(subscription.id, now=now)
            if head is None or len(claims) == limit:
                continue
            if self._transaction.try_lock("webhook", subscription.id):
                leased = replace(subscription, leased_until=until)
                taken = replace(head, attempts=head.attempts + 1)
                self._subscriptions.update(leased.id, leased)
                self._rows.update((leased.id, taken.id), taken)
                claims.append(Claim(subscription=leased, delivery=taken))
        return tuple(claims)

    def _head(self, subscription_id: UUID, *, now: datetime) -> Delivery | None:
        due = [row for row in self._of(subscription_id) if row.state is DeliveryState.DUE]
        ready = [row for row in due if row.next_at <= now and _is_first(row, due)]
        return min(ready, key=lambda row: (row.next_at, row.id), default=None)

    def _of(self, subscription_id: UUID) -> list[Delivery]:
        return self._rows.where("subscription", subscription_id)

    async def get(self, subscription_id: UUID, event_id: UUID, *, lock: bool = False) -> Delivery:
        if lock:
            await self._transaction.lock("webhook delivery", subscription_id, event_id)
        found = self._rows.get((subscription_id, event_id))
        if found is None:
            raise DeliveryNotFoundError(event_id)
        return found

    async def save(self, delivery: Delivery) -> None:
        self._rows.update((delivery.subscription_id, delivery.id), delivery)

    async def page(
        self,
        subscription_id: UUID,
        *,
        state: DeliveryState | None = None,
        before: Place | None = None,
        after: Place | None = None,
        limit: int,
    ) -> tuple[Delivery, ...]:
        rows = self._of(subscription_id)
        found = sorted((row for row in rows if state in (None, row.state)), key=Place.of)
        if after is not None:
            newer = [row for row in found if Place.of(row) > after]
            return tuple(newer[:limit][::-1])
        older = [row for row in found if before is None or Place.of(row) < before]
        return tuple(older[::-1][:limit])

    async def make_due(self, subscription_id: UUID, *, at: datetime) -> None:
        for row in self._of(subscription_id):
            if row.state is DeliveryState.DUE:
                await self.save(row.redeliver(at=at))

    async def skip_owed(self, subscription_id: UUID, *, at: datetime) -> None:
        for row in self._of(subscription_id):
            if row.state is DeliveryState.DUE:
                await self.save(replace(row, state=DeliveryState.SKIPPED, done_at=at))

    async def forget(self, *, before: datetime, limit: int) -> int:
        old = [key for key, row in self._rows.items() if self._is_over(row, before=before)]
        gone = old[:limit]
        for key in gone:
            self._rows.remove(key)
        for event_id in {event_id for _, event_id in gone}:
            self._forget_events_of(event_id)
        return len(gone)

    def _forget_events_of(self, event_id: UUID) -> None:
        """Forget the event and others of its booking that nobody is owed, but for the last."""
        event = self._events.get(event_id)
        if event is None:
            return
        of_booking = [event]
        if event.booking_id is not None:
            of_booking = self._events.where("booking", event.booking_id)
            of_booking.remove(max(of_booking, key=lambda row: row.sequence))
        for each in of_booking:
            if not self._rows.where("event", each.id):
                self._events.remove(each.id)

    def _is_over(self, row: Delivery, *, before: datetime) -> bool:
        """Tell whether it ended before then, or was owed to one that was removed."""
        if row.done_at is not None:
            return row.done_at < before
        subscription = self._subscriptions.get(row.subscription_id)
        is_removed = subscription is None or subscription.state is SubscriptionState.REMOVED
        return is_removed and row.created_at < before


def _may_be_called(subscription: Subscription, *, now: datetime) -> bool:
    rests, leased = subscription.rests_until, subscription.leased_until
    is_free = (rests is None or rests <= now) and (leased is None or leased <= now)
    return subscription.is_active and is_free


def _is_first(delivery: Delivery, due: list[Delivery]) -> bool:
    """Tell whether nothing of its booking is due before it."""
    event = delivery.event
    return event.booking_id is None or not any(
        other.event.booking_id == event.booking_id and other.event.sequence < event.sequence
        for other in due
    )
