"""Reads what Stripe sends to our webhook."""

import json
from typing import Any, Final

import attrs
import cattrs
import stripe

from totetaxi_core.payments.gateway import (
    PaymentEvent,
    PaymentMisconfiguredError,
    WebhookSignatureError,
)

TOLERANCE_S: Final = 300
SESSION_KINDS: Final = "checkout.session."
REFUND_KINDS: Final = ("refund.", "charge.refund.")
DISPUTE_KINDS: Final = "charge.dispute."
CUSTOMER_DELETED: Final = "customer.deleted"
CARD_SAVED: Final = "setup_intent.succeeded"
CARD_DETACHED: Final = "payment_method.detached"
REFUNDED: Final = "charge.refunded"
INTENT_MADE: Final = "payment_intent.created"


@attrs.frozen(kw_only=True)
class EventDataPayload:
    object: dict[str, Any]
    previous_attributes: dict[str, Any] | None = None


@attrs.frozen(kw_only=True)
class EventPayload:
    id: str
    type: str
    livemode: bool
    data: EventDataPayload


CONVERTER = cattrs.Converter()
for _strict in (str, bool):  # cattrs would turn any value into a text or a truth

    def _exact(value: object, kind: type) -> object:
        if not isinstance(value, kind):
            raise TypeError(f"{value!r} is not a {kind.__name__}")
        return value

    CONVERTER.register_structure_hook(_strict, _exact)


class StripeEventReader:
    """Verifies signatures made with our endpoint's secret, at most five minutes ago.

    `livemode` is the mode we run in: an event of the other one is refused.
    """

    def __init__(self, webhook_secret: str, *, livemode: bool) -> None:
        if not webhook_secret.strip():
            raise PaymentMisconfiguredError("an empty webhook secret would accept forged events")
        self._webhook_secret, self._livemode = webhook_secret, livemode

    def read(self, body: bytes, signature: str) -> PaymentEvent:
        """Return the event of a raw body and its signature header.

        Raises:
            WebhookSignatureError: not Stripe's signature, too old, of the other mode, or no event.
        """
        payload = self._verified(body, signature)
        if payload.livemode is not self._livemode:
            raise WebhookSignatureError("the event is of the other mode, live or test")
        subject = payload.data.object
        return PaymentEvent(
            id=payload.id,
            kind=payload.type,
            intent_id=_intent_id(payload.type, subject),
            provider_refund_id=_refund_id(payload.type, subject),
            provider_dispute_id=_dispute_id(payload.type, subject),
            session_id=_session_id(payload.type, subject),
            stripe_customer_id=_customer_id(payload.type, payload.data),
            is_of_new_intent=payload.type == INTENT_MADE,
        )

    def _verified(self, body: bytes, signature: str) -> EventPayload:
        if not signature.isascii():  # the SDK's comparison would end in a TypeError
            raise WebhookSignatureError("signature: not a header Stripe writes")
        try:
            stripe.WebhookSignature.verify_header(
                body, signature, self._webhook_secret, TOLERANCE_S
            )
            return CONVERTER.structure(json.loads(body), EventPayload)
        except stripe.SignatureVerificationError as error:
            raise WebhookSignatureError(f"signature: {error.user_message}") from error
        except (ValueError, RecursionError, cattrs.BaseValidationError) as error:
            # A body that is no UTF-8, no JSON, or no event: UnicodeDecodeError is a ValueError.
            raise WebhookSignatureError("the body is not an event") from error


def _intent_id(kind: str, subject: dict[str, Any]) -> str | None:
    if kind.startswith("payment_intent."):
        return _id_of(subject)
    if kind == REFUNDED:
        return _id_of(subject.get("payment_intent"))
    return None


def _refund_id(kind: str, subject: dict[str, Any]) -> str | None:
    return _id_of(subject) if kind.startswith(REFUND_KINDS) else None


def _session_id(kind: str, subject: dict[str, Any]) -> str | None:
    return _id_of(subject) if kind.startswith(SESSION_KINDS) else None


def _dispute_id(kind: str, subject: dict[str, Any]) -> str | None:
    return _id_of(subject) if kind.startswith(DISPUTE_KINDS) else None


def _customer_id(kind: str, data: EventDataPayload) -> str | None:
    """Return whose cards may have changed; a detached card is nobody's any more."""
    if kind == CUSTOMER_DELETED:
        return _id_of(data.object)
    if kind == CARD_SAVED:
        return _id_of(data.object.get("customer"))
    if kind == CARD_DETACHED:
        return _id_of((data.previous_attributes or {}).get("customer"))
    return None


def _id_of(reference: object) -> str | None:
    """Return the id of an object that is given whole, or by its id."""
    if isinstance(reference, dict):
        reference = reference.get("id")
    return reference if isinstance(reference, str) else None
