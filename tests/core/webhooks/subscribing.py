"""A house with subscribers, and what they got."""

import json
from datetime import datetime, timedelta
from typing import Any

from standardwebhooks import Webhook

from tests.core.bookings.memory_house import MemoryHouse
from totetaxi_adapters.memory.subscribers import Received
from totetaxi_core.webhooks.deliver_events import deliver_events
from totetaxi_core.webhooks.delivery import Delivery
from totetaxi_core.webhooks.event_type import EventType
from totetaxi_core.webhooks.manage_subscriptions import (
    KnownSubscription,
    NewSubscription,
    create_subscription,
)
from totetaxi_core.webhooks.read_webhooks import find_deliveries, look_up_subscription
from totetaxi_core.webhooks.subscription import Subscription

HOOK = "https://client.example/hook"


async def subscribe(
    house: MemoryHouse, *event_types: EventType, url: str = HOOK
) -> KnownSubscription:
    new = NewSubscription(url=url, event_types=frozenset(event_types or EventType))
    return await create_subscription(new, house.ports, house.terms, staff_name="maria")


async def deliver_all(house: MemoryHouse) -> int:
    return await deliver_events(house.ports, house.terms, limit=4)


def told(house: MemoryHouse, *, url: str = HOOK) -> list[str]:
    """Return the types of the events an address got, in order."""
    return [content(one)["type"] for one in house.subscribers.received if one.url == url]


def content(received: Received) -> dict[str, Any]:
    parsed: dict[str, Any] = json.loads(received.body)
    return parsed


def verified(known: KnownSubscription, received: Received) -> object:
    """Return what a client's library makes of it; it is sent with the library's own clock."""
    return Webhook(known.secret).verify(received.body, dict(received.headers))


async def as_stored(known: KnownSubscription, house: MemoryHouse) -> Subscription:
    return await look_up_subscription(known.subscription.id, house.ports)


async def deliveries(known: KnownSubscription, house: MemoryHouse) -> tuple[Delivery, ...]:
    """Return what it was sent and is owed, by sequence."""
    page = await find_deliveries(known.subscription.id, house.ports, limit=100)
    return tuple(sorted(page.entries, key=lambda one: (one.created_at, one.event.sequence)))


async def paid(house: MemoryHouse) -> None:
    _, intent = await house.book_unpaid()
    await house.settle(house.pay(intent))


async def until(house: MemoryHouse, end: datetime) -> int:
    """Let time pass in steps of seven minutes, delivering; return how often that was tried."""
    tried = 0
    while house.clock() < end:
        house.clock.advance(timedelta(minutes=7))
        tried += await deliver_all(house)
    return tried
