"""The fields we read of Stripe's objects; all others are left alone."""

from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, Final, TypeVar
from uuid import UUID

import attrs
import cattrs
import stripe

from totetaxi_core.customers.card_gateway import ProviderCard, SetupIntent, SetupStatus
from totetaxi_core.payments.checkout import CheckoutSession, SessionPayment, SessionStatus
from totetaxi_core.payments.gateway import (
    IntentStatus,
    PaymentIntent,
    PaymentMisconfiguredError,
    ProviderRefund,
    RefundState,
)

AUTHENTICATION_FAILURE: Final = "payment_intent_authentication_failure"
NOT_AUTHENTICATED: Final = (
    "Your bank could not confirm that it was you. Please try again, or use another card."
)


@attrs.frozen(kw_only=True)
class CardPayload:
    brand: str | None = None
    last4: str | None = None
    exp_month: int | None = None
    exp_year: int | None = None


@attrs.frozen(kw_only=True)
class MethodDetailsPayload:
    card: CardPayload | None = None


@attrs.frozen(kw_only=True)
class ChargePayload:
    """A charge; built from a bare id when Stripe did not expand it."""

    id: str
    payment_method_details: MethodDetailsPayload | None = None
    created: int | None = None
    amount_refunded: int = 0


@attrs.frozen(kw_only=True)
class PaymentErrorPayload:
    type: str | None = None
    code: str | None = None
    message: str | None = None


@attrs.frozen(kw_only=True)
class ReferencePayload:
    """Another object: its id, or the object itself when expanded."""

    id: str


@attrs.frozen(kw_only=True)
class IntentPayload:
    id: str
    status: str
    amount: int
    created: int
    amount_received: int = 0
    client_secret: str | None = None
    metadata: dict[str, str] | None = None
    latest_charge: ChargePayload | None = None
    last_payment_error: PaymentErrorPayload | None = None
    customer: ReferencePayload | None = None
    payment_method: ReferencePayload | None = None


@attrs.frozen(kw_only=True)
class SetupIntentPayload:
    id: str
    status: str
    client_secret: str | None = None
    customer: ReferencePayload | None = None
    payment_method: ReferencePayload | None = None


@attrs.frozen(kw_only=True)
class PaymentMethodPayload:
    id: str
    customer: ReferencePayload | None = None
    card: CardPayload | None = None


@attrs.frozen(kw_only=True)
class SessionPayload:
    id: str
    status: str | None = None
    payment_status: str
    expires_at: int
    url: str | None = None
    payment_intent: ReferencePayload | None = None
    metadata: dict[str, str] | None = None


@attrs.frozen(kw_only=True)
class RefundPayload:
    id: str
    amount: int
    status: str | None = None
    payment_intent: ReferencePayload | None = None
    metadata: dict[str, str] | None = None
    failure_reason: str | None = None
    created: int | None = None


Payload = TypeVar("Payload")
Status = TypeVar("Status", bound=StrEnum)

CONVERTER = cattrs.Converter()
for _expandable in (ChargePayload, ReferencePayload):
    _whole = cattrs.gen.make_dict_structure_fn(_expandable, CONVERTER)
    CONVERTER.register_structure_hook(
        _expandable,
        lambda value, _type, whole=_whole: whole(
            {"id": value} if isinstance(value, str) else value, _type
        ),
    )


def intent_from(answer: stripe.PaymentIntent) -> PaymentIntent:
    """Return the intent in our words.

    Raises:
        PaymentMisconfiguredError: the answer lacks what every intent has.
    """
    payload = structure(answer, IntentPayload)
    metadata = payload.metadata or {}
    charge = payload.latest_charge
    details = charge.payment_method_details if charge else None
    card = (details.card if details else None) or CardPayload()
    return PaymentIntent(
        id=payload.id,
        status=member(IntentStatus, payload.status, IntentStatus.UNKNOWN),
        amount_cents=payload.amount,
        amount_received_cents=payload.amount_received,
        client_secret=payload.client_secret or "",
        created_at=datetime.fromtimestamp(payload.created, UTC),
        booking_id=_uuid(metadata.get("booking_id")),
        payment_id=_uuid(metadata.get("payment_id")),
        attempt=_number(metadata.get("attempt")),
        charge_id=charge.id if charge else None,
        card_brand=card.brand,
        card_last_four=card.last4,
        decline_message=_decline_message(payload.last_payment_error),
        charged_at=_instant(charge.created if charge else None),
        refunded_cents=charge.amount_refunded if charge else 0,
        stripe_customer_id=_reference(payload.customer),
        stripe_payment_method_id=_reference(payload.payment_method),
    )


