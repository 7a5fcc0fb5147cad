"""A real mail server on this machine, that answers as it is told."""

import asyncio
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage
from enum import StrEnum

from aiosmtpd.smtp import SMTP, Envelope, Session


class Misfortune(StrEnum):
    """What befalls the next mail."""

    NO_SUCH_ADDRESS = "550 5.1.1 <ada@example.com>: no such user"
    BLOCKED = "554 5.7.1 we do not like you"
    BUSY = "451 4.3.0 come back later"
    FULL_OF_SPAM = "554 5.6.0 content refused"
    TOO_FAST = "454 throttling failure"
    NO_GREETING = "closes as somebody connects"
    LOST_ANSWER = "takes the mail and says nothing"
    SILENCE = "takes the mail and keeps us waiting"


AT_ADDRESS = {Misfortune.NO_SUCH_ADDRESS, Misfortune.BLOCKED, Misfortune.BUSY}
AT_CONTENT = {Misfortune.FULL_OF_SPAM, Misfortune.TOO_FAST}


class LocalSmtp:
    """Keeps the mails it took, as they came."""

    def __init__(self) -> None:
        self.taken: list[EmailMessage] = []
        self.logins: list[bytes] = []
        self.next: Misfortune | None = None
        self.port = 0
        self.is_silent = asyncio.Event()

    async def handle_RCPT(  # noqa: N802  aiosmtpd's own name
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        del server, session, options
        if self.next in AT_ADDRESS:
            return str(self.next)
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope
    ) -> str:
        del session
        if self.next in AT_CONTENT:
            return str(self.next)
        content = envelope.original_content or b""
        mail = message_from_bytes(content, policy=policy.default)
        assert isinstance(mail, EmailMessage)
        mail["X-Envelope-To"] = ",".join(envelope.rcpt_tos)
        self.taken.append(mail)
        if self.next is Misfortune.LOST_ANSWER and server.transport is not None:
            server.transport.abort()  # type: ignore[attr-defined]
        if self.next is Misfortune.SILENCE:
            self.is_silent.set()
            await asyncio.Event().wait()
        return f"250 Ok 0100-{len(self.taken)}"


@asynccontextmanager
async def local_smtp(*, tls: ssl.SSLContext | None = None) -> AsyncIterator[LocalSmtp]:
    """Serve on a free port of this machine; STARTTLS is offered where there is a certificate."""
    served = LocalSmtp()

    def answer() -> asyncio.Protocol:
        server = SMTP(served, hostname="localhost", tls_context=tls, enable_SMTPUTF8=False)
        if served.next is Misfortune.NO_GREETING:
            return _Closing()
        return server

    listener = await asyncio.get_running_loop().create_server(answer, "127.0.0.1", 0)
    served.port = listener.sockets[0].getsockname()[1]
    try:
        yield served
    finally:
        listener.close()
        await listener.wait_closed()


class _Closing(asyncio.Protocol):
    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        transport.close()
