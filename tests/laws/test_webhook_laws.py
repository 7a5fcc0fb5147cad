"""What holds of webhooks whatever subscribers answer, and whenever we die.

Each subscriber hears a booking's events in their order, each at least once, and of no other's.
"""

import json
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from enum import Enum, auto

from hypothesis import given
from hypothesis import strategies as st

from tests.builders import a_booking
from tests.core.bookings.memory_house import MemoryHouse
from tests.core.webhooks.subscribing import deliver_all, deliveries, subscribe
from totetaxi_core.bookings.booking import Booking
from totetaxi_core.webhooks.announce import announce
from totetaxi_core.webhooks.delivery import DeliveryState
from totetaxi_core.webhooks.event_type import EventType
from totetaxi_core.webhooks.manage_subscriptions import SubscriptionChanges, change_subscription
from totetaxi_core.webhooks.read_webhooks import look_up_subscription
from totetaxi_core.webhooks.send_again import redeliver
from totetaxi_core.webhooks.subscriber_gateway import (
    SubscriberAnswer,
    SubscriberUnavailableError,
)
from totetaxi_core.webhooks.subscription import SubscriptionState

URLS = ("https://one.example/", "https://two.example/")
TYPES = (EventType.BOOKING_CREATED, EventType.BOOKING_CONFIRMED, EventType.BOOKING_STARTED)


class Mood(Enum):
    TAKES = auto()
    REFUSES = auto()
    IS_SILENT = auto()
    IS_GONE = auto()
    TAKES_AND_WE_DIE = auto()
    WE_DIE_BEFORE = auto()


class DeathError(BaseException):
    """The process died."""


class MoodySubscribers:
    """Answers as the moods come, and takes everything once they have run out."""

    def __init__(self, moods: list[Mood]) -> None:
        self._moods = moods
        self.taken: list[tuple[str, str, str, int]] = []

    async def post(self, url: str, *, body: bytes, headers: Mapping[str, str]) -> SubscriberAnswer:
        mood = self._moods.pop() if self._moods else Mood.TAKES
        if mood is Mood.WE_DIE_BEFORE:
            raise DeathError
        if mood is Mood.IS_SILENT:
            raise SubscriberUnavailableError("no answer")
        if mood in (Mood.TAKES, Mood.TAKES_AND_WE_DIE):
            event = json.loads(body)
            key = (url, event["data"]["booking_id"], headers["webhook-id"], event["sequence"])
            self.taken.append(key)
        if mood is Mood.TAKES_AND_WE_DIE:
            raise DeathError
        return SubscriberAnswer(
            status={Mood.TAKES: 200, Mood.REFUSES: 500, Mood.IS_GONE: 410}[mood]
        )

    async def check(self, url: str) -> None:
        del url


STEPS = st.one_of(
    st.tuples(st.sampled_from(TYPES), st.integers(0, 1)),  # tell of one of two bookings
    st.tuples(st.none(), st.integers(0, 1_000)),  # wait so many seconds
)


@given(
    steps=st.lists(STEPS, min_size=1, max_size=12),
    moods=st.lists(st.sampled_from(Mood), max_size=14),
)
async def test_given_any_answers_and_deaths_when_all_is_over_then_each_heard_all_in_order(
    steps: list[tuple[EventType | None, int]], moods: list[Mood]
) -> None:
    house = MemoryHouse()
    subscribers = MoodySubscribers(moods)
    house.ports = replace(house.ports, subscribers=subscribers)
    known = [await subscribe(house, url=url) for url in URLS]
    bookings, told = [a_booking(), a_booking()], defaultdict[str, int](int)

    for event_type, number in steps:
        if event_type is not None:
            await tell(house, bookings[number], event_type, number=sum(told.values()))
            told[str(bookings[number].id)] += 1
        else:
            house.clock.advance(timedelta(seconds=number))
            await deliver_or_die(house)
    await settle_down(house)

    for one in known:
        assert {each.state for each in await deliveries(one, house)} <= {DeliveryState.DELIVERED}
        for booking_id, count in told.items():
            heard = [
                sequence
                for url, of, _, sequence in subscribers.taken
                if (url, of) == (one.subscription.url, booking_id)
            ]
            assert heard == sorted(heard), "a later event came before an earlier one"
            assert set(heard) == set(range(1, count + 1))
    facts = {(of, sequence) for _, of, _, sequence in subscribers.taken}
    assert len({name for _, _, name, _ in subscribers.taken}) == len(facts)


async def tell(house: MemoryHouse, booking: Booking, event_type: EventType, *, number: int) -> None:
    async with house.ports.unit_of_work() as uow:
        await announce(uow, event_type, booking, at=house.clock(), facts={"amount_cents": number})
        await uow.commit()


async def deliver_or_die(house: MemoryHouse) -> None:
    try:
        await deliver_all(house)
    except DeathError:
        return


async def settle_down(house: MemoryHouse) -> None:
    """Resume whoever is paused, and let time pass until nothing is owed."""
    for _ in range(80):
        house.clock.advance(timedelta(hours=1))
        for row in tuple(house.database.webhook_subscriptions.rows.values()):
            if row.state is SubscriptionState.PAUSED:
                active = SubscriptionChanges(state=SubscriptionState.ACTIVE)
                await change_subscription(row.id, active, house.ports, staff_name="maria")
        await deliver_or_die(house)
        rows = house.database.webhook_deliveries.rows.values()
        if all(row.state is not DeliveryState.DUE for row in rows):
            return


@given(failures=st.integers(0, 5), again=st.integers(0, 3))
async def test_given_a_delivery_when_redelivered_at_any_time_then_its_id_and_body_never_change(
    failures: int, again: int
) -> None:
    house = MemoryHouse()
    subscribers = MoodySubscribers([Mood.REFUSES] * failures)
    house.ports = replace(house.ports, subscribers=subscribers)
    known = await subscribe(house, url=URLS[0])
    await tell(house, a_booking(), EventType.BOOKING_CREATED, number=1)
    await settle_down(house)
    (delivery,) = await deliveries(known, house)

    for _ in range(again):
        await redeliver(known.subscription.id, delivery.id, house.ports, staff_name="maria")
        await settle_down(house)

    assert [name for _, _, name, _ in subscribers.taken] == [str(delivery.id)] * (1 + again)
    (after,) = await deliveries(known, house)
    assert (after.event.body, after.attempts) == (delivery.event.body, 1 + failures + again)
    found = await look_up_subscription(known.subscription.id, house.ports)
    assert (found.failing_since, found.state) == (None, SubscriptionState.ACTIVE)
