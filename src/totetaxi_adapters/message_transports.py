"""By what this process sends messages and hears of them: what the settings name, or nothing."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from email.utils import formataddr, parseaddr
from typing import TYPE_CHECKING, Final
from zoneinfo import ZoneInfo

import attrs
import httpx

from totetaxi_adapters.mail.mail_server import MailServer
from totetaxi_adapters.mail.sender import Sender
from totetaxi_adapters.origin import tell_origin
from totetaxi_adapters.ses.topic import Topic
from totetaxi_adapters.settings import Settings
from totetaxi_adapters.sms.sms_account import SmsAccount
from totetaxi_adapters.sms.status import TwilioStatusReader
from totetaxi_adapters.sms.transport import TwilioTransport
from totetaxi_core.clock import Clock
from totetaxi_core.notifications.transport import MessageTransport

if TYPE_CHECKING:
    from totetaxi_adapters.ses.notices import SesNotices

# httpx slows down beyond; a worker's queue of messages has fewer slots.
CONNECTIONS: Final = httpx.Limits(max_connections=8)


@attrs.frozen(kw_only=True)
class MessageTransports:
    """None where messages of that channel stay in the database."""

    mail: MessageTransport | None
    texts: MessageTransport | None


@asynccontextmanager
async def message_transports(
    settings: Settings, *, clock: Clock, zone: ZoneInfo
) -> AsyncIterator[MessageTransports]:
    """Yield the transports that the settings name; their connections end with it."""
    mail = _mail(settings, clock=clock, zone=zone)
    account = sms_account(settings)
    hooks = {"request": [tell_origin]}
    async with httpx.AsyncClient(limits=CONNECTIONS, trust_env=False, event_hooks=hooks) as client:
        texts = None
        if account is not None:
            texts = TwilioTransport(account, client, public_url=_public_url(settings))
        yield MessageTransports(mail=mail, texts=texts)


def _mail(settings: Settings, *, clock: Clock, zone: ZoneInfo) -> MessageTransport | None:
    if settings.email_url is None:
        return None
    # What writes mails takes long to import, and most processes write none.
    from totetaxi_adapters.mail.transport import SmtpTransport  # noqa: PLC0415  see above

    server = MailServer.parse(settings.email_url.reveal())
    return SmtpTransport(server, sender_of(settings, zone), clock=clock)


def sender_of(settings: Settings, zone: ZoneInfo) -> Sender:
    """Return from whom our mails are: a bare DEFAULT_FROM_EMAIL gets the company's name."""
    name, address = parseaddr(settings.default_from_email)
    return Sender(
        from_address=formataddr((name or settings.company_name, address)),
        reply_to=settings.staff_email,
        zone=zone,
    )


def sms_account(settings: Settings) -> SmsAccount | None:
    url = settings.sms_url
    return None if url is None else SmsAccount.parse(url.reveal())


def sms_statuses(settings: Settings) -> TwilioStatusReader | None:
    """Return the reader of Twilio's callbacks; None where none could be believed."""
    account = sms_account(settings)
    if account is None or account.auth_token is None:
        return None
    return TwilioStatusReader(account.auth_token.reveal(), public_url=_public_url(settings))


def ses_notices(settings: Settings, *, clock: Clock) -> "SesNotices | None":
    """Return the reader of what SES tells; None where no topic is named."""
    if settings.ses_topic_arn is None:
        return None
    # Certificates take long to import, and most services read none.
    from totetaxi_adapters.ses.notices import SesNotices  # noqa: PLC0415  see above

    return SesNotices(Topic.parse(settings.ses_topic_arn), clock=clock)


def _public_url(settings: Settings) -> str:
    return settings.public_base_url.rstrip("/")
