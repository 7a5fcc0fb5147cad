"""What each of the SDK's errors means to us."""

from typing import Final

import stripe

from totetaxi_core.payments.gateway import (
    PaymentDeclinedError,
    PaymentMisconfiguredError,
    PaymentUnavailableError,
)
from totetaxi_core.refusal import DomainError

HTTP_NOT_FOUND: Final = 404
HTTP_CONFLICT: Final = 409
HTTP_SERVER_ERROR: Final = 500

REFUND_IMPOSSIBLE_CODES: Final = frozenset(
    {
        "amount_too_large",
        "charge_already_refunded",
        "charge_disputed",
        "payment_intent_unexpected_state",
        "refund_disputed_payment",
    }
)


def refusal_of(error: stripe.StripeError) -> DomainError:
    """Return our refusal; only a decline carries Stripe's words, which are for the payer."""
    if isinstance(error, stripe.CardError):
        return PaymentDeclinedError(error.user_message or "Your card was declined.")
    if _is_passing(error):
        answered = (error.http_status or 0) >= HTTP_SERVER_ERROR
        return PaymentUnavailableError(_summary(error), answered=answered)
    return PaymentMisconfiguredError(_summary(error))


def is_missing(error: stripe.InvalidRequestError) -> bool:
    """Tell whether the object asked for does not exist."""
    return error.http_status == HTTP_NOT_FOUND or error.code == "resource_missing"


def is_refund_impossible(error: stripe.InvalidRequestError) -> bool:
    """Tell whether the charge, as it stands, cannot give back this much."""
    return error.code in REFUND_IMPOSSIBLE_CODES or error.param == "amount"


def _is_passing(error: stripe.StripeError) -> bool:
    """Tell whether the same call may succeed later.

    A duplicate still in flight (409) and an answer that is no JSON arrive as a plain APIError.
    """
    if isinstance(error, stripe.APIConnectionError | stripe.RateLimitError):
        return True
    status = error.http_status
    return isinstance(error, stripe.APIError) and (
        status is None or status == HTTP_CONFLICT or status >= HTTP_SERVER_ERROR
    )


def _summary(error: stripe.StripeError) -> str:
    """Say what went wrong without the body, which may hold a client secret."""
    parts = [type(error).__name__, f"HTTP {error.http_status}", error.code, error.request_id]
    return ", ".join(part for part in parts if part and part != "HTTP None")
