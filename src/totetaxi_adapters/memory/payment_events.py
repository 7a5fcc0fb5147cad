"""The port to what the payment provider sends to our webhook, and the provider's end of it."""

import json
from datetime import UTC, datetime, timedelta
from typing import Final

from totetaxi_core.clock import Clock
from totetaxi_core.payments.gateway import PaymentEvent, WebhookSignatureError
from totetaxi_core.signature import Signer

TOLERANCE: Final = timedelta(minutes=5)
PURPOSE: Final = "memory-payment-events"


class MemoryPaymentEventReader:
    """`send` makes the body and signature of an event; `read` takes them for five minutes."""

    def __init__(self, secret: str, *, clock: Clock) -> None:
        self._signer = Signer(secret, purpose=PURPOSE)
        self._clock = clock

    def send(self, event: PaymentEvent) -> tuple[bytes, str]:
        facts = {
            "id": event.id,
            "kind": event.kind,
            "intent_id": event.intent_id,
            "provider_refund_id": event.provider_refund_id,
            "provider_dispute_id": event.provider_dispute_id,
            "session_id": event.session_id,
            "is_of_new_intent": event.is_of_new_intent,
        }
        body = json.dumps(facts).encode()
        stamp = self._clock().isoformat()
        return body, f"{stamp} {self._sign(stamp, body)}"

    def read(self, body: bytes, signature: str) -> PaymentEvent:
        """Return the event of a raw body and its signature header.

        Raises:
            WebhookSignatureError: not our signature, or too old.
        """
        stamp, _, signed = signature.partition(" ")
        if not self._signer.is_ours(f"{stamp} {body.hex()}", signed):
            raise WebhookSignatureError("this webhook is not signed for us")
        if self._clock() - datetime.fromisoformat(stamp).astimezone(UTC) > TOLERANCE:
            raise WebhookSignatureError("this webhook is too old")
        return PaymentEvent(**json.loads(body))

    def _sign(self, stamp: str, body: bytes) -> str:
        return self._signer.sign(f"{stamp} {body.hex()}")
