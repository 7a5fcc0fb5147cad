"""The port to the pay pages, on the Stripe SDK."""

from typing import Final

import stripe

from totetaxi_adapters.stripe.connection import StripeConnection
from totetaxi_adapters.stripe.failures import is_missing, refusal_of
from totetaxi_adapters.stripe.payloads import session_from
from totetaxi_core.payments.checkout import (
    CheckoutSession,
    SessionEndError,
    SessionNotFoundError,
    SessionOrder,
)
from totetaxi_core.refusal import DomainError

EXPIRES_AT: Final = "expires_at"
HTTP_BAD_REQUEST: Final = 400


class StripeCheckoutGateway:
    """Checkout sessions, over the payment gateway's connection, which that one closes.

    The payer's browser is sent to `success_url` or `cancel_url` afterwards; neither proves
    anything. Both are part of each keyed call: a new value makes Stripe refuse the replay of an
    order begun under the old one.
    """

    def __init__(self, connection: StripeConnection, *, success_url: str, cancel_url: str) -> None:
        self._connection = connection
        self._success_url, self._cancel_url = success_url, cancel_url

    async def create_session(self, order: SessionOrder) -> CheckoutSession:
        """Create the session, or return the one this order's key made, as it now stands.

        Raises:
            SessionEndError: it would end in less than 30 min or more than 24 h; none was made.
        """
        try:
            answer = await self._connection.call(
                lambda client: client.v1.checkout.sessions.create_async(
                    self._parameters(order), {"idempotency_key": order.idempotency_key}
                )
            )
        except stripe.InvalidRequestError as error:
            if error.param == EXPIRES_AT:
                raise SessionEndError("Stripe makes no session that ends then") from error
            raise refusal_of(error) from error
        if _is_replayed(answer):
            return await self.get_session(answer.id)
        return session_from(answer)

    async def get_session(self, session_id: str) -> CheckoutSession:
        """Return the session as it stands now.

        Raises:
            SessionNotFoundError: Stripe has no such session.
        """
        try:
            answer = await self._connection.call(
                lambda client: client.v1.checkout.sessions.retrieve_async(session_id)
            )
        except stripe.InvalidRequestError as error:
            raise _missing_session(error, session_id) from error
        return session_from(answer)

    async def expire_session(self, session_id: str) -> CheckoutSession:
        """End the session and return how it stands: `complete` if the payer was faster.

        Stripe refuses to end one that is not open: then its present state is the answer.

        Raises:
            SessionNotFoundError: Stripe has no such session.
        """
        try:
            answer = await self._connection.call(
                lambda client: client.v1.checkout.sessions.expire_async(session_id)
            )
        except stripe.InvalidRequestError as error:
            if error.http_status == HTTP_BAD_REQUEST:
                return await self.get_session(session_id)
            raise _missing_session(error, session_id) from error
        return session_from(answer)

    def _parameters(self, order: SessionOrder) -> stripe.params.checkout.SessionCreateParams:
        marks = _metadata(order)
        return {
            "mode": "payment",
            "line_items": [
                {
                    "quantity": 1,
                    "price_data": {
                        "currency": "usd",
                        "unit_amount": order.amount_cents,
                        "product_data": {"name": f"ToteTaxi booking {order.booking_number}"},
                    },
                }
            ],
            "client_reference_id": str(order.booking_id),
            "customer_email": order.receipt_email,
            "expires_at": int(order.expires_at.timestamp()),
            "metadata": marks,
            # Stripe does not copy the session's to its intent.
            "payment_intent_data": {"metadata": marks, "receipt_email": order.receipt_email},
            "success_url": self._success_url,
            "cancel_url": self._cancel_url,
        }


def _metadata(order: SessionOrder) -> dict[str, str]:
    return {
        "booking_id": str(order.booking_id),
        "booking_number": order.booking_number,
        "payment_id": str(order.payment_id),
        "attempt": str(order.attempt),
    }


def _is_replayed(answer: stripe.checkout.Session) -> bool:
    """Tell whether Stripe repeated the first answer of this key, which may be out of date."""
    headers = getattr(answer.last_response, "headers", None) or {}
    return headers.get("idempotent-replayed") == "true"


def _missing_session(error: stripe.InvalidRequestError, session_id: str) -> DomainError:
    if is_missing(error):
        return SessionNotFoundError(f"Stripe has no Checkout session {session_id}")
    return refusal_of(error)
