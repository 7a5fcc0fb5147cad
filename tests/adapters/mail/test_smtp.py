"""Mails over the wire: what they look like, and how a connection must be secured."""

import ssl
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage

import attrs
import pytest

from tests.adapters.mail.local_smtp import LocalSmtp, Misfortune, local_smtp
from tests.builders import NOW, a_message
from tests.contracts.transport_worlds import SENDER
from totetaxi_adapters.mail.mail_server import MailServer, Security
from totetaxi_adapters.mail.transport import SmtpTransport
from totetaxi_adapters.memory.clock import SettableClock
from totetaxi_adapters.setting_values import Secret
from totetaxi_core.notifications.calendar_entry import CalendarEntry, CalendarMethod
from totetaxi_core.notifications.message import Message
from totetaxi_core.notifications.transport import MessageNotSentError, MessageRefusedError

STARTS_AT = datetime(2026, 12, 1, 14, tzinfo=UTC)
ENTRY = CalendarEntry(
    uid="TT-7K3M9QXA@totetaxi.com",
    sequence=1,
    method=CalendarMethod.PUBLISH,
    starts_at=STARTS_AT,
    ends_at=STARTS_AT + timedelta(hours=2),
    summary="ToteTaxi: mini move",
    location="1 Main Street, New York",
    description="TT-7K3M9QXA",
    stamped_at=NOW,
)


@pytest.fixture
async def smtp() -> AsyncIterator[LocalSmtp]:
    async with local_smtp() as served:
        yield served


def transport(smtp: LocalSmtp, security: Security = Security.NONE) -> SmtpTransport:
    server = MailServer(host="127.0.0.1", port=smtp.port, security=security)
    return SmtpTransport(server, SENDER, clock=SettableClock(NOW))


async def sent(smtp: LocalSmtp, message: Message) -> EmailMessage:
    await transport(smtp).send(message)
    [mail] = smtp.taken
    return mail


async def test_given_a_mail_when_sent_then_its_headers_say_from_whom_when_and_which(
    smtp: LocalSmtp,
) -> None:
    message = a_message(to="ada@example.com")

    mail = await sent(smtp, message)

    assert mail["From"] == "ToteTaxi <noreply@totetaxi.com>"
    assert (mail["To"], mail["X-Envelope-To"]) == ("ada@example.com", "ada@example.com")
    assert mail["Reply-To"] == "desk@totetaxi.com"
    assert mail["Subject"] == message.subject
    assert mail["Date"].datetime == NOW
    assert mail["Message-ID"] == f"<{message.id}@totetaxi.com>"
    assert mail["X-ToteTaxi-Message"] == str(message.id)


async def test_given_a_calendar_entry_when_sent_then_text_comes_first_then_html_then_the_entry(
    smtp: LocalSmtp,
) -> None:
    message = replace(a_message(), text="Grüße <b>Ada</b>\n\nToteTaxi\n", calendar=ENTRY)

    mail = await sent(smtp, message)

    kinds = [part.get_content_type() for part in mail.walk() if not part.is_multipart()]
    assert kinds == ["text/plain", "text/html", "text/calendar"]
    [entry] = mail.iter_attachments()
    assert entry.get_param("method") == "PUBLISH"
    assert "UID:TT-7K3M9QXA@totetaxi.com" in entry.get_content()
    html, plain = mail.get_body(("html",)), mail.get_body(("plain",))
    assert html is not None
    assert plain is not None
    assert "Grüße &lt;b&gt;Ada" in html.get_content()
    assert plain.get_content().startswith("Grüße <b>Ada</b>")


async def test_given_long_lines_and_lone_dots_when_sent_then_the_text_arrives_as_it_was(
    smtp: LocalSmtp,
) -> None:
    text = f"https://totetaxi.example/{'x' * 2_000}\n.\n..\nafter the dots"

    mail = await sent(smtp, replace(a_message(), text=text))

    plain = mail.get_body(("plain",))
    assert plain is not None
    assert plain.get_content().replace("\r\n", "\n").rstrip() == text


@pytest.mark.parametrize(
    "changes",
    [
        {"subject": "Hello\r\nBcc: mallory@example.com"},
        {"subject": "Hello\nBcc: mallory@example.com"},
        {"to": "ada@example.com, mallory@example.com"},
        {"to": "ada@example.com\r\nRCPT TO:<mallory@example.com>"},
        {"to": "adä@example.com"},
    ],
)
async def test_given_what_would_break_a_header_when_sent_then_it_is_refused_and_nothing_leaves(
    smtp: LocalSmtp, changes: dict[str, str]
) -> None:
    message = replace(a_message(), **changes)  # type: ignore[arg-type]

    with pytest.raises(MessageRefusedError, match="cannot be written"):
        await transport(smtp).send(message)

    assert smtp.taken == []


