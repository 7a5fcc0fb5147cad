"""What is delivered, in which order, and how often."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta

import pytest

from tests.core.bookings.memory_house import MemoryHouse, a_house, an_order
from tests.core.webhooks.subscribing import (
    HOOK,
    as_stored,
    content,
    deliver_all,
    deliveries,
    paid,
    subscribe,
    told,
)
from totetaxi_core.webhooks.deliver_events import LEASE, claim_deliveries, deliver
from totetaxi_core.webhooks.delivery import DeliveryState
from totetaxi_core.webhooks.event_type import EventType
from totetaxi_core.webhooks.manage_subscriptions import (
    remove_subscription,
)
from totetaxi_core.webhooks.send_again import redeliver
from totetaxi_core.webhooks.subscriber_gateway import SubscriberAnswer

HOUR = timedelta(hours=1)


class DeathError(BaseException):
    """The process died."""


async def test_given_a_subscriber_when_a_booking_is_paid_then_it_hears_all_of_it_in_order() -> None:
    house = await a_house()
    known = await subscribe(house)

    await paid(house)
    await deliver_all(house)

    assert told(house) == ["booking.created", "payment.succeeded", "booking.confirmed"]
    first, second, third = (content(one) for one in house.subscribers.received)
    assert [one["sequence"] for one in (first, second, third)] == [1, 2, 3]
    assert (first["data"]["status"], third["data"]["status"]) == ("pending", "confirmed")
    assert second["data"]["amount_cents"] == first["data"]["total_cents"] == 99_500
    assert first["timestamp"] == "2026-11-23T15:00:00Z"
    assert all(one.state is DeliveryState.DELIVERED for one in await deliveries(known, house))


async def test_given_a_delivered_event_when_read_then_it_says_nothing_personal() -> None:
    house = await a_house()
    await subscribe(house)

    booked = (await house.book_order()).booking
    await deliver_all(house)

    body = house.subscribers.received[0].body.decode()
    contact, address = booked.contact, booked.pickup_address
    personal = (contact.email, contact.first_name, contact.last_name, contact.phone)
    for value in (*personal, address.address_line_1, address.zip_code, booked.item_description):
        assert not value or value not in body


async def test_given_nobody_who_wants_it_when_something_happens_then_nothing_is_stored() -> None:
    house = await a_house()
    await subscribe(house, EventType.PAYMENT_DISPUTED)

    await paid(house)

    assert (await deliver_all(house), house.database.webhook_events.rows) == (0, {})


async def test_given_an_event_that_failed_when_retried_then_each_booking_is_in_order() -> None:
    house = await a_house()
    known = await subscribe(house)
    await house.book_order()
    house.subscribers.answers[HOOK] = 500
    await deliver_all(house)

    house.subscribers.answers[HOOK] = 200
    house.clock.advance(HOUR)
    await paid(house)
    await deliver_all(house)

    failed, *others = await deliveries(known, house)
    assert (failed.attempts, failed.state) == (2, DeliveryState.DELIVERED)
    assert [one.attempts for one in others] == [1] * len(others)
    bodies = [content(one) for one in house.subscribers.received]
    for booking_id in {one["data"]["booking_id"] for one in bodies}:
        of_booking = [one["sequence"] for one in bodies if one["data"]["booking_id"] == booking_id]
        assert of_booking == sorted(of_booking)


class DyingOnce:
    """A subscriber that gets the event, upon which we die."""

    def __init__(self, house: MemoryHouse) -> None:
        self._inner, self._is_dead = house.subscribers, False

    async def post(self, url: str, *, body: bytes, headers: Mapping[str, str]) -> SubscriberAnswer:
        answer = await self._inner.post(url, body=body, headers=headers)
        if not self._is_dead:
            self._is_dead = True
            raise DeathError
        return answer

    async def check(self, url: str) -> None:
        await self._inner.check(url)


async def test_given_a_death_after_the_send_when_its_lease_ends_then_it_is_sent_again() -> None:
    house = await a_house()
    known = await subscribe(house)
    house.ports = replace(house.ports, subscribers=DyingOnce(house))
    await house.book_order()

    with pytest.raises(DeathError):
        await deliver_all(house)
    at_once = await deliver_all(house)
    house.clock.advance(LEASE)
    await deliver_all(house)

    first, again = house.subscribers.received
    assert (at_once, first.body) == (0, again.body)
    assert first.headers["webhook-id"] == again.headers["webhook-id"]
    (delivery,) = await deliveries(known, house)
    assert (delivery.state, delivery.attempts) == (DeliveryState.DELIVERED, 2)


async def test_given_a_claim_that_was_overtaken_when_it_ends_then_it_changes_nothing() -> None:
    house = await a_house()
    known = await subscribe(house)
    await house.book_order()
    (late,) = await claim_deliveries(house.ports, limit=1)
    house.clock.advance(LEASE)
    (mine,) = await claim_deliveries(house.ports, limit=1)

    house.subscribers.answers[HOOK] = 500
    overtaken = await deliver(late, house.ports, house.terms)
    held = await claim_deliveries(house.ports, limit=1)
    house.subscribers.answers[HOOK] = 200
    await deliver(mine, house.ports, house.terms)

    assert (overtaken, held) == (None, ())
    (delivery,) = await deliveries(known, house)
    assert (delivery.state, delivery.last_status) == (DeliveryState.DELIVERED, 200)
    assert (await as_stored(known, house)).failing_since is None


async def test_given_a_delivered_event_when_redelivered_then_it_comes_again_under_its_id() -> None:
    house = await a_house()
    known = await subscribe(house)
    await house.book_order()
    await deliver_all(house)
    (delivery,) = await deliveries(known, house)

    await redeliver(known.subscription.id, delivery.id, house.ports, staff_name="maria")
    await deliver_all(house)

    first, again = house.subscribers.received
    assert first.headers["webhook-id"] == again.headers["webhook-id"] == str(delivery.id)
    (redelivered,) = await deliveries(known, house)
    assert (redelivered.attempts, redelivered.state) == (2, DeliveryState.DELIVERED)
    assert house.acts()[-1].action_type == "webhook_redelivered"


async def test_given_a_removed_one_when_delivering_then_it_is_not_called_any_more() -> None:
    house = await a_house()
    known = await subscribe(house)
    await house.book_order()
    (claim,) = await claim_deliveries(house.ports, limit=1)

    await remove_subscription(known.subscription.id, house.ports, staff_name="maria")
    outcome = await deliver(claim, house.ports, house.terms)
    await house.book_order(an_order(allow_duplicate=True))

    assert (outcome, await deliver_all(house)) == (None, 0)
    (stored,) = house.database.webhook_deliveries.rows.values()
    assert stored.state is DeliveryState.SKIPPED