def setup_from(answer: stripe.SetupIntent) -> SetupIntent:
    """Return the setup intent in our words.

    Raises:
        PaymentMisconfiguredError: the answer lacks what every setup intent has.
    """
    payload = structure(answer, SetupIntentPayload)
    return SetupIntent(
        id=payload.id,
        status=member(SetupStatus, payload.status, SetupStatus.UNKNOWN),
        client_secret=payload.client_secret or "",
        stripe_customer_id=_reference(payload.customer),
        stripe_payment_method_id=_reference(payload.payment_method),
    )


def card_from(answer: stripe.PaymentMethod) -> ProviderCard:
    """Return the card in our words.

    Raises:
        PaymentMisconfiguredError: the answer lacks what every card has.
    """
    payload = structure(answer, PaymentMethodPayload)
    card = payload.card or CardPayload()
    return ProviderCard(
        id=payload.id,
        stripe_customer_id=_reference(payload.customer),
        brand=card.brand or "unknown",
        last_four=card.last4 or "",
        exp_month=card.exp_month or 0,
        exp_year=card.exp_year or 0,
    )


def session_from(answer: stripe.checkout.Session) -> CheckoutSession:
    """Return the session in our words.

    Raises:
        PaymentMisconfiguredError: the answer lacks what every session has.
    """
    payload = structure(answer, SessionPayload)
    metadata = payload.metadata or {}
    intent = payload.payment_intent
    return CheckoutSession(
        id=payload.id,
        status=member(SessionStatus, payload.status, SessionStatus.UNKNOWN),
        payment_status=member(SessionPayment, payload.payment_status, SessionPayment.UNKNOWN),
        url=payload.url,
        intent_id=intent.id if intent else None,
        expires_at=datetime.fromtimestamp(payload.expires_at, UTC),
        booking_id=_uuid(metadata.get("booking_id")),
        payment_id=_uuid(metadata.get("payment_id")),
        attempt=_number(metadata.get("attempt")),
    )


def refund_from(answer: stripe.Refund) -> ProviderRefund:
    """Return the refund in our words.

    Raises:
        PaymentMisconfiguredError: the answer lacks what every refund has.
    """
    payload = structure(answer, RefundPayload)
    intent = payload.payment_intent
    return ProviderRefund(
        id=payload.id,
        state=member(RefundState, payload.status, RefundState.UNKNOWN),
        amount_cents=payload.amount,
        intent_id=intent.id if intent else None,
        refund_id=_uuid((payload.metadata or {}).get("refund_id")),
        failure_reason=payload.failure_reason,
        created_at=_instant(payload.created),
    )


def structure(answer: stripe.StripeObject, payload: type[Payload]) -> Payload:
    """Read an answer's fields.

    Raises:
        PaymentMisconfiguredError: one that every such object has is missing.
    """
    values: dict[str, Any] = answer.to_dict(for_json=True)
    try:
        return CONVERTER.structure(values, payload)
    except cattrs.BaseValidationError as error:
        faults = "; ".join(cattrs.transform_error(error))
        raise PaymentMisconfiguredError(f"an answer we cannot read: {faults}") from error


def _decline_message(error: PaymentErrorPayload | None) -> str | None:
    """Return the sentence for the payer; Stripe's own is for them in card errors alone."""
    if error is None:
        return None
    if error.code == AUTHENTICATION_FAILURE:
        return NOT_AUTHENTICATED
    return error.message if error.type == "card_error" else None


def member(statuses: type[Status], text: str | None, unknown: Status) -> Status:
    """Return the status of this text; Stripe may add new ones at any time."""
    return next((status for status in statuses if status == text), unknown)


def _reference(payload: ReferencePayload | None) -> str | None:
    return payload.id if payload else None


def _instant(seconds: int | None) -> datetime | None:
    return None if seconds is None else datetime.fromtimestamp(seconds, UTC)


def _number(text: str | None) -> int | None:
    return int(text) if text and text.isdecimal() else None


def _uuid(text: str | None) -> UUID | None:
    """Return the id in our metadata; None when absent or not ours."""
    try:
        return UUID(text) if text else None
    except ValueError:
        return None
