"""Stripe's events: what they hold, how they are signed, where they wait."""

from typing import Final

import stripe

from totetaxi_adapters.sandbox.faults import FaultPlan
from totetaxi_adapters.sandbox.sender import Manner
from totetaxi_adapters.sandbox.stripe.ids import new_id
from totetaxi_adapters.sandbox.stripe.refusal import Json
from totetaxi_adapters.sandbox.webhook_queue import WebhookQueue

PLAN: Final = FaultPlan("stripe")
EVENTS: Final = WebhookQueue("stripe", PLAN)


def event_of(kind: str, data: Json, *, created: int, request: Json) -> Json:
    return {
        "id": new_id("event"),
        "object": "event",
        "api_version": stripe.api_version,
        "created": created,
        "data": data,
        "livemode": False,
        "pending_webhooks": 1,
        "request": request,
        "type": kind,
    }


def manner_of(secret: str) -> Manner:
    """Return how Stripe sends: any 2xx will do.

    Signed as of now by the machine's own clock, which is what readers check.
    """

    def headers(body: str) -> dict[str, str]:
        return {
            "Content-Type": "application/json; charset=utf-8",
            "Stripe-Signature": stripe.WebhookSignature.generate_signature_header(body, secret),
            "User-Agent": "Stripe/1.0 (+https://stripe.com/docs/webhooks)",
        }

    return Manner(headers=headers, accepts=lambda status: status in range(200, 300))
