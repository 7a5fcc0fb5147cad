"""Text messages by Twilio: what is asked, which callbacks are believed."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from uuid import UUID

import httpx
import pytest

from tests.adapters.sms.local_twilio import local_twilio
from tests.builders import a_message
from tests.contracts.transport_worlds import ACCOUNT, KEY
from totetaxi_adapters.sms.sms_account import SmsAccount
from totetaxi_adapters.sms.status import TwilioStatusReader, signature_of
from totetaxi_adapters.sms.transport import TwilioTransport, status_url
from totetaxi_core.notifications.delivery_news import Fate, NewsSignatureError
from totetaxi_core.notifications.message import Channel, Message
from totetaxi_core.notifications.transport import (
    MessageNotSentError,
    MessageOutcomeUnknownError,
    MessageRefusedError,
)

TOKEN = "12345"
PUBLIC = "https://api.totetaxi.com"
MESSAGE_ID = UUID("5b0f7a52-6a1c-4f3e-9d27-8c1e4b6a9f03")
BODY = b"MessageSid=SM9&MessageStatus=undelivered&To=%2B12125550142&ErrorCode=30006&Empty="


def a_text() -> Message:
    text = replace(a_message(to="+12125550142"), channel=Channel.SMS, subject="")
    return replace(text, text="ToteTaxi: your driver is on the way & near.")


def signed(body: bytes, *, base: str = PUBLIC, token: str = TOKEN) -> str:
    form = list(httpx.QueryParams(body.decode()).multi_items())
    return signature_of(status_url(base, MESSAGE_ID), form, auth_token=token).decode()


async def test_given_an_api_key_when_a_text_is_sent_then_twilio_is_asked_as_it_wants() -> None:
    async with local_twilio() as twilio, httpx.AsyncClient(trust_env=False) as client:
        url = f"twilio://{KEY}:hush@{ACCOUNT}/?from=+12125550100&base={twilio.base}&auth_token=t"
        transport = TwilioTransport(SmsAccount.parse(url), client, public_url=PUBLIC)
        text = a_text()

        sid = await transport.send(text)

        [call] = twilio.calls
    assert sid == f"SM{1:032x}"
    assert call.path == f"/2010-04-01/Accounts/{ACCOUNT}/Messages.json"
    assert call.login == f"{KEY}:hush"
    assert call.form == {
        "To": "+12125550142",
        "From": "+12125550100",
        "Body": "ToteTaxi: your driver is on the way & near.",
        "ValidityPeriod": "14400",
        "StatusCallback": f"{PUBLIC}/api/messages/sms-status/{text.id}",
    }


@pytest.mark.parametrize(
    ("status", "code", "kind", "is_bad"),
    [
        (401, 20003, MessageNotSentError, None),
        (400, 21611, MessageNotSentError, None),
        (400, 21606, MessageNotSentError, None),
        (400, 21211, MessageRefusedError, True),
        (400, 21614, MessageRefusedError, True),
        (400, 21617, MessageRefusedError, False),
    ],
)
async def test_given_a_refusal_by_code_when_sent_then_it_means_what_twilio_says(
    status: int, code: int, kind: type[Exception], is_bad: object
) -> None:
    async with local_twilio() as twilio, httpx.AsyncClient(trust_env=False) as client:
        url = f"twilio://{ACCOUNT}:{TOKEN}@{ACCOUNT}/?from=MG{'2' * 32}&base={twilio.base}"
        twilio.refusal = (status, code)

        with pytest.raises(kind, match=str(code)) as refused:
            await TwilioTransport(SmsAccount.parse(url), client, public_url=PUBLIC).send(a_text())

        assert twilio.calls[0].form["MessagingServiceSid"] == f"MG{'2' * 32}"
    assert getattr(refused.value, "address_is_bad", None) is is_bad


async def test_given_an_answer_that_trickles_in_when_sent_then_it_is_not_awaited_for_ever(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async def trickling() -> AsyncIterator[bytes]:
        while True:
            yield b" "
            await asyncio.sleep(0)

    def answer(_request: httpx.Request) -> httpx.Response:
        return httpx.Response(201, content=trickling())

    monkeypatch.setattr("totetaxi_adapters.sms.transport.MOST_S", 0.05)
    account = SmsAccount.parse(f"twilio://{ACCOUNT}:{TOKEN}@{ACCOUNT}/?from=+12125550100")
    async with httpx.AsyncClient(transport=httpx.MockTransport(answer)) as client:
        transport = TwilioTransport(account, client, public_url=PUBLIC)

        with pytest.raises(MessageOutcomeUnknownError, match="lost: TimeoutError"):
            await transport.send(a_text())


async def test_given_a_refusal_with_odd_signs_when_sent_then_it_is_told_in_one_line() -> None:
    refusal = {"code": 21211, "message": "no\nsuch\0\x1b[31mnumber"}

    def answer(_request: httpx.Request) -> httpx.Response:
        return httpx.Response(400, json=refusal)

    account = SmsAccount.parse(f"twilio://{ACCOUNT}:{TOKEN}@{ACCOUNT}/?from=+12125550100")
    async with httpx.AsyncClient(transport=httpx.MockTransport(answer)) as client:
        transport = TwilioTransport(account, client, public_url=PUBLIC)

        with pytest.raises(MessageRefusedError) as refused:
            await transport.send(a_text())

    assert str(refused.value) == "400, code 21211: no such [31mnumber"


def test_given_twilios_published_example_when_signed_then_it_is_its_signature() -> None:
    form = [
        ("CallSid", "CA1234567890ABCDE"),
        ("Caller", "+14158675309"),
        ("Digits", "1234"),
        ("From", "+14158675309"),
        ("To", "+18005551212"),
    ]

    signature = signature_of("https://mycompany.com/myapp.php?foo=1&bar=2", form, auth_token=TOKEN)

    assert signature == b"RSOYDt4T1cUTdK1PDd93/VVr8B8="


@pytest.mark.parametrize("base", [PUBLIC, f"{PUBLIC}:443"])
def test_given_a_signed_callback_when_read_then_it_tells_what_became_of_the_message(
    base: str,
) -> None:
    reader = TwilioStatusReader(TOKEN, public_url=PUBLIC)

    news = reader.read(BODY, MESSAGE_ID, signed(BODY, base=base))

    assert news is not None
    assert (news.message_id, news.provider_id, news.fate) == (MESSAGE_ID, "SM9", Fate.FAILED)
    assert news.reason == "Twilio: undelivered, code 30006"
    assert news.address_is_bad


@pytest.mark.parametrize(
    "signature",
    ["", "é", signed(BODY, token="another"), signed(BODY + b"&x=1"), signed(BODY, base="http://x")],
)
def test_given_a_callback_that_is_not_theirs_when_read_then_it_is_refused(signature: str) -> None:
    reader = TwilioStatusReader(TOKEN, public_url=PUBLIC)

    with pytest.raises(NewsSignatureError) as refused:
        reader.read(BODY, MESSAGE_ID, signature)

    assert refused.value.code == "invalid_signature"


def test_given_a_callback_of_no_matter_when_read_then_it_is_no_news() -> None:
    reader = TwilioStatusReader(TOKEN, public_url=PUBLIC)
    body = b"MessageSid=SM9&MessageStatus=queued&New=field"

    assert reader.read(body, MESSAGE_ID, signed(body)) is None


@pytest.mark.parametrize(
    "url",
    [
        f"twilio://{KEY}:hush@{ACCOUNT}",
        f"twilio://{KEY}:hush@{ACCOUNT}/?from=12125550100",
        f"twilio://{KEY}@{ACCOUNT}/?from=+12125550100",
        f"twilio://hush:x@{ACCOUNT}/?from=+12125550100",
        f"twilio://{KEY}:hush@{ACCOUNT}/?from=+12125550100&base=http://example.com",
        f"twilio://{KEY}:hush@{ACCOUNT}/?from=+12125550100&form=x",
        f"https://{KEY}:hush@{ACCOUNT}/?from=+12125550100",
    ],
)
def test_given_a_bad_sms_url_when_read_then_the_fault_shows_nothing_secret(url: str) -> None:
    with pytest.raises(ValueError, match=r"^must ") as fault:
        SmsAccount.parse(url)

    assert "hush" not in str(fault.value)


def test_given_the_accounts_own_token_when_read_then_callbacks_are_known_by_it() -> None:
    own = SmsAccount.parse(f"twilio://{ACCOUNT}:{TOKEN}@{ACCOUNT}?from=%2B12125550100")
    by_key = SmsAccount.parse(f"twilio://{KEY}:x@{ACCOUNT}?from=%2B12125550100")

    assert own.auth_token is not None
    assert (own.auth_token.reveal(), own.sender) == (TOKEN, "+12125550100")
    assert by_key.auth_token is None
