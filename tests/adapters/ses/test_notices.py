"""Only what Amazon signed of our own topic is believed, and only Amazon is ever called."""

from collections.abc import AsyncIterator
from datetime import timedelta

import httpx
import pytest

from tests.adapters.ses.amazon import (
    ANOTHER_KEY,
    ARN,
    CERTIFICATE_URL,
    CONFIRM_URL,
    HOST,
    Amazon,
    as_body,
    bounce,
    certificate,
    notice,
    question,
    signed,
)
from tests.builders import NOW
from totetaxi_adapters.ses.certificates import MAX_BYTES, fetch
from totetaxi_adapters.ses.topic import Topic
from totetaxi_core.notifications.delivery_news import NewsSignatureError, NewsUnverifiedError


async def streamed(content: bytes) -> AsyncIterator[bytes]:
    yield content


BOUNCE = notice(bounce("ada@example.com"), Subject="Amazon SES Email Event Notification")


@pytest.mark.parametrize("version", ["1", "2"])
@pytest.mark.parametrize("envelope", [BOUNCE, notice(bounce("ada@example.com"))])
async def test_given_a_signed_notice_when_read_twice_then_its_certificate_is_fetched_once(
    version: str, envelope: dict[str, str]
) -> None:
    amazon = Amazon()
    reader = amazon.reader()
    body = as_body(signed(envelope, version=version))

    news = [await reader.read(body) for _ in range(2)]

    assert [one and one.provider_id for one in news] == ["0100-1", "0100-1"]
    assert amazon.asked == [CERTIFICATE_URL]


@pytest.mark.parametrize(
    "changes",
    [
        {"Message": "{}"},
        {"Subject": "Another"},
        {"Timestamp": "2026-11-26T15:05:01.000Z"},
        {"Signature": "bm90IHNpZ25lZA=="},
        {"Signature": "not base64!"},
        {"SignatureVersion": "1"},
    ],
)
async def test_given_a_notice_that_was_changed_when_read_then_it_is_refused(
    changes: dict[str, str],
) -> None:
    reader = Amazon().reader()

    with pytest.raises(NewsSignatureError):
        await reader.read(as_body(signed(BOUNCE) | changes))


@pytest.mark.parametrize(
    "changes",
    [
        {"SignatureVersion": "3"},
        {"TopicArn": ARN.replace("notices", "others")},
        {"SigningCertURL": CERTIFICATE_URL.replace("https", "http")},
        {"SigningCertURL": CERTIFICATE_URL.replace("us-east-1", "eu-west-1")},
        {"SigningCertURL": CERTIFICATE_URL.replace(".com/", ".com.example.net/")},
        {"SigningCertURL": CERTIFICATE_URL.replace(".com/", ".com:8443/")},
        {"SigningCertURL": CERTIFICATE_URL.replace(".com/", ".com@127.0.0.1/")},
        {"SigningCertURL": CERTIFICATE_URL.replace("https://", "https://evil@")},
        {"SigningCertURL": f"{HOST}/?Action=GetTopicAttributes&x=.pem"},
        {"SigningCertURL": f"{CERTIFICATE_URL}?x=.pem"},
        {"SigningCertURL": "https://127.0.0.1/SimpleNotificationService-0.pem"},
        {"SigningCertURL": ""},
    ],
)
async def test_given_another_host_or_topic_when_read_then_it_is_refused_and_nobody_is_called(
    changes: dict[str, str],
) -> None:
    amazon = Amazon()

    with pytest.raises(NewsSignatureError):
        await amazon.reader().read(as_body(signed(BOUNCE) | changes))

    assert amazon.asked == []


@pytest.mark.parametrize(
    "body", [b"", b"[]", b"{}", b"\xff", b"[" * 100_000, b'{"Type":"Notification","Message":7}']
)
async def test_given_something_else_when_read_then_it_is_refused(body: bytes) -> None:
    with pytest.raises(NewsSignatureError):
        await Amazon().reader().read(body)


