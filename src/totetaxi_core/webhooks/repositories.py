"""The ports to subscriptions, events and deliveries, in their unit of work's transaction."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from uuid import UUID

from totetaxi_core.page import Place
from totetaxi_core.webhooks.delivery import Delivery, DeliveryState
from totetaxi_core.webhooks.subscription import Subscription
from totetaxi_core.webhooks.webhook_event import WebhookEvent


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """A delivery that is ours to attempt until the subscription's lease ends."""

    subscription: Subscription
    delivery: Delivery


class WebhookSubscriptions(Protocol):
    async def add(self, subscription: Subscription) -> None: ...

    async def save(self, subscription: Subscription) -> None: ...

    async def get(
        self, subscription_id: UUID, *, lock: bool = False, though_removed: bool = False
    ) -> Subscription:
        """Return the subscription; `lock` keeps other writers out until commit.

        Raises:
            SubscriptionNotFoundError: there is none of this id, or it was removed.
        """
        ...

    async def all(self, *, lock: bool = False) -> tuple[Subscription, ...]:
        """Return all but those removed, oldest first; `lock` lets nobody else add one."""
        ...


class WebhookEvents(Protocol):
    """Written at the commit, in one statement, and only for who wants them."""

    async def add(self, event: WebhookEvent, *, to: UUID | None = None) -> None:
        """Owe the event to every subscription that asks for its type, or to this one alone."""
        ...


class WebhookDeliveries(Protocol):
    async def claim(self, *, now: datetime, until: datetime, limit: int) -> tuple[Claim, ...]:
        """Lease subscriptions that may be called and return the next attempt of each, counted.

        The one that was called longest ago comes first. No delivery is returned before an earlier
        event of its booking that is due to the same subscription.
        """
        ...

    async def get(self, subscription_id: UUID, event_id: UUID, *, lock: bool = False) -> Delivery:
        """Return a delivery.

        Raises:
            DeliveryNotFoundError: there is none.
        """
        ...

    async def save(self, delivery: Delivery) -> None:
        """Store how far the delivery has got; its event never changes."""
        ...

    async def page(
        self,
        subscription_id: UUID,
        *,
        state: DeliveryState | None = None,
        before: Place | None = None,
        after: Place | None = None,
        limit: int,
    ) -> tuple[Delivery, ...]:
        """Return deliveries newest first: the newest, those before a place, or next after one."""
        ...

    async def make_due(self, subscription_id: UUID, *, at: datetime) -> None:
        """Make everything owed to a subscription due now, and count our patience from now."""
        ...

    async def skip_owed(self, subscription_id: UUID, *, at: datetime) -> None:
        """Owe a subscription nothing any more."""
        ...

    async def forget(self, *, before: datetime, limit: int) -> int:
        """Forget deliveries done before that, and events nobody is owed; return how many.

        A booking's last event stays, so that its sequence goes on.
        """
        ...
