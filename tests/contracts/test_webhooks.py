"""The ports to subscriptions, events and deliveries, in memory and on PostgreSQL."""

from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

import pytest

from tests.builders import NOW, an_id
from tests.contracts.conftest import UowFactory
from tests.contracts.storing import store_booking
from totetaxi_core.bookings.booking import Booking
from totetaxi_core.page import Place
from totetaxi_core.webhooks.announce import announce
from totetaxi_core.webhooks.delivery import (
    Attempt,
    Delivery,
    DeliveryNotFoundError,
    DeliveryState,
)
from totetaxi_core.webhooks.event_type import TEST_TYPE, EventType
from totetaxi_core.webhooks.repositories import Claim
from totetaxi_core.webhooks.subscription import (
    PauseReason,
    Subscription,
    SubscriptionNotFoundError,
    SubscriptionState,
)
from totetaxi_core.webhooks.webhook_event import WebhookEvent

CREATED, CONFIRMED, STARTED = (
    EventType.BOOKING_CREATED,
    EventType.BOOKING_CONFIRMED,
    EventType.BOOKING_STARTED,
)
MINUTE, LEASE = timedelta(minutes=1), timedelta(seconds=30)
MONTH = timedelta(days=31)


def a_subscription(*event_types: EventType, created_at: datetime = NOW) -> Subscription:
    return Subscription(
        id=an_id(),
        url="https://client.example/hook",
        event_types=frozenset(event_types or EventType),
        description="the client's warehouse",
        state=SubscriptionState.ACTIVE,
        created_by="maria",
        created_at=created_at,
        updated_at=created_at,
    )


async def store(uow_factory: UowFactory, *subscriptions: Subscription) -> None:
    async with uow_factory() as uow:
        for subscription in subscriptions:
            await uow.webhook_subscriptions.add(subscription)
        await uow.commit()


async def tell(
    uow_factory: UowFactory, booking: Booking, *event_types: EventType, at: datetime = NOW
) -> None:
    async with uow_factory() as uow:
        for event_type in event_types:
            await announce(uow, event_type, booking, at=at)
        await uow.commit()


async def claim(
    uow_factory: UowFactory, *, now: datetime = NOW, limit: int = 10
) -> tuple[Claim, ...]:
    async with uow_factory() as uow:
        claims = await uow.webhook_deliveries.claim(now=now, until=now + LEASE, limit=limit)
        await uow.commit()
    return claims


async def finish(uow_factory: UowFactory, claimed: Claim, *, at: datetime) -> None:
    async with uow_factory() as uow:
        arrived = claimed.delivery.arrived(Attempt(status=200, answer="ok"), at=at)
        await uow.webhook_deliveries.save(arrived)
        await uow.webhook_subscriptions.save(claimed.subscription.release(at=at))
        await uow.commit()


async def owed(uow_factory: UowFactory, subscription: Subscription) -> list[Delivery]:
    """Return its deliveries by sequence."""
    async with uow_factory() as uow:
        found = await uow.webhook_deliveries.page(subscription.id, limit=100)
    return sorted(found, key=lambda each: (each.created_at, each.event.sequence))


def told(deliveries: list[Delivery]) -> list[tuple[str, int]]:
    return [(each.event.type, each.event.sequence) for each in deliveries]


async def test_given_stored_subscriptions_when_read_then_they_are_equal_without_the_removed(
    uow_factory: UowFactory,
) -> None:
    plain = a_subscription(CREATED)
    full = replace(
        a_subscription(created_at=NOW - MINUTE),
        secret_version=3,
        previous_secret_until=NOW,
        failing_since=NOW,
        last_success_at=NOW,
        rests_until=NOW,
        leased_until=NOW,
    ).pause(PauseReason.FAILING, at=NOW)
    gone = a_subscription()
    await store(uow_factory, plain, full, gone)

    async with uow_factory() as uow:
        await uow.webhook_subscriptions.save(gone.remove(at=NOW))
        await uow.commit()

    async with uow_factory() as uow:
        assert await uow.webhook_subscriptions.all(lock=True) == (full, plain)
        assert await uow.webhook_subscriptions.get(full.id, lock=True) == full
        for unknown in (gone.id, an_id()):
            with pytest.raises(SubscriptionNotFoundError):
                await uow.webhook_subscriptions.get(unknown)


