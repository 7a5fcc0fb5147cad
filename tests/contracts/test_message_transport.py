"""What every transport promises: to say for certain that it was not sent, or that nobody knows."""

from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from tests.builders import a_message
from tests.contracts.transport_worlds import TransportWorld, Trouble, transport_world
from totetaxi_core.notifications.message import Channel, Message
from totetaxi_core.notifications.transport import (
    MessageNotSentError,
    MessageOutcomeUnknownError,
    MessageRefusedError,
)


@pytest.fixture(params=["memory", "smtp", "sms"])
async def world(request: pytest.FixtureRequest) -> AsyncIterator[TransportWorld]:
    async with transport_world(request.param) as made:
        yield made


def a_message_for(world: TransportWorld, text: str = "We call at 9:00.") -> Message:
    to = "ada@example.com" if world.channel is Channel.EMAIL else "+12125550142"
    return replace(a_message(to=to), channel=world.channel, text=text)


async def test_given_two_messages_when_sent_then_both_arrive_each_under_an_id_of_its_own(
    world: TransportWorld,
) -> None:
    texts = ["We call at 9:00.", "We are on the way: https://track.example/1?a=b&c=d"]

    ids = [await world.transport.send(a_message_for(world, text)) for text in texts]

    assert world.arrived() == texts
    assert len({one for one in ids if one}) == 2


@pytest.mark.parametrize("trouble", [Trouble.BUSY, Trouble.AWAY])
async def test_given_a_server_that_cannot_now_when_sent_then_it_is_certainly_not_sent(
    world: TransportWorld, trouble: Trouble
) -> None:
    world.befall(trouble)

    with pytest.raises(MessageNotSentError):
        await world.transport.send(a_message_for(world))

    assert world.arrived() == []


@pytest.mark.parametrize("trouble", [Trouble.BAD_ADDRESS, Trouble.REFUSED])
async def test_given_a_refusal_when_sent_then_it_says_whether_the_address_is_at_fault(
    world: TransportWorld, trouble: Trouble
) -> None:
    world.befall(trouble)

    with pytest.raises(MessageRefusedError) as refused:
        await world.transport.send(a_message_for(world))

    assert refused.value.address_is_bad is (trouble is Trouble.BAD_ADDRESS)
    assert world.arrived() == []


async def test_given_an_answer_that_is_lost_when_sent_then_nobody_claims_to_know(
    world: TransportWorld,
) -> None:
    world.befall(Trouble.LOST_ANSWER)

    with pytest.raises(MessageOutcomeUnknownError):
        await world.transport.send(a_message_for(world))

    world.befall(None)
    await world.transport.send(a_message_for(world, "The next one."))
    assert "The next one." in world.arrived()
