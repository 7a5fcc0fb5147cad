"""Every side of the port by which messages leave, and what can befall one there."""

import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from enum import StrEnum
from typing import Protocol
from zoneinfo import ZoneInfo

import httpx

from tests.adapters.mail.local_smtp import LocalSmtp, Misfortune, local_smtp
from tests.adapters.sms.local_twilio import LocalTwilio, local_twilio
from tests.builders import NOW
from totetaxi_adapters.mail.mail_server import MailServer
from totetaxi_adapters.mail.sender import Sender
from totetaxi_adapters.mail.transport import SmtpTransport
from totetaxi_adapters.memory.clock import SettableClock
from totetaxi_adapters.memory.transport import MemoryTransport
from totetaxi_adapters.sms.sms_account import SmsAccount
from totetaxi_adapters.sms.transport import TwilioTransport
from totetaxi_core.notifications.message import Channel
from totetaxi_core.notifications.transport import (
    MessageNotSentError,
    MessageOutcomeUnknownError,
    MessageRefusedError,
    MessageTransport,
)

SENDER = Sender(
    from_address="ToteTaxi <noreply@totetaxi.com>",
    reply_to="desk@totetaxi.com",
    zone=ZoneInfo("America/New_York"),
)
ACCOUNT = "AC" + "0" * 32
KEY = "SK" + "1" * 32


class Trouble(StrEnum):
    BUSY = "busy"
    BAD_ADDRESS = "bad address"
    REFUSED = "refused"
    LOST_ANSWER = "lost answer"
    AWAY = "away"


class TransportWorld(Protocol):
    """One side, and who gets its messages."""

    channel: Channel

    @property
    def transport(self) -> MessageTransport: ...

    def befall(self, trouble: Trouble | None) -> None:
        """Let this befall what is sent next, until told otherwise."""
        ...

    def arrived(self) -> list[str]:
        """Return the texts of what arrived."""
        ...


class MemoryWorld:
    channel = Channel.EMAIL

    def __init__(self) -> None:
        self.transport = MemoryTransport()

    def befall(self, trouble: Trouble | None) -> None:
        if trouble is None:
            return
        if trouble in (Trouble.BUSY, Trouble.AWAY):
            self.transport.plan(MessageNotSentError(trouble))
        elif trouble is Trouble.LOST_ANSWER:
            self.transport.plan(MessageOutcomeUnknownError(trouble))
        else:
            is_bad = trouble is Trouble.BAD_ADDRESS
            self.transport.plan(MessageRefusedError(trouble, address_is_bad=is_bad))

    def arrived(self) -> list[str]:
        return [message.text for message in self.transport.sent]


MISFORTUNES = {
    Trouble.BUSY: Misfortune.BUSY,
    Trouble.BAD_ADDRESS: Misfortune.NO_SUCH_ADDRESS,
    Trouble.REFUSED: Misfortune.FULL_OF_SPAM,
    Trouble.LOST_ANSWER: Misfortune.LOST_ANSWER,
    Trouble.AWAY: Misfortune.NO_GREETING,
}


class SmtpWorld:
    channel = Channel.EMAIL

    def __init__(self, smtp: LocalSmtp) -> None:
        self._smtp = smtp
        server = MailServer.parse(f"smtp://127.0.0.1:{smtp.port}")
        self.transport = SmtpTransport(server, SENDER, clock=SettableClock(NOW))

    def befall(self, trouble: Trouble | None) -> None:
        self._smtp.next = None if trouble is None else MISFORTUNES[trouble]

    def arrived(self) -> list[str]:
        plain = [mail.get_body(("plain",)) for mail in self._smtp.taken]
        return [part.get_content().rstrip() for part in plain if part is not None]


REFUSALS = {
    Trouble.BUSY: (429, 20429),
    Trouble.BAD_ADDRESS: (400, 21610),
    Trouble.REFUSED: (400, 21408),
}


class SmsWorld:
    channel = Channel.SMS

    def __init__(self, twilio: LocalTwilio, client: httpx.AsyncClient) -> None:
        self._twilio, self._client = twilio, client
        self.transport = self._transport(twilio.base)

    def _transport(self, base: str) -> TwilioTransport:
        account = SmsAccount.parse(f"twilio://{KEY}:s@{ACCOUNT}/?from=+12125550100&base={base}")
        return TwilioTransport(account, self._client, public_url="http://localhost:8000")

    def befall(self, trouble: Trouble | None) -> None:
        self._twilio.refusal = REFUSALS.get(trouble) if trouble else None
        self._twilio.is_mute = trouble is Trouble.LOST_ANSWER
        if trouble is Trouble.AWAY:
            self.transport = self._transport(f"http://127.0.0.1:{_closed_port()}")

    def arrived(self) -> list[str]:
        return [form["Body"] for form in self._twilio.taken]


def _closed_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port: int = taken.getsockname()[1]
        return port


@asynccontextmanager
async def transport_world(name: str) -> AsyncIterator[TransportWorld]:
    """Yield the world of this name: memory, smtp or sms."""
    if name == "memory":
        yield MemoryWorld()
    elif name == "smtp":
        async with local_smtp() as smtp:
            yield SmtpWorld(smtp)
    else:
        async with local_twilio() as twilio, httpx.AsyncClient(trust_env=False) as client:
            yield SmsWorld(twilio, client)
