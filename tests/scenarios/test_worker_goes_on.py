"""The worker's own loops: one that fails is begun again, not quietly missing."""

import asyncio
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any

import pytest

from tests.builders import a_booking, a_message
from totetaxi_adapters import worker
from totetaxi_adapters.memory.transport import MemoryTransport
from totetaxi_adapters.settings import settings_from
from totetaxi_adapters.wiring import wired
from totetaxi_adapters.worker import SCHEDULER, WORKER, working
from totetaxi_core.notifications.deliver_message import owed_delivery
from totetaxi_core.notifications.message import Channel, Message, MessageState
from totetaxi_core.outbox.owed_effect import EffectKind, EffectState
from totetaxi_core.outbox.owing import owed


async def test_given_the_look_for_stalled_jobs_fails_when_the_worker_runs_then_it_looks_again(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = settings_from({"HOME": "/nowhere", "STRIPE_API_BASE": "http://127.0.0.1:9"})
    looks = 0
    looked_again = asyncio.Event()

    async def look(**_: object) -> Iterable[Any]:
        nonlocal looks
        looks += 1
        if looks == 1:
            raise RuntimeError("this look fails")
        looked_again.set()
        return []

    async with wired(settings, database_url) as wiring:
        monkeypatch.setattr(wiring.jobs.job_manager, "get_stalled_jobs", look)
        async with working(wiring), asyncio.timeout(120):
            await looked_again.wait()

    assert looks >= 2


@asynccontextmanager
async def silent_stripe() -> AsyncIterator[str]:
    """Listen, accept, and never answer."""

    callers: list[asyncio.StreamWriter] = []

    async def keep_silent(reader: asyncio.StreamReader, caller: asyncio.StreamWriter) -> None:
        callers.append(caller)
        await reader.read()

    async with await asyncio.start_server(keep_silent, "127.0.0.1", 0) as server:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    for caller in callers:
        caller.close()
    await asyncio.gather(*(caller.wait_closed() for caller in callers), return_exceptions=True)


async def test_given_stripe_is_silent_when_much_waits_for_it_then_mail_and_beat_do_not(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(worker, "GRACE_S", 0)
    booking = a_booking()
    async with silent_stripe() as base:
        settings = settings_from({"HOME": "/nowhere", "STRIPE_API_BASE": base})
        async with wired(settings, database_url) as wiring:
            ports, now = wiring.ports, wiring.ports.clock()
            mail = {"message_kind": "booking_received", "booking_id": str(booking.id)}
            letter = owed(ports.ids, EffectKind.SEND_MESSAGE, "mail", at=now, payload=mail)
            async with ports.unit_of_work() as uow:
                await uow.bookings.add(booking)
                for number in range(40):
                    look = {"intent_id": f"pi_{number}"}
                    await uow.outbox.owe(
                        owed(ports.ids, EffectKind.SETTLE_INTENT, f"{number}", at=now, payload=look)
                    )
                await uow.outbox.owe(letter)
                await uow.commit()

            async def is_well() -> bool:
                beats = [await wiring.heartbeats.last(name) for name in (WORKER, SCHEDULER)]
                async with ports.unit_of_work() as uow:
                    sent = await uow.outbox.get(letter.id)
                return all(beats) and sent is not None and sent.state is EffectState.DONE

            async with working(wiring), asyncio.timeout(18):
                while not await is_well():  # noqa: ASYNC110  it looks into a database
                    await asyncio.sleep(0.1)
            seen_well = await is_well()

    assert seen_well


class StuckTransport:
    """Takes a text and never answers."""

    async def send(self, _: Message) -> str:
        return await asyncio.Future[str]()


async def test_given_texts_that_are_stuck_when_many_wait_then_a_mail_is_written_and_leaves(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(worker, "GRACE_S", 0)
    booking, mail = a_booking(), MemoryTransport()
    texts = [replace(a_message(booking=booking), channel=Channel.SMS) for _ in range(20)]
    async with wired(settings_from({"HOME": "/nowhere"}), database_url) as wiring:
        ports = replace(wiring.ports, mail=mail, texts=StuckTransport())
        now = ports.clock()
        facts = {"message_kind": "booking_received", "booking_id": str(booking.id)}
        letter = owed(ports.ids, EffectKind.SEND_MESSAGE, "mail", at=now, payload=facts)
        async with ports.unit_of_work() as uow:
            await uow.bookings.add(booking)
            for text in texts:
                await uow.messages.add(replace(text, state=MessageState.QUEUED, to="+12125550123"))
                await uow.outbox.owe(owed_delivery(text.id, channel=text.channel, at=now))
            await uow.outbox.owe(letter)
            await uow.commit()

        async with working(replace(wiring, ports=ports)), asyncio.timeout(60):
            while not mail.sent:  # noqa: ASYNC110  a worker of its own fills it
                await asyncio.sleep(0.1)

    assert [sent.id for sent in mail.sent] == [letter.id]
