"""Staff are told of a worker that stands still: once, by whoever notices."""

import asyncio
from datetime import timedelta

import pytest

from tests.builders import NOW
from tests.core.bookings.memory_house import STAFF_EMAIL, MemoryHouse
from totetaxi_core.notifications.alert_standstill import alert_standstill
from totetaxi_core.notifications.message import MessageKind
from totetaxi_core.outbox.owed_effect import EffectKind, EffectState

LAST_SEEN = NOW - timedelta(minutes=1)


async def test_given_a_standstill_when_noticed_again_and_again_then_one_message_is_kept() -> None:
    house = MemoryHouse()

    first = await alert_standstill(LAST_SEEN, house.ports, house.terms)
    again = await alert_standstill(LAST_SEEN, house.ports, house.terms)

    [message] = house.messages(MessageKind.WORKER_STOPPED)
    assert (first, again) == (EffectState.DONE, None)
    assert (message.to, message.booking_id) == (STAFF_EMAIL, None)


async def test_given_two_who_notice_at_once_when_both_tell_then_one_message_is_kept() -> None:
    house = MemoryHouse()

    states = await asyncio.gather(
        *(alert_standstill(LAST_SEEN, house.ports, house.terms) for _ in range(2))
    )

    assert EffectState.DONE in states
    assert len(house.messages(MessageKind.WORKER_STOPPED)) == 1


async def test_given_a_worker_that_came_back_when_it_stops_again_then_that_is_told_too() -> None:
    house = MemoryHouse()
    await alert_standstill(LAST_SEEN, house.ports, house.terms)

    await alert_standstill(LAST_SEEN + timedelta(hours=1), house.ports, house.terms)

    assert len(house.messages(MessageKind.WORKER_STOPPED)) == 2


async def test_given_no_worker_ever_when_noticed_twice_then_it_is_told_once() -> None:
    house = MemoryHouse()

    for _ in range(2):
        await alert_standstill(None, house.ports, house.terms)

    [message] = house.messages(MessageKind.WORKER_STOPPED)
    assert message.text.startswith("No worker has ever shown a sign of life")


async def test_given_one_who_died_before_sending_when_another_notices_then_that_one_sends_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    house = MemoryHouse()
    with monkeypatch.context() as dying:
        dying.setattr(
            "totetaxi_core.notifications.alert_standstill.perform_effect", _die_before_sending
        )
        with pytest.raises(ProcessDiedError):
            await alert_standstill(LAST_SEEN, house.ports, house.terms)
    [owed] = house.effects(EffectKind.SEND_MESSAGE)

    state = await alert_standstill(LAST_SEEN, house.ports, house.terms)

    assert owed.state is EffectState.DUE
    assert state is EffectState.DONE
    assert len(house.messages(MessageKind.WORKER_STOPPED)) == 1


class ProcessDiedError(Exception):
    """What a kill looks like from inside."""


async def _die_before_sending(*_: object) -> None:
    raise ProcessDiedError
