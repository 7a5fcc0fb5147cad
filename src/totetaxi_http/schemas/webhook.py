"""Webhooks of client systems, as staff see them."""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import Annotated, ClassVar, Self
from uuid import UUID

import attrs

from totetaxi_core.webhooks.delivery import Delivery, DeliveryState
from totetaxi_core.webhooks.event_type import EventType
from totetaxi_core.webhooks.manage_subscriptions import (
    KnownSubscription,
    NewSubscription,
    SubscriptionChanges,
)
from totetaxi_core.webhooks.subscription import PauseReason, Subscription, SubscriptionState
from totetaxi_http.wire.constraints import Items, Text

Url = Annotated[str, Text(max_length=2_000)]
Description = Annotated[str, Text(max_length=200, min_length=0)]
EventTypes = Annotated[tuple[EventType, ...], Items(max_length=len(EventType), min_length=1)]
EXAMPLE_URL = "https://warehouse.example.com/totetaxi"
EXAMPLE_ID = "8d0f2c4a-7a5e-4b56-9a2c-1f9b7f4f6a10"


class Switch(StrEnum):
    ACTIVE = "active"
    PAUSED = "paused"


@attrs.frozen(kw_only=True)
class NewWebhookBody:
    """Where to send what; all events unless said."""

    EXAMPLE: ClassVar[Mapping[str, object]] = {
        "url": EXAMPLE_URL,
        "event_types": ["booking.confirmed", "delivery.completed"],
        "description": "the client's warehouse",
    }

    url: Url
    event_types: EventTypes | None = None
    description: Description = ""

    def to_new(self) -> NewSubscription:
        wanted = frozenset(EventType if self.event_types is None else self.event_types)
        return NewSubscription(url=self.url, event_types=wanted, description=self.description)


@attrs.frozen(kw_only=True)
class WebhookChangesBody:
    """What is to be otherwise; `event_types` are all there will be."""

    EXAMPLE: ClassVar[Mapping[str, object]] = {"state": "paused"}

    url: Url | None = None
    event_types: EventTypes | None = None
    description: Description | None = None
    state: Switch | None = None

    def to_changes(self) -> SubscriptionChanges:
        wanted = None if self.event_types is None else frozenset(self.event_types)
        return SubscriptionChanges(
            url=self.url,
            event_types=wanted,
            description=self.description,
            state=None if self.state is None else SubscriptionState(self.state.value),
        )


@attrs.frozen(kw_only=True)
class WebhookResponse:
    """`failing_since` is the first failure after the last success; null while all is well."""

    EXAMPLE: ClassVar[Mapping[str, object]] = {
        "id": EXAMPLE_ID,
        **NewWebhookBody.EXAMPLE,
        "state": "active",
        "pause_reason": None,
        "created_by": "maria",
        "created_at": "2026-11-25T15:02:00Z",
        "updated_at": "2026-11-25T15:02:00Z",
        "failing_since": None,
        "last_success_at": "2026-11-25T15:10:00Z",
    }

    id: UUID
    url: str
    event_types: tuple[EventType, ...]
    description: str
    state: SubscriptionState
    pause_reason: PauseReason | None
    created_by: str
    created_at: datetime
    updated_at: datetime
    failing_since: datetime | None
    last_success_at: datetime | None

    @classmethod
    def from_subscription(cls, subscription: Subscription) -> Self:
        return cls(
            id=subscription.id,
            url=subscription.url,
            event_types=tuple(sorted(subscription.event_types)),
            description=subscription.description,
            state=subscription.state,
            pause_reason=subscription.pause_reason,
            created_by=subscription.created_by,
            created_at=subscription.created_at,
            updated_at=subscription.updated_at,
            failing_since=subscription.failing_since,
            last_success_at=subscription.last_success_at,
        )


@attrs.frozen(kw_only=True)
class WebhookSecretResponse:
    """The `secret` verifies what we send; it is shown this once."""

    EXAMPLE: ClassVar[Mapping[str, object]] = {
        "webhook": WebhookResponse.EXAMPLE,
        "secret": "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSwMfKQ9r8GKYo=",
    }

    webhook: WebhookResponse
    secret: str = attrs.field(repr=False)

    @classmethod
    def from_known(cls, known: KnownSubscription) -> Self:
        return cls(
            webhook=WebhookResponse.from_subscription(known.subscription), secret=known.secret
        )


@attrs.frozen(kw_only=True)
class WebhookDeliveryResponse:
    """An event on its way to one webhook; `last_answer` begins what it answered."""

    EXAMPLE: ClassVar[Mapping[str, object]] = {
        "event_id": "1b0a7c94-52a0-5a8e-8a58-6e0a55d1c3f7",
        "type": "booking.confirmed",
        "booking_id": "0b9c4f6e-3a57-4d1e-9a64-5f8b2c7d1e90",
        "sequence": 2,
        "state": "due",
        "attempts": 3,
        "created_at": "2026-11-25T15:04:10Z",
        "next_at": "2026-11-25T15:05:00Z",
        "done_at": None,
        "last_status": 500,
        "last_error": "it answered 500",
        "last_answer": "Internal Server Error",
    }

    event_id: UUID
    type: str
    booking_id: UUID | None
    sequence: int
    state: DeliveryState
    attempts: int
    created_at: datetime
    next_at: datetime | None
    done_at: datetime | None
    last_status: int | None
    last_error: str | None
    last_answer: str

    @classmethod
    def from_delivery(cls, delivery: Delivery) -> Self:
        is_due = delivery.state is DeliveryState.DUE
        return cls(
            event_id=delivery.event.id,
            type=delivery.event.type,
            booking_id=delivery.event.booking_id,
            sequence=delivery.event.sequence,
            state=delivery.state,
            attempts=delivery.attempts,
            created_at=delivery.created_at,
            next_at=delivery.next_at if is_due else None,
            done_at=delivery.done_at,
            last_status=delivery.last_status,
            last_error=delivery.last_error,
            last_answer=delivery.last_answer,
        )
