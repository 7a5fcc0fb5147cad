"""What becomes of a subscriber that does not answer, or not as it should."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta

import pytest

from tests.builders import NOW
from tests.core.bookings.memory_house import MemoryHouse, a_house
from tests.core.webhooks.subscribing import (
    HOOK,
    as_stored,
    deliver_all,
    deliveries,
    paid,
    subscribe,
    told,
    until,
)
from totetaxi_core.bookings.booking import Booking
from totetaxi_core.notifications.message import MessageKind
from totetaxi_core.webhooks.delivery import DeliveryState
from totetaxi_core.webhooks.manage_subscriptions import (
    SubscriptionChanges,
    change_subscription,
)
from totetaxi_core.webhooks.send_again import redeliver, send_test_event
from totetaxi_core.webhooks.subscriber_gateway import SubscriberAnswer
from totetaxi_core.webhooks.subscription import (
    PATIENCE,
    PauseReason,
    SubscriptionPausedError,
    SubscriptionState,
)

SECOND, HOUR, DAY = timedelta(seconds=1), timedelta(hours=1), timedelta(days=1)


async def test_given_a_failed_attempt_when_looked_at_then_it_says_why_and_when_again() -> None:
    house = await a_house()
    known = await subscribe(house)
    house.subscribers.answers[HOOK] = 500

    await house.book_order()
    await deliver_all(house)

    (delivery,) = await deliveries(known, house)
    subscription = await as_stored(known, house)
    assert (delivery.last_status, delivery.last_error) == (500, "it answered 500")
    assert delivery.last_answer == "answered 500"
    assert 3 * SECOND < delivery.next_at - NOW < 7 * SECOND
    assert (subscription.failing_since, subscription.last_success_at) == (NOW, None)


@pytest.mark.parametrize("status", [301, 307, 400, 404, 429, 503])
async def test_given_any_answer_but_2xx_when_delivered_then_it_is_retried(status: int) -> None:
    house = await a_house()
    known = await subscribe(house)
    house.subscribers.answers[HOOK] = status

    await house.book_order()
    await deliver_all(house)
    house.subscribers.answers[HOOK] = 204
    house.clock.advance(timedelta(minutes=1))
    await deliver_all(house)

    (delivery,) = await deliveries(known, house)
    first, again = house.subscribers.received
    assert (delivery.state, delivery.last_status) == (DeliveryState.DELIVERED, 204)
    assert (first.headers["webhook-id"], first.body) == (again.headers["webhook-id"], again.body)


async def test_given_three_days_of_failures_when_paused_then_staff_hear_and_all_is_kept() -> None:
    house = await a_house()
    known = await subscribe(house)
    house.subscribers.down.add(HOOK)
    await house.book_order()
    await deliver_all(house)

    tried = await until(house, NOW + PATIENCE - HOUR)
    still = await as_stored(known, house)
    await until(house, NOW + PATIENCE + HOUR)
    await house.work_off()

    paused = await as_stored(known, house)
    assert 60 < tried < 110
    assert (still.state, still.failing_since) == (SubscriptionState.ACTIVE, NOW)
    assert (paused.state, paused.pause_reason) == (SubscriptionState.PAUSED, PauseReason.FAILING)
    (alert,) = house.messages(MessageKind.WEBHOOK_PAUSED)
    assert HOOK in alert.subject
    assert [one.state for one in await deliveries(known, house)] == [DeliveryState.DUE]
    assert await until(house, NOW + PATIENCE + DAY) == 0


async def test_given_one_that_is_gone_when_resumed_then_it_gets_what_it_is_owed() -> None:
    house = await a_house()
    known = await subscribe(house)
    house.subscribers.answers[HOOK] = 410
    await paid(house)
    await deliver_all(house)
    paused = await as_stored(known, house)
    house.clock.advance(9 * DAY)

    house.subscribers.answers[HOOK] = 200
    active = SubscriptionChanges(state=SubscriptionState.ACTIVE)
    await change_subscription(paused.id, active, house.ports, staff_name="maria")
    await deliver_all(house)

    assert paused.pause_reason is PauseReason.GONE
    assert MessageKind.WEBHOOK_PAUSED in house.owed_messages()
    assert told(house) == [
        "booking.created",
        "booking.created",
        "payment.succeeded",
        "booking.confirmed",
    ]
    resumed = await as_stored(known, house)
    assert (resumed.is_active, resumed.failing_since) == (True, None)


async def test_given_one_event_that_always_fails_for_days_then_it_alone_is_given_up() -> None:
    house = await a_house()
    known = await subscribe(house)
    poison = await house.book_order()
    house.ports = replace(house.ports, subscribers=RefusingOne(house, poison.booking))

    for day in range(4):
        house.clock.set(NOW + day * DAY)
        await send_test_event(known.subscription.id, house.ports, staff_name="maria")
        await until(house, NOW + (day + 1) * DAY - HOUR)

    found = await deliveries(known, house)
    states = {one.event.booking_id: one.state for one in found}
    assert states == {poison.booking.id: DeliveryState.FAILED, None: DeliveryState.DELIVERED}
    assert {one.state for one in found if one.event.booking_id is None} == {states[None]}
    assert (await as_stored(known, house)).is_active


class RefusingOne:
    """A subscriber that cannot digest one booking."""

    def __init__(self, house: MemoryHouse, booking: Booking) -> None:
        self._inner, self._booking_id = house.subscribers, str(booking.id)

    async def post(self, url: str, *, body: bytes, headers: Mapping[str, str]) -> SubscriberAnswer:
        if self._booking_id.encode() in body:
            return SubscriberAnswer(status=500)
        return await self._inner.post(url, body=body, headers=headers)

    async def check(self, url: str) -> None:
        await self._inner.check(url)


async def test_given_a_paused_one_when_something_is_sent_again_then_that_is_refused() -> None:
    house = await a_house()
    known = await subscribe(house)
    await house.book_order()
    (delivery,) = await deliveries(known, house)
    paused = SubscriptionChanges(state=SubscriptionState.PAUSED)
    await change_subscription(known.subscription.id, paused, house.ports, staff_name="maria")

    for act in (
        redeliver(known.subscription.id, delivery.id, house.ports, staff_name="maria"),
        send_test_event(known.subscription.id, house.ports, staff_name="maria"),
    ):
        with pytest.raises(SubscriptionPausedError):
            await act


async def test_given_an_address_that_became_private_when_delivering_then_it_is_retried() -> None:
    house = await a_house()
    known = await subscribe(house)
    house.subscribers.refused.add(HOOK)

    await house.book_order()
    await deliver_all(house)

    (delivery,) = await deliveries(known, house)
    assert (delivery.state, delivery.last_status) == (DeliveryState.DUE, None)
    assert (delivery.last_error or "").startswith("subscriber_address_refused")
