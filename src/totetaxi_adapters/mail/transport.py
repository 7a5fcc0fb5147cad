"""Hands mails to a server by SMTP, one connection each."""

import asyncio
import logging
import ssl
from collections.abc import Callable
from dataclasses import replace
from typing import Final

import aiosmtplib
from aiosmtplib import SMTP

from totetaxi_adapters.mail.address import ascii_address
from totetaxi_adapters.mail.answers import accepted_id, refused_address, refused_content, said
from totetaxi_adapters.mail.mail_server import MailServer, Security
from totetaxi_adapters.mail.mime import mime_of
from totetaxi_adapters.mail.sender import Sender
from totetaxi_core.clock import Clock
from totetaxi_core.notifications.message import Message
from totetaxi_core.notifications.transport import (
    MessageNotSentError,
    MessageOutcomeUnknownError,
    MessageRefusedError,
)

LOGGER = logging.getLogger(__name__)
# Together less than an effect's lease.
OPENING_S: Final = 25.0
HANDING_OVER_S: Final = 45.0
CLOSING_S: Final = 2.0


class SmtpTransport:
    """Sends by one server. What fails before the mail itself is handed over was not sent."""

    def __init__(
        self,
        server: MailServer,
        sender: Sender,
        *,
        clock: Clock,
        tls: Callable[[], ssl.SSLContext] = ssl.create_default_context,
    ) -> None:
        self._server, self._sender, self._clock, self._tls = server, sender, clock, tls

    async def send(self, message: Message) -> str:
        """Deliver; the server's own id of the mail is returned.

        Raises:
            MessageNotSentError: not sent; try again later.
            MessageRefusedError: not sent; do not try again.
            MessageOutcomeUnknownError: perhaps sent.
        """
        try:
            to = ascii_address(message.to)
            written = mime_of(replace(message, to=to), self._sender, at=self._clock())
            content = written.as_bytes()
        except ValueError as error:
            raise MessageRefusedError(f"cannot be written as a mail: {error}") from error
        client = self._client()
        try:
            await self._open(client, to)
            answer = await _hand_over(client, content)
            await _take_leave(client)
        finally:
            client.close()
        return accepted_id(answer) or f"{message.id}@{self._sender.domain}"

    async def check(self) -> None:
        """Connect, log in and take leave; nothing is sent.

        Raises:
            MessageNotSentError: the server was not reached, or does not take our login.
        """
        client = self._client()
        try:
            async with asyncio.timeout(OPENING_S):
                await client.connect()
            await _take_leave(client)
        except (aiosmtplib.SMTPException, OSError, TimeoutError) as error:
            raise MessageNotSentError(said(error)) from error
        finally:
            client.close()

    def _client(self) -> SMTP:
        server = self._server
        return SMTP(
            hostname=server.host,
            port=server.port,
            username=server.username,
            password=server.password.reveal() if server.password else None,
            local_hostname=self._sender.domain,
            timeout=OPENING_S,
            use_tls=server.security is Security.TLS,
            start_tls=server.security is Security.STARTTLS,
            tls_context=None if server.security is Security.NONE else self._tls(),
        )

    async def _open(self, client: SMTP, to: str) -> None:
        """Connect, log in, and have the server take sender and addressee."""
        try:
            async with asyncio.timeout(OPENING_S):
                await client.connect()
                await client.mail(self._sender.address)
                await client.rcpt(to)
        except aiosmtplib.SMTPRecipientRefused as error:
            raise refused_address(error.code, error.message) from error
        except (aiosmtplib.SMTPException, OSError, TimeoutError) as error:
            # Whatever it says about us, our login or our sender can be put right.
            raise MessageNotSentError(said(error)) from error


async def _hand_over(client: SMTP, content: bytes) -> str:
    try:
        async with asyncio.timeout(HANDING_OVER_S):
            return (await client.data(content, timeout=HANDING_OVER_S)).message
    except aiosmtplib.SMTPDataError as error:
        raise refused_content(error.code, error.message) from error
    except (aiosmtplib.SMTPException, OSError, TimeoutError) as error:
        raise MessageOutcomeUnknownError(
            f"the answer to the mail was lost: {said(error)}"
        ) from error


async def _take_leave(client: SMTP) -> None:
    """Say goodbye; the mail is taken, whatever becomes of that."""
    try:
        await client.quit(timeout=CLOSING_S)
    except (aiosmtplib.SMTPException, OSError, TimeoutError) as error:
        LOGGER.info("a mail server did not take leave: %s", type(error).__name__)
