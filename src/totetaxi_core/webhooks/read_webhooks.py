"""Show who subscribes, and what they have got."""

from uuid import UUID

from totetaxi_core.page import Page, Place, page_of
from totetaxi_core.ports import Ports
from totetaxi_core.webhooks.delivery import Delivery, DeliveryState
from totetaxi_core.webhooks.subscription import Subscription


async def list_subscriptions(ports: Ports) -> tuple[Subscription, ...]:
    """Return every subscription but those removed, oldest first."""
    async with ports.unit_of_work() as uow:
        return await uow.webhook_subscriptions.all()


async def look_up_subscription(subscription_id: UUID, ports: Ports) -> Subscription:
    """Return a subscription.

    Raises:
        SubscriptionNotFoundError: there is none of this id, or it was removed.
    """
    async with ports.unit_of_work() as uow:
        return await uow.webhook_subscriptions.get(subscription_id)


async def look_up_delivery(subscription_id: UUID, event_id: UUID, ports: Ports) -> Delivery:
    """Return a delivery.

    Raises:
        SubscriptionNotFoundError: there is no such subscription.
        DeliveryNotFoundError: it was never owed this event, or that is forgotten.
    """
    async with ports.unit_of_work() as uow:
        await uow.webhook_subscriptions.get(subscription_id)
        return await uow.webhook_deliveries.get(subscription_id, event_id)


async def find_deliveries(
    subscription_id: UUID,
    ports: Ports,
    *,
    state: DeliveryState | None = None,
    before: Place | None = None,
    after: Place | None = None,
    limit: int,
) -> Page[Delivery]:
    """Return a page of what a subscription was sent and is owed, newest first.

    Raises:
        SubscriptionNotFoundError: there is no such subscription.
    """
    async with ports.unit_of_work() as uow:
        await uow.webhook_subscriptions.get(subscription_id)
        found = await uow.webhook_deliveries.page(
            subscription_id, state=state, before=before, after=after, limit=limit + 1
        )
    return page_of(found, before=before, after=after, limit=limit)