async def test_given_events_when_told_then_each_is_stored_for_who_wants_it_and_counted_by_booking(
    uow_factory: UowFactory,
) -> None:
    every, some, none = a_subscription(), a_subscription(CONFIRMED), a_subscription(STARTED)
    removed = a_subscription().remove(at=NOW)
    paused = a_subscription(CREATED).pause(PauseReason.STAFF, at=NOW)
    await store(uow_factory, every, some, none, removed, paused)
    booking, other = [await store_booking(uow_factory()) for _ in range(2)]

    await tell(uow_factory, booking, CREATED, CONFIRMED)
    await tell(uow_factory, other, CREATED, at=NOW + MINUTE)
    await tell(uow_factory, booking, EventType.BOOKING_CANCELLED, at=NOW + 2 * MINUTE)

    assert told(await owed(uow_factory, every)) == [
        ("booking.created", 1),
        ("booking.confirmed", 2),
        ("booking.created", 1),
        ("booking.cancelled", 3),
    ]
    assert told(await owed(uow_factory, some)) == [("booking.confirmed", 2)]
    assert told(await owed(uow_factory, paused)) == [("booking.created", 1)] * 2
    for nobody in (none, removed):
        assert await owed(uow_factory, nobody) == []
    first = (await owed(uow_factory, every))[0]
    assert (first.state, first.attempts, first.next_at) == (DeliveryState.DUE, 0, NOW)
    assert first.event.payload["booking_number"] == booking.booking_number


async def test_given_the_same_fact_when_told_twice_then_it_is_owed_once(
    uow_factory: UowFactory,
) -> None:
    subscription = a_subscription()
    await store(uow_factory, subscription)
    booking = await store_booking(uow_factory())

    for _ in range(2):
        await tell(uow_factory, booking, CREATED)

    assert told(await owed(uow_factory, subscription)) == [("booking.created", 1)]


async def test_given_a_transaction_that_is_undone_when_read_then_nobody_is_owed_its_event(
    uow_factory: UowFactory,
) -> None:
    subscription = a_subscription()
    await store(uow_factory, subscription)
    booking = await store_booking(uow_factory())

    async with uow_factory() as uow:
        await announce(uow, CREATED, booking, at=NOW)

    assert await owed(uow_factory, subscription) == []


async def test_given_an_event_for_one_alone_when_told_then_nobody_else_is_owed_it(
    uow_factory: UowFactory,
) -> None:
    one, other = a_subscription(CREATED), a_subscription()
    await store(uow_factory, one, other)
    event = WebhookEvent(id=an_id(), type=TEST_TYPE, booking_id=None, created_at=NOW)

    async with uow_factory() as uow:
        await uow.webhook_events.add(event, to=one.id)
        await uow.commit()

    assert [each.event for each in await owed(uow_factory, one)] == [replace(event, sequence=1)]
    assert await owed(uow_factory, other) == []


async def test_given_two_events_of_a_booking_when_claimed_then_the_second_waits_for_the_first(
    uow_factory: UowFactory,
) -> None:
    subscription = a_subscription()
    await store(uow_factory, subscription)
    booking = await store_booking(uow_factory())
    await tell(uow_factory, booking, CREATED, CONFIRMED)

    (first,) = await claim(uow_factory)
    meanwhile = await claim(uow_factory)
    await finish(uow_factory, first, at=NOW)
    (second,) = await claim(uow_factory)

    assert (first.delivery.event.type, meanwhile) == (CREATED, ())
    assert first.subscription.leased_until == NOW + LEASE
    assert (second.delivery.event.type, second.delivery.attempts) == (CONFIRMED, 1)