async def test_given_a_domain_beyond_ascii_when_sent_then_every_server_takes_it(
    smtp: LocalSmtp,
) -> None:
    mail = await sent(smtp, a_message(to="ada@straße.example.com"))

    assert mail["X-Envelope-To"] == "ada@xn--strae-oqa.example.com"
    assert mail["To"] == "ada@xn--strae-oqa.example.com"


async def test_given_a_server_without_starttls_when_it_is_demanded_then_nothing_is_sent(
    smtp: LocalSmtp,
) -> None:
    demanding = transport(smtp, Security.STARTTLS)

    with pytest.raises(MessageNotSentError, match="STARTTLS"):
        await demanding.send(a_message())

    assert smtp.taken == []


async def test_given_a_certificate_nobody_vouches_for_when_starttls_is_used_then_nothing_is_sent(
    self_signed: ssl.SSLContext,
) -> None:
    async with local_smtp(tls=self_signed) as smtp:
        with pytest.raises(MessageNotSentError, match=r"(?i)certificate"):
            await transport(smtp, Security.STARTTLS).send(a_message())

        assert smtp.taken == []


async def test_given_a_server_when_only_the_login_is_checked_then_nothing_is_sent(
    smtp: LocalSmtp,
) -> None:
    with_login = MailServer.parse(f"smtp://apikey:hush@127.0.0.1:{smtp.port}")

    await transport(smtp).check()
    with pytest.raises(MessageNotSentError) as refused:
        await SmtpTransport(with_login, SENDER, clock=SettableClock(NOW)).check()

    assert "hush" not in str(refused.value)
    assert smtp.taken == []


async def test_given_a_server_that_wants_no_login_when_we_log_in_then_it_waits_for_better_settings(
    smtp: LocalSmtp,
) -> None:
    server = MailServer.parse(f"smtp://apikey:hush@127.0.0.1:{smtp.port}")

    with pytest.raises(MessageNotSentError) as refused:
        await SmtpTransport(server, SENDER, clock=SettableClock(NOW)).send(a_message())

    assert "hush" not in str(refused.value)
    assert smtp.taken == []


@pytest.mark.parametrize(
    ("misfortune", "is_bad"), [(Misfortune.NO_SUCH_ADDRESS, True), (Misfortune.BLOCKED, False)]
)
async def test_given_an_answer_to_the_address_when_it_is_about_us_then_the_address_is_not_blamed(
    smtp: LocalSmtp,
    misfortune: Misfortune,
    is_bad: bool,  # noqa: FBT001  a parameter of the test
) -> None:
    smtp.next = misfortune

    with pytest.raises(MessageRefusedError) as refused:
        await transport(smtp).send(a_message())

    assert refused.value.address_is_bad is is_bad
    assert str(refused.value) == str(misfortune)


async def test_given_a_throttled_content_when_sent_then_it_is_tried_again_later(
    smtp: LocalSmtp,
) -> None:
    smtp.next = Misfortune.TOO_FAST

    with pytest.raises(MessageNotSentError, match="454 throttling"):
        await transport(smtp).send(a_message())


@pytest.mark.parametrize(
    ("url", "server"),
    [
        (
            "smtp://AKIA:p%40ss@email-smtp.us-east-1.amazonaws.com:2587",
            MailServer(
                host="email-smtp.us-east-1.amazonaws.com",
                port=2587,
                security=Security.STARTTLS,
                username="AKIA",
                password=Secret("p@ss"),
            ),
        ),
        (
            "smtps://relay.example.com",
            MailServer(host="relay.example.com", port=465, security=Security.TLS),
        ),
        (
            "smtp://localhost:1025",
            MailServer(host="localhost", port=1025, security=Security.NONE),
        ),
        (
            "smtp+insecure://relay.lan",
            MailServer(host="relay.lan", port=25, security=Security.NONE),
        ),
    ],
)
def test_given_an_email_url_when_read_then_it_names_the_server(
    url: str, server: MailServer
) -> None:
    read = MailServer.parse(url)

    assert attrs.asdict(read, recurse=False) == attrs.asdict(server, recurse=False)


@pytest.mark.parametrize(
    "url",
    [
        "mailto:ada@example.com",
        "smtp://",
        "smtp://relay.example.com:99999",
        "smtp://hush@relay.example.com",
        "smtp://a:hush@relay.example.com/path",
        "smtp://a:hush@relay.example.com?tls=no",
        "smtp+insecure://a:hush@relay.example.com",
        "smtp://[hush",
    ],
)
def test_given_a_bad_email_url_when_read_then_the_fault_shows_nothing_secret(url: str) -> None:
    with pytest.raises(ValueError, match=r"^must ") as fault:
        MailServer.parse(url)

    assert "hush" not in str(fault.value)
