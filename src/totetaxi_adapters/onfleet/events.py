"""Reads what Onfleet sends to our webhook."""

import hmac
import json
from hashlib import sha256, sha512

from totetaxi_adapters.onfleet.answer_fields import Json, part, text
from totetaxi_adapters.onfleet.webhooks import DELETED, KINDS, kind_of
from totetaxi_core.logistics.courier_gateway import (
    CourierEvent,
    CourierMisconfiguredError,
    CourierSignatureError,
)

UNREADABLE = "unreadable"


class OnfleetEventReader:
    """Verifies signatures made with the organization's secret, given in hexadecimal."""

    def __init__(self, webhook_secret: str) -> None:
        try:
            self._key = bytes.fromhex(webhook_secret)
        except ValueError as error:
            raise CourierMisconfiguredError("the webhook secret is not hexadecimal") from error
        if not self._key:
            raise CourierMisconfiguredError("an empty webhook secret would accept forged events")

    def read(self, body: bytes, signature: str) -> CourierEvent:
        """Return the event of a raw body and its signature header.

        What is signed and yet no event we know concerns us not: to refuse it would have Onfleet
        disable the webhook after some hundreds.

        Raises:
            CourierSignatureError: not Onfleet's signature.
        """
        expected = hmac.digest(self._key, body, sha512).hex()
        if not hmac.compare_digest(expected.encode(), signature.encode("utf-8", "replace")):
            raise CourierSignatureError("signature: not made with our webhook secret")
        # No id comes with it, and a repetition is the same to the byte.
        return _event(_told(body), digest=sha256(body).hexdigest())


def _told(body: bytes) -> Json:
    try:
        told = json.loads(body)
    except (ValueError, RecursionError):
        return {}
    return told if isinstance(told, dict) else {}


def _event(told: Json, *, digest: str) -> CourierEvent:
    trigger = told.get("triggerId")
    if not isinstance(trigger, int) or isinstance(trigger, bool):
        return CourierEvent(key=f"onfleet:{digest}", kind=UNREADABLE, onfleet_task_id=None)
    concerned = _task_id(told) if trigger in KINDS else None
    return CourierEvent(
        key=f"onfleet:{trigger}:{digest}",
        kind=kind_of(trigger),
        onfleet_task_id=concerned,
        is_deletion=trigger == DELETED and concerned is not None,
    )


def _task_id(told: Json) -> str | None:
    return text(told, "taskId") or text(part(part(told, "data"), "task"), "id") or None