async def test_given_a_delivery_that_waits_when_claimed_then_only_its_own_booking_waits_with_it(
    uow_factory: UowFactory,
) -> None:
    subscription = a_subscription()
    await store(uow_factory, subscription)
    stuck, other = [await store_booking(uow_factory()) for _ in range(2)]
    await tell(uow_factory, stuck, CREATED, CONFIRMED)
    await tell(uow_factory, other, CREATED, at=NOW + MINUTE)
    (first,) = await claim(uow_factory)
    async with uow_factory() as uow:
        await uow.webhook_deliveries.save(replace(first.delivery, next_at=NOW + 9 * MINUTE))
        await uow.webhook_subscriptions.save(first.subscription.release(at=NOW))
        await uow.commit()

    (second,) = await claim(uow_factory, now=NOW + MINUTE)
    await finish(uow_factory, second, at=NOW + MINUTE)
    too_early = await claim(uow_factory, now=NOW + 2 * MINUTE)
    (again,) = await claim(uow_factory, now=NOW + 9 * MINUTE)

    assert second.delivery.event.booking_id == other.id
    assert too_early == ()
    assert (again.delivery.event, again.delivery.attempts) == (first.delivery.event, 2)


async def test_given_a_lease_that_ran_out_when_claimed_then_the_same_event_is_attempted_again(
    uow_factory: UowFactory,
) -> None:
    subscription = a_subscription()
    await store(uow_factory, subscription)
    await tell(uow_factory, await store_booking(uow_factory()), CREATED)

    (first,) = await claim(uow_factory)
    held = await claim(uow_factory, now=NOW + LEASE - timedelta(microseconds=1))
    (again,) = await claim(uow_factory, now=NOW + LEASE)

    assert held == ()
    assert (again.delivery.event, again.delivery.attempts) == (first.delivery.event, 2)


@pytest.mark.parametrize("why", ["paused", "resting", "removed"])
async def test_given_one_that_is_not_to_be_called_when_claimed_then_only_the_others_are(
    uow_factory: UowFactory, why: str
) -> None:
    quiet, other = a_subscription(), a_subscription()
    await store(uow_factory, quiet, other)
    await tell(uow_factory, await store_booking(uow_factory()), CREATED)
    changed = {
        "paused": quiet.pause(PauseReason.STAFF, at=NOW),
        "resting": replace(quiet, rests_until=NOW + MINUTE),
        "removed": quiet.remove(at=NOW),
    }[why]

    async with uow_factory() as uow:
        await uow.webhook_subscriptions.save(changed)
        await uow.commit()

    assert [each.subscription.id for each in await claim(uow_factory)] == [other.id]


async def test_given_more_than_the_limit_when_claimed_then_who_was_called_long_ago_is_first(
    uow_factory: UowFactory,
) -> None:
    subscriptions = [a_subscription() for _ in range(3)]
    await store(uow_factory, *subscriptions)
    for minute in range(3):
        booking = await store_booking(uow_factory())
        await tell(uow_factory, booking, CREATED, at=NOW - minute * MINUTE)
    called: list[UUID] = []

    for second in range(6):
        at = NOW + second * timedelta(seconds=1)
        (claimed,) = await claim(uow_factory, now=at, limit=1)
        await finish(uow_factory, claimed, at=at)
        called.append(claimed.subscription.id)

    assert set(called[:3]) == {each.id for each in subscriptions}
    assert called[3:] == called[:3]


async def test_given_a_delivery_when_saved_then_it_stands_as_saved(
    uow_factory: UowFactory,
) -> None:
    subscription = a_subscription()
    await store(uow_factory, subscription)
    await tell(uow_factory, await store_booking(uow_factory()), CREATED)
    (delivery,) = await owed(uow_factory, subscription)
    attempt = Attempt(status=500, answer="oh no", error="it answered 500")
    failed = delivery.missed(attempt, at=NOW + timedelta(days=3), may_give_up=True)

    async with uow_factory() as uow:
        await uow.webhook_deliveries.save(failed)
        await uow.commit()

    async with uow_factory() as uow:
        found = await uow.webhook_deliveries.get(subscription.id, delivery.id, lock=True)
        with pytest.raises(DeliveryNotFoundError):
            await uow.webhook_deliveries.get(subscription.id, an_id())
    assert (found, found.state) == (failed, DeliveryState.FAILED)


