"""What SES's notices say became of a mail: only what is sure counts."""

import json
from uuid import UUID

import pytest

from tests.adapters.ses.amazon import bounce, complaint
from totetaxi_adapters.ses.news import news_of
from totetaxi_core.notifications.delivery_news import DeliveryNews, Fate

ADA = "Ada@Example.com"
OURS = "5b0f7a52-6a1c-4f3e-9d27-8c1e4b6a9f03"


def read(told: object) -> DeliveryNews | None:
    return news_of(json.dumps(told))


def mail_of(kind: str, **more: object) -> dict[str, object]:
    headers = [{"name": "From", "value": "a"}, {"name": "x-totetaxi-message", "value": f" {OURS}"}]
    return {"eventType": kind, "mail": {"messageId": "0100-1", "headers": headers}, **more}


def test_given_a_permanent_bounce_when_read_then_the_address_is_bad_and_the_reason_one_line() -> (
    None
):
    news = read(bounce(ADA, "bob@example.com"))

    assert news is not None
    assert (news.fate, news.provider_id, news.message_id) == (Fate.FAILED, "0100-1", None)
    assert news.reason == "SES: bounced, General smtp; 550 5.1.1 <Ada@Example.com>"
    assert news.addresses == {"ada@example.com", "bob@example.com"}
    assert news.condemns(ADA)
    assert not news.condemns("eve@example.com")


def test_given_one_address_of_another_name_when_read_then_it_is_the_addressee_s() -> None:
    news = read(bounce("ada@mailbox.example.net"))

    assert news is not None
    assert news.condemns(ADA)


@pytest.mark.parametrize("kind", ["Transient", "Undetermined", ""])
def test_given_a_bounce_that_is_not_sure_when_read_then_nothing_follows(kind: str) -> None:
    assert read(bounce(ADA, kind=kind)) is None


def test_given_complaints_when_read_then_one_taken_back_is_none() -> None:
    news = read(complaint(ADA, complaintFeedbackType="abuse"))

    assert news is not None
    assert (news.fate, news.condemns(ADA)) == (Fate.FAILED, True)
    assert news.reason == "SES: its reader complained of it abuse"
    assert read(complaint(ADA, complaintFeedbackType="not-spam")) is None


@pytest.mark.parametrize(
    ("kind", "fate"),
    [("Send", Fate.LEFT), ("Delivery", Fate.ARRIVED), ("Reject", Fate.FAILED)],
)
def test_given_a_mail_on_its_way_when_read_then_our_own_id_is_known_by_its_header(
    kind: str, fate: Fate
) -> None:
    news = read(mail_of(kind))

    assert news is not None
    assert (news.fate, news.message_id) == (fate, UUID(OURS))
    assert not news.condemns(ADA)


@pytest.mark.parametrize(
    "text",
    [
        "Successfully validated SNS topic for Amazon SES event publishing.",
        '{"notificationType":"AmazonSnsSubscriptionSucceeded","message":"You have"}',
        json.dumps(mail_of("DeliveryDelay")),
        json.dumps(mail_of("Bounce")),
        json.dumps(mail_of("Complaint")),
        '{"eventType":"Bounce","mail":{"messageId":""},"bounce":{"bounceType":"Permanent"}}',
        '{"eventType":"Send","mail":7}',
        '{"eventType":["Send"],"mail":{"messageId":"1","headers":null}}',
        "[]",
        "null",
        '"Send"',
        "[" * 100_000,
    ],
)
def test_given_what_is_no_news_when_read_then_nothing_follows(text: str) -> None:
    assert news_of(text) is None
