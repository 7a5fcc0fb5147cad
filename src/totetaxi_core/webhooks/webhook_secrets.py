"""The secrets of subscriptions, and the signatures they make.

Source: https://www.standardwebhooks.com, "Webhook signatures".
"""

import hmac
from base64 import b64encode
from datetime import datetime
from hashlib import sha256
from typing import Final
from uuid import UUID

from totetaxi_core.webhooks.subscription import Subscription
from totetaxi_core.webhooks.webhook_event import WebhookEvent

PURPOSE: Final = "webhook-secret"
PREFIX: Final = "whsec_"


class WebhookSecrets:
    """Derives each subscription's secret from the house's own, so that none is ever stored."""

    def __init__(self, secret: str, *, previous_secret: str | None = None) -> None:
        secrets = [secret] + ([previous_secret] if previous_secret else [])
        self._keys = [hmac.digest(text.encode(), PURPOSE.encode(), sha256) for text in secrets]

    def secret(self, subscription: Subscription) -> str:
        """Return the present secret as its subscriber keeps it: `whsec_` and base64."""
        derived = _derived(self._keys[0], subscription.id, subscription.secret_version)
        return PREFIX + b64encode(derived).decode()

    def headers(
        self, subscription: Subscription, event: WebhookEvent, *, at: datetime
    ) -> dict[str, str]:
        """Return the headers that sign the event's body; their timestamp is `at`.

        There is a signature for each secret the subscriber may still have: while theirs rotates,
        and while ours does.
        """
        name, timestamp = str(event.id), str(int(at.timestamp()))
        signed = b".".join((name.encode(), timestamp.encode(), event.body))
        secrets = [
            _derived(key, subscription.id, version)
            for version in subscription.secret_versions(at=at)
            for key in self._keys
        ]
        return {
            "webhook-id": name,
            "webhook-timestamp": timestamp,
            "webhook-signature": " ".join(_signature(secret, signed) for secret in secrets),
        }


def _derived(key: bytes, subscription_id: UUID, version: int) -> bytes:
    return hmac.digest(key, f"{subscription_id}:{version}".encode(), sha256)


def _signature(secret: bytes, signed: bytes) -> str:
    return f"v1,{b64encode(hmac.digest(secret, signed, sha256)).decode()}"