async def test_given_a_stranger_s_key_or_certificate_when_read_then_it_is_refused() -> None:
    expired = Amazon(kept=certificate(until=NOW - timedelta(days=1)))
    nonsense = Amazon(kept=b"<html>")

    with pytest.raises(NewsSignatureError):
        await Amazon().reader().read(as_body(signed(BOUNCE, key=ANOTHER_KEY)))
    with pytest.raises(NewsSignatureError):
        await expired.reader().read(as_body(signed(BOUNCE)))
    with pytest.raises(NewsSignatureError):
        await nonsense.reader().read(as_body(signed(BOUNCE)))


async def test_given_amazon_away_when_read_then_it_may_be_told_again_later() -> None:
    amazon = Amazon(is_away=True)
    reader, body = amazon.reader(), as_body(signed(BOUNCE))

    with pytest.raises(NewsUnverifiedError):
        await reader.read(body)
    amazon.is_away = False

    assert await reader.read(body) is not None


async def test_given_ever_new_certificates_when_asked_for_then_amazon_is_called_with_measure() -> (
    None
):
    amazon = Amazon(is_away=True)
    reader = amazon.reader()

    for number in range(20):
        url = f"{HOST}/SimpleNotificationService-{number}.pem"
        with pytest.raises(NewsUnverifiedError):
            await reader.read(as_body(signed(BOUNCE) | {"SigningCertURL": url}))
    amazon.is_away = False
    amazon.clock.advance(timedelta(minutes=1))

    assert len(amazon.asked) == 10
    assert await reader.read(as_body(signed(BOUNCE))) is not None


async def test_given_the_topic_s_question_when_read_then_it_is_answered_at_amazon() -> None:
    amazon = Amazon()

    assert await amazon.reader().read(as_body(signed(question()))) is None

    assert amazon.asked == [CERTIFICATE_URL, CONFIRM_URL]


@pytest.mark.parametrize(
    "url",
    [
        CONFIRM_URL.replace("https", "http"),
        CONFIRM_URL.replace(".com/", ".com.example.net/"),
        CONFIRM_URL.replace(".com/", ".com:22/"),
        CONFIRM_URL.replace("https://", "https://a@"),
        CONFIRM_URL.replace("ConfirmSubscription", "DeleteTopic"),
        CONFIRM_URL.replace("ses-notices", "others"),
        "http://169.254.169.254/latest/meta-data",
        "https://[",
        "",
    ],
)
async def test_given_another_address_to_confirm_at_when_read_then_it_is_not_visited(
    url: str,
) -> None:
    amazon = Amazon()

    with pytest.raises(NewsSignatureError):
        await amazon.reader().read(as_body(signed(question(SubscribeURL=url))))

    assert amazon.asked == [CERTIFICATE_URL]


@pytest.mark.parametrize(
    "arn", ["", "ses-notices", ARN.replace("us-east-1", "evil.com/"), f"{ARN}\n", f"{ARN}.fifo"]
)
def test_given_no_topic_s_name_when_read_then_it_is_refused(arn: str) -> None:
    with pytest.raises(ValueError, match="must be like"):
        Topic.parse(arn)


@pytest.mark.parametrize(
    "answer",
    [
        httpx.Response(302, headers={"location": "http://169.254.169.254/"}),
        httpx.Response(404),
        httpx.Response(200, content=streamed(b"x" * (MAX_BYTES + 1))),
        httpx.ConnectError("nobody"),
    ],
)
async def test_given_an_answer_that_is_no_certificate_when_fetched_then_it_is_left(
    answer: httpx.Response | Exception,
) -> None:
    called: list[str] = []

    def answered(request: httpx.Request) -> httpx.Response:
        called.append(str(request.url))
        if isinstance(answer, Exception):
            raise answer
        return answer

    with pytest.raises(NewsUnverifiedError):
        await fetch(CERTIFICATE_URL, transport=httpx.MockTransport(answered))

    assert called == [CERTIFICATE_URL]


async def test_given_a_certificate_when_fetched_then_it_comes_whole() -> None:
    transport = httpx.MockTransport(lambda _: httpx.Response(200, content=streamed(certificate())))

    assert b"BEGIN CERTIFICATE" in await fetch(CERTIFICATE_URL, transport=transport)
