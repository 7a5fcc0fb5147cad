"""An Amazon of our own: it signs what it sends, and keeps its certificate at its own address."""

import json
from base64 import b64encode
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.hashes import SHA1, SHA256
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID

from tests.builders import NOW
from totetaxi_adapters.memory.clock import SettableClock
from totetaxi_adapters.ses.notices import SesNotices
from totetaxi_adapters.ses.topic import Topic
from totetaxi_core.notifications.delivery_news import NewsUnverifiedError

ARN: Final = "arn:aws:sns:us-east-1:123456789012:ses-notices"
HOST: Final = "https://sns.us-east-1.amazonaws.com"
CERTIFICATE_URL: Final = f"{HOST}/SimpleNotificationService-f3ecfb7224c7233fe7bb5f59f96de52f.pem"
CONFIRM_URL: Final = f"{HOST}/?Action=ConfirmSubscription&TopicArn={ARN}&Token=2336412f37"
# Written out here, not taken from what is tested.
SIGNED: Final = {
    "Notification": ("Message", "MessageId", "Subject", "Timestamp", "TopicArn", "Type"),
    "SubscriptionConfirmation": (
        "Message",
        "MessageId",
        "SubscribeURL",
        "Timestamp",
        "Token",
        "TopicArn",
        "Type",
    ),
}
KEY: Final = rsa.generate_private_key(public_exponent=65_537, key_size=2_048)
ANOTHER_KEY: Final = rsa.generate_private_key(public_exponent=65_537, key_size=2_048)


def certificate(*, until: datetime = NOW + timedelta(days=365)) -> bytes:
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "sns.amazonaws.com")])
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(KEY.public_key())
        .serial_number(1)
        .not_valid_before(NOW - timedelta(days=365))
        .not_valid_after(until)
        .sign(KEY, SHA256())
    )
    return made.public_bytes(Encoding.PEM)


@dataclass(kw_only=True)
class Amazon:
    """Answers at its two addresses, and remembers who was asked for."""

    kept: bytes = field(default_factory=certificate)
    is_away: bool = False
    asked: list[str] = field(default_factory=list)
    clock: SettableClock = field(default_factory=lambda: SettableClock(NOW))

    async def get(self, url: str) -> bytes:
        self.asked.append(url)
        if self.is_away:
            raise NewsUnverifiedError("SNS did not answer")
        return self.kept if url.endswith(".pem") else b"<ConfirmSubscriptionResponse/>"

    def reader(self) -> SesNotices:
        return SesNotices(Topic.parse(ARN), clock=self.clock, get=self.get)


def signed(
    envelope: dict[str, str], *, version: str = "2", key: rsa.RSAPrivateKey = KEY
) -> dict[str, str]:
    names = SIGNED[envelope["Type"]]
    text = "".join(f"{name}\n{envelope[name]}\n" for name in names if name in envelope)
    algorithm = SHA1() if version == "1" else SHA256()  # noqa: S303  as SNS does
    signature = key.sign(text.encode(), PKCS1v15(), algorithm)
    return {
        **envelope,
        "SignatureVersion": version,
        "Signature": b64encode(signature).decode(),
        "SigningCertURL": CERTIFICATE_URL,
        "UnsubscribeURL": f"{HOST}/?Action=Unsubscribe",
    }


def notice(message: object, **otherwise: str) -> dict[str, str]:
    """Return an envelope around a notice, to be signed."""
    return {
        "Type": "Notification",
        "MessageId": "22b80b92-fdea-4c2c-8f9d-bdfb0c7bf324",
        "TopicArn": ARN,
        "Message": message if isinstance(message, str) else json.dumps(message),
        "Timestamp": "2026-11-25T15:05:01.000Z",
        **otherwise,
    }


def question(**otherwise: str) -> dict[str, str]:
    """Return the question whether we want what the topic has, to be signed."""
    asked = {"Type": "SubscriptionConfirmation", "Token": "2336412f37", "SubscribeURL": CONFIRM_URL}
    return notice("You have chosen to subscribe", **asked | otherwise)


def as_body(envelope: dict[str, str]) -> bytes:
    return json.dumps(envelope).encode()


def bounce(
    *addresses: str, ses_id: str = "0100-1", kind: str = "Permanent", **more: object
) -> dict[str, object]:
    """Return what SES tells of a mail that bounced, as an event."""
    recipients = [
        {"emailAddress": each, "status": "5.1.1", "diagnosticCode": f"smtp; 550 5.1.1 <{each}>\n"}
        for each in addresses
    ]
    told = {"bounceType": kind, "bounceSubType": "General", "bouncedRecipients": recipients}
    mail = {"messageId": ses_id, "destination": list(addresses), "source": "noreply@totetaxi.com"}
    return {"eventType": "Bounce", "bounce": told, "mail": mail, **more}


def complaint(address: str, *, ses_id: str = "0100-1", **more: object) -> dict[str, object]:
    """Return what SES tells of a complaint, as an identity is told."""
    told = {"complainedRecipients": [{"emailAddress": address}], "feedbackId": "1", **more}
    return {"notificationType": "Complaint", "complaint": told, "mail": {"messageId": ses_id}}