async def test_given_what_one_is_owed_when_resumed_or_removed_then_nobody_elses_changes(
    uow_factory: UowFactory,
) -> None:
    one, removed, other = a_subscription(), a_subscription(), a_subscription()
    await store(uow_factory, one, removed, other)
    await tell(uow_factory, await store_booking(uow_factory()), CREATED)
    later = NOW + timedelta(days=5)

    async with uow_factory() as uow:
        await uow.webhook_deliveries.make_due(one.id, at=later)
        await uow.webhook_deliveries.skip_owed(removed.id, at=later)
        await uow.commit()

    states = [(await owed(uow_factory, each))[0] for each in (one, removed, other)]
    assert [each.due_since for each in states] == [later, NOW, NOW]
    assert [each.state for each in states] == [
        DeliveryState.DUE,
        DeliveryState.SKIPPED,
        DeliveryState.DUE,
    ]


async def test_given_many_deliveries_when_walked_then_each_page_goes_on_both_ways(
    uow_factory: UowFactory,
) -> None:
    subscription, other = a_subscription(CREATED), a_subscription()
    await store(uow_factory, subscription, other)
    for minute in range(5):
        booking = await store_booking(uow_factory())
        await tell(uow_factory, booking, CREATED, at=NOW + minute // 2 * MINUTE)

    async with uow_factory() as uow:
        page = uow.webhook_deliveries.page
        every = await page(subscription.id, limit=10)
        first = await page(subscription.id, limit=2)
        second = await page(subscription.id, before=Place.of(every[1]), limit=2)
        back = await page(subscription.id, after=Place.of(every[4]), limit=2)
        none = await page(subscription.id, state=DeliveryState.FAILED, limit=10)
        due = await page(subscription.id, state=DeliveryState.DUE, limit=10)

    assert list(every) == sorted(every, key=Place.of, reverse=True)
    assert (first, second, back) == (every[:2], every[2:4], every[2:4])
    assert (none, due) == ((), every)


async def test_given_old_deliveries_when_forgotten_then_the_sequence_of_their_booking_goes_on(
    uow_factory: UowFactory,
) -> None:
    subscription, removed = a_subscription(), a_subscription()
    await store(uow_factory, subscription, removed)
    booking = await store_booking(uow_factory())
    await tell(uow_factory, booking, CREATED, CONFIRMED)
    async with uow_factory() as uow:
        await uow.webhook_subscriptions.save(removed.remove(at=NOW))
        await uow.commit()
    for _ in range(2):
        (claimed,) = await claim(uow_factory)
        await finish(uow_factory, claimed, at=NOW)

    counts = []
    for limit in (3, 3):
        async with uow_factory() as uow:
            before = NOW + MONTH
            counts.append(await uow.webhook_deliveries.forget(before=before, limit=limit))
            await uow.commit()
    await tell(uow_factory, booking, STARTED, at=NOW + MONTH)

    assert counts == [3, 1]
    assert told(await owed(uow_factory, subscription)) == [("booking.started", 3)]


async def test_given_deliveries_not_old_or_owed_yet_when_forgotten_then_they_stay(
    uow_factory: UowFactory,
) -> None:
    subscription = a_subscription()
    await store(uow_factory, subscription)
    for _ in range(2):
        await tell(uow_factory, await store_booking(uow_factory()), CREATED)
    (claimed,) = await claim(uow_factory)
    await finish(uow_factory, claimed, at=NOW + MONTH)

    async with uow_factory() as uow:
        forgotten = await uow.webhook_deliveries.forget(before=NOW + MONTH, limit=10)
        await uow.commit()

    assert (forgotten, len(await owed(uow_factory, subscription))) == (0, 2)
