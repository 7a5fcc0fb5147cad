"""Mails from PostgreSQL to a real mail server: none is lost, and none goes twice."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import timedelta

import pytest

from tests.adapters.mail.local_smtp import LocalSmtp, Misfortune, local_smtp
from tests.builders import NOW, a_message
from totetaxi_adapters.memory.clock import SettableClock
from totetaxi_adapters.settings import settings_from
from totetaxi_adapters.wiring import Wiring, wired
from totetaxi_core.notifications.deliver_message import owed_delivery
from totetaxi_core.notifications.message import Message, MessageState
from totetaxi_core.outbox.owed_effect import EffectState
from totetaxi_core.outbox.perform_effect import LEASE, perform_effect


@dataclass(kw_only=True)
class PostOffice:
    """A worker's wiring with a mail server, and a clock to be moved."""

    wiring: Wiring
    smtp: LocalSmtp
    clock: SettableClock

    async def queue(self) -> Message:
        message = replace(a_message(), state=MessageState.QUEUED)
        async with self.wiring.ports.unit_of_work() as uow:
            await uow.messages.add(message)
            await uow.outbox.owe(
                owed_delivery(message.id, channel=message.channel, at=self.clock())
            )
            await uow.commit()
        return message

    async def deliver(self, message: Message) -> EffectState | None:
        effect = owed_delivery(message.id, channel=message.channel, at=NOW)
        return await perform_effect(effect.id, self.wiring.ports, self.wiring.terms)

    async def now(self, message: Message) -> Message:
        async with self.wiring.ports.unit_of_work() as uow:
            found = await uow.messages.find(message.id)
        assert found is not None
        return found


@pytest.fixture
async def office(database_url: str) -> AsyncIterator[PostOffice]:
    async with local_smtp() as smtp:
        settings = settings_from({"EMAIL_URL": f"smtp://127.0.0.1:{smtp.port}"})
        async with wired(settings, database_url) as wiring:
            clock = SettableClock(NOW)
            ports = replace(wiring.ports, clock=clock)
            yield PostOffice(wiring=replace(wiring, ports=ports), smtp=smtp, clock=clock)


async def test_given_a_server_away_and_back_when_delivered_then_each_mail_is_taken_once(
    office: PostOffice,
) -> None:
    first, second = await office.queue(), await office.queue()

    office.smtp.next = Misfortune.NO_GREETING
    away = [await office.deliver(message) for message in (first, second)]
    waiting = await office.now(first)
    office.smtp.next = None
    office.clock.advance(timedelta(minutes=1))
    back = await asyncio.gather(*(office.deliver(first) for _ in range(3)), office.deliver(second))
    again = await office.deliver(first)

    assert away == [EffectState.DUE, EffectState.DUE]
    assert waiting.state is MessageState.QUEUED
    assert sorted(back[:3], key=str) == [None, None, EffectState.DONE]
    assert (back[3], again) == (EffectState.DONE, None)
    taken = sorted(mail["X-ToteTaxi-Message"] for mail in office.smtp.taken)
    assert taken == sorted(str(message.id) for message in (first, second))
    sent = await office.now(first)
    assert (sent.state, sent.sent_at) == (MessageState.SENT, office.clock())
    assert (sent.provider_id or "").startswith("0100-")


async def test_given_a_worker_that_dies_at_the_servers_answer_when_another_comes_then_it_is_unknown(
    office: PostOffice,
) -> None:
    message = await office.queue()
    office.smtp.next = Misfortune.SILENCE

    worker = asyncio.create_task(office.deliver(message))
    await asyncio.wait_for(office.smtp.is_silent.wait(), 30)
    meanwhile = await office.deliver(message)
    worker.cancel()
    ended = await asyncio.gather(worker, return_exceptions=True)
    held = await office.now(message)
    office.smtp.next = None
    office.clock.advance(LEASE)
    after = [await office.deliver(message) for _ in range(2)]

    assert isinstance(ended[0], asyncio.CancelledError)
    assert (meanwhile, held.state) == (None, MessageState.SENDING)
    assert after == [EffectState.DONE, None]
    assert (await office.now(message)).state is MessageState.UNKNOWN
    assert len(office.smtp.taken) == 1
