"""Deliver events: claim what is due, call the subscriber, write down how it went."""

import asyncio
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from totetaxi_core.ids import IdSource
from totetaxi_core.notifications.message import MessageKind
from totetaxi_core.outbox.owed_effect import EffectKind
from totetaxi_core.outbox.owing import owed
from totetaxi_core.ports import Ports, Terms
from totetaxi_core.refusal import DomainError
from totetaxi_core.unit_of_work import UnitOfWork
from totetaxi_core.webhooks.delivery import Attempt, Delivery, DeliveryNotFoundError, DeliveryState
from totetaxi_core.webhooks.repositories import Claim
from totetaxi_core.webhooks.subscription import Subscription, SubscriptionNotFoundError

LEASE: Final = timedelta(seconds=30)  # longer than a call and the storing of its answer


async def claim_deliveries(ports: Ports, *, limit: int) -> tuple[Claim, ...]:
    """Return what may be attempted now, at most one delivery of each subscription."""
    now = ports.clock()
    async with ports.unit_of_work() as uow:
        claims = await uow.webhook_deliveries.claim(now=now, until=now + LEASE, limit=limit)
        if claims:
            await uow.commit()
    return claims


async def deliver(claim: Claim, ports: Ports, terms: Terms) -> Delivery | None:
    """Attempt a delivery; return it as it now stands, None if it is not ours any more.

    A process that dies in between leaves a lease that runs out: the same event is then sent again,
    under the same `webhook-id`. So does one whose claim was overtaken.
    """
    try:
        attempt = await _attempt(claim, ports, terms)
    except Exception as error:
        await _Outcome(claim, Attempt(error=type(error).__name__), ports).keep()
        raise
    return await _Outcome(claim, attempt, ports).keep()


async def deliver_events(ports: Ports, terms: Terms, *, limit: int) -> int:
    """Deliver until nothing is due, `limit` subscribers at a time; return how often we tried."""
    tried = 0
    while claims := await claim_deliveries(ports, limit=limit):
        await asyncio.gather(*(deliver(claim, ports, terms) for claim in claims))
        tried += len(claims)
    return tried


async def _attempt(claim: Claim, ports: Ports, terms: Terms) -> Attempt:
    subscription, event = claim.subscription, claim.delivery.event
    headers = terms.webhook_secrets.headers(subscription, event, at=ports.clock())
    try:
        answer = await ports.subscribers.post(subscription.url, body=event.body, headers=headers)
    except DomainError as error:
        return Attempt(error=f"{error.code}: {error}")
    attempt = Attempt(status=answer.status, answer=answer.text)
    if attempt.has_arrived:
        return attempt
    return Attempt(status=answer.status, answer=answer.text, error=f"it answered {answer.status}")


@dataclass(frozen=True, slots=True)
class _Outcome:
    """What an attempt changes, unless somebody else changed it meanwhile."""

    claim: Claim
    attempt: Attempt
    ports: Ports

    async def keep(self) -> Delivery | None:
        now = self.ports.clock()
        async with self.ports.unit_of_work() as uow:
            subscription = await self._subscription(uow)
            if subscription is None:
                return None
            moved = self._moved(subscription, at=now)
            delivery = await self._delivery(moved, uow, at=now)
            await uow.webhook_subscriptions.save(moved.release(at=now))
            if subscription.is_active and not moved.is_active:
                await _alert(moved, uow, self.ports.ids, at=now)
            await uow.commit()
        return delivery

    async def _subscription(self, uow: UnitOfWork) -> Subscription | None:
        """Return the subscription if it is ours yet: its lease tells."""
        claimed = self.claim.subscription
        try:
            stored = await uow.webhook_subscriptions.get(claimed.id, lock=True)
        except SubscriptionNotFoundError:
            return None
        return stored if stored.leased_until == claimed.leased_until else None

    def _moved(self, subscription: Subscription, *, at: datetime) -> Subscription:
        if subscription.url != self.claim.subscription.url:
            return subscription  # what the former address said is no news of the new one
        if self.attempt.has_arrived:
            return subscription.succeeded(at=at)
        return subscription.gone(at=at) if self.attempt.is_gone else subscription.failed(at=at)

    async def _delivery(
        self, subscription: Subscription, uow: UnitOfWork, *, at: datetime
    ) -> Delivery | None:
        """Save the delivery; it is not given up with a subscription that has just been paused."""
        claimed = self.claim.delivery
        try:
            stored = await uow.webhook_deliveries.get(subscription.id, claimed.event.id, lock=True)
        except DeliveryNotFoundError:
            return None
        if (stored.state, stored.due_since) != (DeliveryState.DUE, claimed.due_since):
            return None
        if self.attempt.has_arrived:
            moved = stored.arrived(self.attempt, at=at)
        else:
            moved = stored.missed(self.attempt, at=at, may_give_up=subscription.is_active)
        await uow.webhook_deliveries.save(moved)
        return moved


async def _alert(
    subscription: Subscription, uow: UnitOfWork, ids: IdSource, *, at: datetime
) -> None:
    """Tell staff, once each time, of a subscription that was paused without them."""
    await uow.outbox.owe(
        owed(
            ids,
            EffectKind.SEND_MESSAGE,
            f"{MessageKind.WEBHOOK_PAUSED}:{subscription.id}:{at.isoformat()}",
            at=at,
            payload={
                "message_kind": MessageKind.WEBHOOK_PAUSED,
                "webhook_id": str(subscription.id),
                "url": subscription.url,
                "reason": str(subscription.pause_reason),
            },
        )
    )
