"""Messages leave once at most, none is lost, and nobody claims more than is known."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from tests.builders import NOW, a_message, an_id
from tests.core.bookings.memory_house import MemoryHouse
from totetaxi_adapters.memory.transport import MemoryTransport
from totetaxi_core.notifications.alert_standstill import alert_standstill
from totetaxi_core.notifications.deliver_message import owed_delivery
from totetaxi_core.notifications.delivery_news import DeliveryNews, Fate, take_delivery_news
from totetaxi_core.notifications.message import (
    Channel,
    Message,
    MessageKind,
    MessageNotResendableError,
    MessageState,
)
from totetaxi_core.notifications.refused_address import (
    AddressNotRefusedError,
    AddressRefusedError,
)
from totetaxi_core.notifications.send_again import NoTransportError, forget_refusal, send_again
from totetaxi_core.notifications.transport import (
    MessageNotSentError,
    MessageOutcomeUnknownError,
    MessageRefusedError,
)
from totetaxi_core.outbox.owed_effect import EffectKind, EffectState

LEASE_AND_MORE = timedelta(minutes=2)


class Killed(BaseException):
    """The worker dies: nothing after it runs."""


class Post:
    """A house whose mail and texts go to transports in memory."""

    def __init__(self) -> None:
        self.house = MemoryHouse()
        self.mail, self.texts = MemoryTransport(), MemoryTransport()
        self.house.ports = replace(self.house.ports, mail=self.mail, texts=self.texts)

    async def queue(self, **changes: object) -> Message:
        """Store a message that waits to leave, and owe that it does."""
        message = replace(a_message(), state=MessageState.QUEUED)
        message = replace(message, **changes)  # type: ignore[arg-type]
        async with self.house.ports.unit_of_work() as uow:
            await uow.messages.add(message)
            at = self.house.clock()
            await uow.outbox.owe(owed_delivery(message.id, channel=message.channel, at=at))
            await uow.commit()
        return message

    async def work(self, *, after: timedelta = timedelta(0)) -> None:
        """Do what is due, a while later."""
        self.house.clock.advance(after)
        async with self.house.ports.unit_of_work() as uow:
            await uow.outbox.defer_due(now=self.house.clock(), limit=100)
            await uow.commit()
        await self.house.work_off()

    def now(self, message: Message) -> Message:
        return self.house.database.messages.rows[message.id]


async def test_given_a_queued_message_when_worked_off_twice_then_it_has_left_once() -> None:
    post = Post()
    booking_id = an_id()
    message = await post.queue(
        text="See https://totetaxi.example/manage?manage_token={manage_token}",
        booking_id=booking_id,
    )

    await post.work()
    await post.work(after=LEASE_AND_MORE)

    [sent] = post.mail.sent
    token = post.house.terms.manage_tokens.token(booking_id)
    assert sent.text.endswith(f"manage_token={token}")
    assert post.texts.sent == []
    kept = post.now(message)
    assert (kept.state, kept.provider_id, kept.sent_at) == (MessageState.SENT, "memory-1", NOW)
    assert "{manage_token}" in kept.text


async def test_given_a_customer_called_like_a_mark_when_staff_are_alerted_then_no_token_goes() -> (
    None
):
    post = Post()
    called_so = "Hand back $995.00 to {manage_token} Lovelace."
    await post.queue(kind=MessageKind.STAFF_ALERT, text=called_so, booking_id=an_id())

    await post.work()

    [sent] = post.mail.sent
    assert sent.text == called_so


async def test_given_an_owed_letter_when_there_is_a_transport_then_it_leaves() -> None:
    post = Post()

    await alert_standstill(None, post.house.ports, post.house.terms)

    # Here and now: no worker will.
    [sent] = post.mail.sent
    assert sent.kind is MessageKind.WORKER_STOPPED
    assert post.now(sent).state is MessageState.SENT


async def test_given_a_server_down_for_a_day_when_it_is_back_then_each_message_leaves_once() -> (
    None
):
    post = Post()
    messages = [await post.queue() for _ in range(3)]
    post.mail.plan(*[MessageNotSentError("<ada@example.com> come back later")] * 1_000)

    for _ in range(24 * 5):
        await post.work(after=timedelta(minutes=12))
    down = [post.now(message) for message in messages]
    post.mail.plan_nothing()
    await post.work(after=timedelta(minutes=12))

    assert {each.state for each in down} == {MessageState.QUEUED}
    assert {each.last_error for each in down} == {"<ada@example.com> come back later"}
    owed = post.house.effects(EffectKind.DELIVER_MESSAGE)
    assert {effect.state for effect in owed} == {EffectState.DONE}
    assert sorted(sent.id for sent in post.mail.sent) == sorted(each.id for each in messages)


async def test_given_a_refusal_to_come_when_owed_work_is_looked_at_then_it_names_no_address() -> (
    None
):
    post = Post()
    await post.queue()
    post.mail.plan(MessageNotSentError("<ada@example.com> mailbox full"))

    await post.work()

    [effect] = post.house.effects(EffectKind.DELIVER_MESSAGE)
    assert effect.last_error is not None
    assert "ada@example.com" not in effect.last_error


async def test_given_a_lost_answer_when_worked_off_later_then_it_is_unknown_and_not_resent() -> (
    None
):
    post = Post()
    message = await post.queue()
    post.mail.plan(MessageOutcomeUnknownError("the answer was lost"))

    await post.work()
    await post.work(after=LEASE_AND_MORE)

    assert len(post.mail.sent) == 1
    assert post.now(message).state is MessageState.UNKNOWN
    assert post.now(message).last_error == "the answer was lost"


@pytest.mark.parametrize(("dies_after_sending", "copies"), [(False, 0), (True, 1)])
async def test_given_a_worker_killed_as_it_sends_when_another_comes_then_it_is_unknown_not_doubled(
    dies_after_sending: bool,  # noqa: FBT001  a parameter of the test
    copies: int,
) -> None:
    post = Post()
    message = await post.queue()
    post.mail.dies = Killed()
    post.mail.dies_after_sending = dies_after_sending

    with pytest.raises(Killed):
        await post.work()
    held = post.now(message)
    post.mail.dies = None
    await post.work(after=LEASE_AND_MORE)
    await post.work(after=LEASE_AND_MORE)

    assert held.state is MessageState.SENDING
    assert post.now(message).state is MessageState.UNKNOWN
    assert len(post.mail.sent) == copies


async def test_given_a_worker_killed_before_it_begins_when_another_comes_then_it_is_sent_once() -> (
    None
):
    post = Post()
    message = await post.queue()
    effect_id = post.house.database.jobs.take()  # taken, and then the worker is gone

    await post.work(after=LEASE_AND_MORE)

    assert effect_id is not None
    assert [sent.id for sent in post.mail.sent] == [message.id]


async def test_given_a_bad_address_when_more_is_written_then_nothing_goes_there_until_allowed() -> (
    None
):
    post = Post()
    first = await post.queue()
    post.mail.plan(MessageRefusedError("550 no such user", address_is_bad=True))
    await post.work()

    second = await post.queue(to=first.to.upper())
    await post.work()
    told = post.now(second)
    with pytest.raises(AddressRefusedError):
        await send_again(second.id, post.house.ports, staff_name="maria")
    await forget_refusal(first.to, post.house.ports, staff_name="maria")
    await send_again(second.id, post.house.ports, staff_name="maria")
    await post.work()

    assert post.now(first).state is MessageState.REFUSED
    assert told.state is MessageState.REFUSED
    assert "550 no such user" in (told.last_error or "")
    assert [sent.id for sent in post.mail.sent] == [second.id]
    assert [act.action_type for act in post.house.acts()] == [
        "address_allowed",
        "message_sent_again",
    ]
    with pytest.raises(AddressNotRefusedError):
        await forget_refusal(first.to, post.house.ports, staff_name="maria")


async def test_given_a_refused_content_when_more_is_written_then_it_goes() -> None:
    post = Post()
    await post.queue()
    post.mail.plan(MessageRefusedError("554 looks like spam"))
    await post.work()

    second = await post.queue()
    await post.work()

    assert post.now(second).state is MessageState.SENT


async def test_given_messages_in_other_states_when_sent_again_then_it_is_refused() -> None:
    post = Post()
    message = await post.queue()

    with pytest.raises(MessageNotResendableError):
        await send_again(message.id, post.house.ports, staff_name="maria")
    await post.work()
    with pytest.raises(MessageNotResendableError):
        await send_again(message.id, post.house.ports, staff_name="maria")

    assert len(post.mail.sent) == 1


async def test_given_an_unknown_message_when_two_send_it_again_at_once_then_it_goes_once_more() -> (
    None
):
    post = Post()
    message = await post.queue()
    post.mail.plan(MessageOutcomeUnknownError("lost"))
    await post.work()

    ended = await asyncio.gather(
        *(send_again(message.id, post.house.ports, staff_name="maria") for _ in range(2)),
        return_exceptions=True,
    )
    await post.work()

    assert sorted(type(one).__name__ for one in ended) == ["Message", "MessageNotResendableError"]
    assert len(post.mail.sent) == 2
    assert post.now(message).state is MessageState.SENT


async def test_given_no_transport_when_sent_again_then_it_is_refused() -> None:
    post = Post()
    message = await post.queue()
    post.mail.plan(MessageOutcomeUnknownError("lost"))
    await post.work()

    ports = replace(post.house.ports, mail=None)
    with pytest.raises(NoTransportError):
        await send_again(message.id, ports, staff_name="maria")


async def test_given_a_driver_on_the_way_when_it_is_late_then_it_is_dropped() -> None:
    post = Post()
    text = await post.queue(kind=MessageKind.DRIVER_ON_THE_WAY, channel=Channel.SMS)
    mail = await post.queue()

    await post.work(after=timedelta(hours=3))

    assert post.now(text).state is MessageState.DROPPED
    assert post.now(mail).state is MessageState.SENT
    assert post.texts.sent == []


async def test_given_a_message_that_is_forgotten_when_worked_off_then_it_is_not_sent() -> None:
    post = Post()
    message = await post.queue()
    del post.house.database.messages.rows[message.id]

    await post.work()

    [effect] = post.house.effects(EffectKind.DELIVER_MESSAGE)
    assert effect.state is EffectState.DONE
    assert post.mail.sent == []


def news(message: Message, fate: Fate, *, sid: str = "memory-1", bad: bool = False) -> DeliveryNews:
    return DeliveryNews(
        message_id=message.id, provider_id=sid, fate=fate, reason=fate, address_is_bad=bad
    )


async def test_given_news_in_any_order_when_taken_then_the_message_only_gets_further() -> None:
    post = Post()
    message = await post.queue(channel=Channel.SMS, to="+12125550142")
    await post.work()

    fates = (Fate.ARRIVED, Fate.LEFT, Fate.ARRIVED)
    told = [await take_delivery_news(news(message, fate), post.house.ports) for fate in fates]

    assert told == [True, False, False]
    assert post.now(message).state is MessageState.DELIVERED


async def test_given_a_number_that_failed_when_more_is_written_then_nothing_goes_there() -> None:
    post = Post()
    message = await post.queue(channel=Channel.SMS, to="+12125550142")
    await post.work()

    await take_delivery_news(news(message, Fate.FAILED, bad=True), post.house.ports)
    second = await post.queue(channel=Channel.SMS, to="+12125550142")
    await post.work()

    assert post.now(message).state is MessageState.REFUSED
    assert post.now(second).state is MessageState.REFUSED
    assert len(post.texts.sent) == 1


async def test_given_an_unknown_text_when_its_carrier_tells_then_that_is_known() -> None:
    post = Post()
    message = await post.queue(channel=Channel.SMS)
    post.texts.plan(MessageOutcomeUnknownError("lost"))
    await post.work()

    told = await take_delivery_news(news(message, Fate.LEFT, sid="SM9"), post.house.ports)
    other = await take_delivery_news(news(message, Fate.FAILED, sid="SM8"), post.house.ports)

    assert (told, other) == (True, False)
    assert (post.now(message).state, post.now(message).provider_id) == (MessageState.SENT, "SM9")


class Meanwhile:
    """Sends, and something happens before the one who sends hears of it."""

    def __init__(self, happens: Callable[[Message], Awaitable[object]]) -> None:
        self._happens = happens

    async def send(self, message: Message) -> str:
        await self._happens(message)
        return "SM1"


async def test_given_news_before_the_answer_when_the_answer_comes_then_the_news_stands() -> None:
    post = Post()
    message = await post.queue(channel=Channel.SMS)
    texts = Meanwhile(
        lambda sent: take_delivery_news(news(sent, Fate.ARRIVED, sid="SM1"), post.house.ports)
    )
    post.house.ports = replace(post.house.ports, texts=texts)

    await post.work()

    assert post.now(message).state is MessageState.DELIVERED


async def test_given_a_send_longer_than_its_lease_when_it_ends_well_then_that_is_known() -> None:
    post = Post()
    message = await post.queue()

    async def outlast(_: Message) -> None:
        post.house.clock.advance(LEASE_AND_MORE)
        await post.work()

    post.house.ports = replace(post.house.ports, mail=Meanwhile(outlast))
    await post.work()

    assert post.now(message).state is MessageState.SENT
    assert post.now(message).provider_id == "SM1"


async def test_given_a_message_forgotten_as_it_is_sent_when_refused_then_no_trace_is_left() -> None:
    post = Post()
    message = await post.queue()

    async def forget(sent: Message) -> None:
        del post.house.database.messages.rows[sent.id]
        raise MessageRefusedError("550", address_is_bad=True)

    post.house.ports = replace(post.house.ports, mail=Meanwhile(forget))
    await post.work()

    assert message.id not in post.house.database.messages.rows
    assert post.house.database.refused_addresses.rows == {}
