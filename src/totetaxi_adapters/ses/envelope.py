"""What SNS sends: a notice or the question whether we want any, and a signature of either."""

import json
from enum import StrEnum
from typing import Final

import attrs

from totetaxi_core.notifications.delivery_news import NewsSignatureError


class EnvelopeType(StrEnum):
    NOTIFICATION = "Notification"
    SUBSCRIPTION = "SubscriptionConfirmation"
    UNSUBSCRIPTION = "UnsubscribeConfirmation"


# What is signed of each, in this order; the subject only where there is one.
OF_NOTICE: Final = ("Message", "MessageId", "Subject", "Timestamp", "TopicArn", "Type")
OF_QUESTION: Final = (
    "Message",
    "MessageId",
    "SubscribeURL",
    "Timestamp",
    "Token",
    "TopicArn",
    "Type",
)


@attrs.frozen(kw_only=True)
class Envelope:
    """`signed` is the text that `signature` (base64) is of; `subscribe_url` "" but in questions."""

    type: EnvelopeType
    topic_arn: str
    message_id: str
    message: str
    subscribe_url: str
    signed: bytes
    signature: str
    signature_version: str
    certificate_url: str


def envelope_of(body: bytes) -> Envelope:
    """Read the body of a call, whatever type it says it has: SNS says text/plain.

    Raises:
        NewsSignatureError: it is nothing that SNS sends.
    """
    told = _told(body)
    try:
        kind = EnvelopeType(told["Type"])
        return Envelope(
            type=kind,
            topic_arn=told["TopicArn"],
            message_id=told["MessageId"],
            message=told["Message"],
            subscribe_url=told.get("SubscribeURL", ""),
            signed=_signed(kind, told).encode("utf-8", "replace"),
            signature=told["Signature"],
            signature_version=told["SignatureVersion"],
            certificate_url=told["SigningCertURL"],
        )
    except (KeyError, ValueError) as error:
        raise NewsSignatureError("that is nothing that SNS sends") from error


def _told(body: bytes) -> dict[str, str]:
    """Return the fields that are text: all that SNS ever signs."""
    try:
        told = json.loads(body)
    except (ValueError, RecursionError):
        told = None
    fields = told.items() if isinstance(told, dict) else ()
    return {name: fact for name, fact in fields if isinstance(fact, str)}


def _signed(kind: EnvelopeType, told: dict[str, str]) -> str:
    names = OF_NOTICE if kind is EnvelopeType.NOTIFICATION else OF_QUESTION
    return "".join(f"{name}\n{told[name]}\n" for name in names if name != "Subject" or name in told)
