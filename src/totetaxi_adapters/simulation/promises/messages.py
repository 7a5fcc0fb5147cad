"""A message goes once, or once more each time a person says so; none is lost without a trace."""

from collections.abc import Iterable, Iterator, Mapping
from uuid import UUID

from totetaxi_adapters.memory.database import MemoryDatabase
from totetaxi_core.notifications.message import MessageState
from totetaxi_core.webhooks.delivery import DeliveryState

WENT = frozenset({MessageState.SENT, MessageState.DELIVERED})
ON_ITS_WAY = frozenset({MessageState.QUEUED, MessageState.SENDING})


def sent_once(
    message_ids: Iterable[UUID], sent: Mapping[UUID, int], sent_again: Mapping[str, int]
) -> Iterator[str]:
    for message_id in message_ids:
        asked = 1 + sent_again[f"message:{message_id}"]
        if sent[message_id] > asked:
            yield f"a message went {sent[message_id]} times, and was to go {asked} times"


def none_is_lost(database: MemoryDatabase, sent: Mapping[UUID, int]) -> Iterator[str]:
    """Each went, was refused or dropped, or is where staff see that it may be lost."""
    for message in database.messages.rows.values():
        if message.state in ON_ITS_WAY:
            yield f"a {message.kind} message is {message.state} for good"
        elif message.state in WENT and not sent[message.id]:
            yield f"a {message.kind} message is {message.state}, and never went"


def subscribers_hear(database: MemoryDatabase, heard: Iterable[str]) -> Iterator[str]:
    """An event arrived, or its subscription is paused: staff know."""
    arrived = set(heard)
    for delivery in database.webhook_deliveries.rows.values():
        subscription = database.webhook_subscriptions.rows[delivery.subscription_id]
        if delivery.state is DeliveryState.DUE and subscription.is_active:
            yield f"{delivery.event.type} is owed to a client system for good"
        if delivery.state is DeliveryState.DELIVERED and str(delivery.event.id) not in arrived:
            yield f"{delivery.event.type} is called delivered, and never arrived"
