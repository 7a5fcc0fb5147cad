"""Staff have an event delivered once more, or send one to see whether it arrives."""

from uuid import UUID

from totetaxi_core.ports import Ports
from totetaxi_core.staff.staff_act import StaffAct
from totetaxi_core.webhooks.delivery import Delivery
from totetaxi_core.webhooks.event_type import TEST_TYPE
from totetaxi_core.webhooks.subscription import Subscription, SubscriptionPausedError
from totetaxi_core.webhooks.webhook_event import WebhookEvent


async def redeliver(
    subscription_id: UUID, event_id: UUID, ports: Ports, *, staff_name: str
) -> Delivery:
    """Make a delivery due now, whatever became of it; it keeps its `webhook-id`.

    Raises:
        SubscriptionNotFoundError: there is no such subscription.
        SubscriptionPausedError: it is paused.
        DeliveryNotFoundError: it was never owed this event, or that is forgotten.
    """
    now = ports.clock()
    async with ports.unit_of_work() as uow:
        subscription = await uow.webhook_subscriptions.get(subscription_id, lock=True)
        _require_active(subscription)
        stored = await uow.webhook_deliveries.get(subscription_id, event_id, lock=True)
        due = stored.redeliver(at=now)
        await uow.webhook_deliveries.save(due)
        said = f"had {due.event.type} {event_id} delivered again to {subscription.url}"
        act = _act("webhook_redelivered", said, subscription, ports, staff_name=staff_name)
        await uow.staff_acts.add(act)
        await uow.commit()
    return due


async def send_test_event(subscription_id: UUID, ports: Ports, *, staff_name: str) -> UUID:
    """Owe a subscription an event that says nothing; return its id.

    Raises:
        SubscriptionNotFoundError: there is no such subscription.
        SubscriptionPausedError: it is paused.
    """
    event = WebhookEvent(
        id=ports.ids.new_id(), type=TEST_TYPE, booking_id=None, created_at=ports.clock()
    )
    async with ports.unit_of_work() as uow:
        subscription = await uow.webhook_subscriptions.get(subscription_id, lock=True)
        _require_active(subscription)
        await uow.webhook_events.add(event, to=subscription_id)
        said = f"sent a test event to {subscription.url}"
        act = _act("webhook_tested", said, subscription, ports, staff_name=staff_name)
        await uow.staff_acts.add(act)
        await uow.commit()
    return event.id


def _require_active(subscription: Subscription) -> None:
    if not subscription.is_active:
        raise SubscriptionPausedError(subscription.id)


def _act(
    action_type: str, said: str, subscription: Subscription, ports: Ports, *, staff_name: str
) -> StaffAct:
    return StaffAct(
        id=ports.ids.new_id(),
        staff_name=staff_name,
        action_type=action_type,
        description=said,
        booking_id=None,
        created_at=ports.clock(),
        subject=f"webhook:{subscription.id}",
    )
