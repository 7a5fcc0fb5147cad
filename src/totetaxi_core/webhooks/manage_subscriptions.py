"""Staff manage who hears of our events; each act is on record, the secrets are not."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from totetaxi_core.ports import Ports, Terms
from totetaxi_core.refusal import FieldFault, InvalidInputError
from totetaxi_core.staff.staff_act import Facts, StaffAct
from totetaxi_core.unit_of_work import UnitOfWork
from totetaxi_core.webhooks.event_type import EventType
from totetaxi_core.webhooks.subscription import (
    MOST_SUBSCRIPTIONS,
    PauseReason,
    Subscription,
    SubscriptionState,
    TooManySubscriptionsError,
)

CREATED: Final = "webhook_created"
CHANGED: Final = "webhook_changed"
REMOVED: Final = "webhook_removed"
SECRET_ROTATED: Final = "webhook_secret_rotated"  # noqa: S105  an act's name


@dataclass(frozen=True, slots=True, kw_only=True)
class NewSubscription:
    """`event_types` is at least one."""

    url: str
    event_types: frozenset[EventType]
    description: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SubscriptionChanges:
    """What is None stays. `state` is active, which resumes, or paused."""

    url: str | None = None
    event_types: frozenset[EventType] | None = None
    description: str | None = None
    state: SubscriptionState | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownSubscription:
    """A subscription with its secret, which is shown this once."""

    subscription: Subscription
    secret: str


async def create_subscription(
    new: NewSubscription, ports: Ports, terms: Terms, *, staff_name: str
) -> KnownSubscription:
    """Store a subscription: it hears of everything that happens from now on.

    Raises:
        InvalidInputError: it asks for no event.
        SubscriberAddressError: we would not call the address.
        TooManySubscriptionsError: there are too many.
    """
    _require_events(new.event_types)
    await ports.subscribers.check(new.url)
    now = ports.clock()
    subscription = Subscription(
        id=ports.ids.new_id(),
        url=new.url,
        event_types=new.event_types,
        description=new.description,
        state=SubscriptionState.ACTIVE,
        created_by=staff_name,
        created_at=now,
        updated_at=now,
    )
    async with ports.unit_of_work() as uow:
        if len(await uow.webhook_subscriptions.all(lock=True)) >= MOST_SUBSCRIPTIONS:
            raise TooManySubscriptionsError
        await uow.webhook_subscriptions.add(subscription)
        act = _act(CREATED, None, subscription, ports, staff_name=staff_name)
        await uow.staff_acts.add(act)
        await uow.commit()
    return KnownSubscription(
        subscription=subscription, secret=terms.webhook_secrets.secret(subscription)
    )


async def change_subscription(
    subscription_id: UUID, changes: SubscriptionChanges, ports: Ports, *, staff_name: str
) -> Subscription:
    """Change a subscription, pause or resume it: resumed, it is called with what it is owed.

    Raises:
        SubscriptionNotFoundError: there is none.
        InvalidInputError: nothing would change, or it would ask for no event.
        SubscriberAddressError: we would not call the new address.
    """
    if changes.event_types is not None:
        _require_events(changes.event_types)
    if changes.url is not None:
        await ports.subscribers.check(changes.url)
    now = ports.clock()

    def change(old: Subscription) -> Subscription:
        changed = old.change(
            url=changes.url,
            event_types=changes.event_types,
            description=changes.description,
            at=now,
        )
        if changes.state in (None, old.state):
            return changed
        if changes.state is SubscriptionState.ACTIVE:
            return changed.resume(at=now)
        return changed.pause(PauseReason.STAFF, at=now)

    async with ports.unit_of_work() as uow:
        old, new = await _replace(subscription_id, change, uow)
        _require_difference(old, new)
        if new.is_active and not old.is_active:
            await uow.webhook_deliveries.make_due(new.id, at=now)
        await uow.staff_acts.add(_act(CHANGED, old, new, ports, staff_name=staff_name))
        await uow.commit()
    return new


async def remove_subscription(
    subscription_id: UUID, ports: Ports, *, staff_name: str
) -> Subscription:
    """Remove a subscription: what it was owed is not delivered any more. Twice does no harm.

    Raises:
        SubscriptionNotFoundError: there is none.
    """
    now = ports.clock()
    async with ports.unit_of_work() as uow:
        old = await uow.webhook_subscriptions.get(subscription_id, lock=True, though_removed=True)
        if old.state is SubscriptionState.REMOVED:
            return old
        new = old.remove(at=now)
        await uow.webhook_subscriptions.save(new)
        await uow.webhook_deliveries.skip_owed(new.id, at=now)
        await uow.staff_acts.add(_act(REMOVED, old, new, ports, staff_name=staff_name))
        await uow.commit()
    return new


async def rotate_secret(
    subscription_id: UUID, ports: Ports, terms: Terms, *, staff_name: str
) -> KnownSubscription:
    """Give a subscription its next secret; the present one signs beside it for 24 h.

    Raises:
        SubscriptionNotFoundError: there is none.
        SecretRotatingError: the last rotation was within these 24 h.
    """
    now = ports.clock()
    async with ports.unit_of_work() as uow:
        old, new = await _replace(subscription_id, lambda one: one.rotate_secret(at=now), uow)
        act = _act(SECRET_ROTATED, old, new, ports, staff_name=staff_name)
        await uow.staff_acts.add(act)
        await uow.commit()
    return KnownSubscription(subscription=new, secret=terms.webhook_secrets.secret(new))


async def _replace(
    subscription_id: UUID, change: Callable[[Subscription], Subscription], uow: UnitOfWork
) -> tuple[Subscription, Subscription]:
    old = await uow.webhook_subscriptions.get(subscription_id, lock=True)
    new = change(old)
    await uow.webhook_subscriptions.save(new)
    return old, new


def _require_events(event_types: frozenset[EventType]) -> None:
    if not event_types:
        fault = FieldFault(field="event_types", code="missing", message="name at least one")
        raise InvalidInputError([fault])


def _require_difference(old: Subscription, new: Subscription) -> None:
    if _facts(old) == _facts(new):
        message = "nothing would change: it stands so already"
        raise InvalidInputError([FieldFault(field="body", code="no_change", message=message)])


def _facts(subscription: Subscription) -> Facts:
    return {
        "url": subscription.url,
        "event_types": " ".join(sorted(subscription.event_types)),
        "description": subscription.description,
        "state": subscription.state.value,
        "secret_version": subscription.secret_version,
    }


def _act(
    action_type: str,
    old: Subscription | None,
    new: Subscription,
    ports: Ports,
    *,
    staff_name: str,
) -> StaffAct:
    before, after = {} if old is None else _facts(old), _facts(new)
    changed = [name for name in after if before.get(name) != after[name]]
    return StaffAct(
        id=ports.ids.new_id(),
        staff_name=staff_name,
        action_type=action_type,
        description=f"{action_type.replace('_', ' ')}: {new.url}",
        booking_id=None,
        created_at=ports.clock(),
        subject=f"webhook:{new.id}",
        before=None if old is None else {name: before[name] for name in changed},
        after={name: after[name] for name in changed},
    )
