"""The payment port on the Stripe SDK."""

import math
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Final, TypeVar
from uuid import UUID

import stripe

from totetaxi_adapters.stripe.connection import StripeBounds, StripeConnection
from totetaxi_adapters.stripe.failures import is_missing, is_refund_impossible, refusal_of
from totetaxi_adapters.stripe.payloads import intent_from, refund_from
from totetaxi_core.payments.gateway import (
    CARD_GONE,
    IntentNotFoundError,
    IntentOrder,
    PayerGoneError,
    PaymentDeclinedError,
    PaymentIntent,
    ProviderRefund,
    RefundOrder,
)

DEFAULT_BOUNDS: Final = StripeBounds()
PAGE_SIZE: Final = 100
CUSTOMER: Final = "customer"
PAYMENT_METHOD: Final = "payment_method"
UNEXPECTED_STATE: Final = "payment_intent_unexpected_state"

Answer = TypeVar("Answer")
Listed = TypeVar("Listed", stripe.PaymentIntent, stripe.Refund)


class StripePaymentGateway:
    """Intents and refunds at Stripe, or at the sandbox when `api_base` names it.

    `api_base` may carry a path and needs no trailing slash. Safe to use from any event loop;
    `close` must run on the loop that made the calls.
    """

    def __init__(
        self,
        secret_key: str,
        *,
        api_base: str | None = None,
        bounds: StripeBounds = DEFAULT_BOUNDS,
    ) -> None:
        self._connection = StripeConnection(secret_key, api_base=api_base, bounds=bounds)

    @property
    def connection(self) -> StripeConnection:
        """Return what our calls run on, for the other ports at Stripe."""
        return self._connection

    async def close(self) -> None:
        """Close the running loop's sockets."""
        await self._connection.close()

    async def create_intent(self, order: IntentOrder) -> PaymentIntent:
        """Create the intent, or return the one this order's key made, as it now stands.

        Raises:
            PayerGoneError: Stripe has no such customer.
        """
        try:
            answer = await self._connection.call(
                lambda client: client.v1.payment_intents.create_async(
                    _parameters(order), {"idempotency_key": order.idempotency_key}
                )
            )
        except stripe.InvalidRequestError as error:
            if error.param == CUSTOMER and is_missing(error):
                raise PayerGoneError("Stripe has no such customer any more") from error
            raise refusal_of(error) from error
        if _is_replayed(answer):
            return await self.get_intent(answer.id)
        return intent_from(answer)

    async def get_intent(self, intent_id: str) -> PaymentIntent:
        """Return the intent as it stands now.

        Raises:
            IntentNotFoundError: Stripe has no such intent.
        """
        try:
            answer = await self._connection.call(
                lambda client: client.v1.payment_intents.retrieve_async(
                    intent_id, {"expand": ["latest_charge"]}
                )
            )
        except stripe.InvalidRequestError as error:
            raise _missing_intent(error, intent_id) from error
        return intent_from(answer)

    async def find_intents(
        self, payment_id: UUID, *, created_from: datetime
    ) -> tuple[PaymentIntent, ...]:
        """Return the intents that carry our payment's id, newest first, made since that instant.

        Stripe cannot filter by metadata without its search, which lags: this reads every intent
        since then.
        """
        since = math.floor(created_from.timestamp())

        async def page(after: str | None) -> stripe.ListObject[stripe.PaymentIntent]:
            query: stripe.params.PaymentIntentListParams = {
                "created": {"gte": since},
                "limit": PAGE_SIZE,
                "expand": ["data.latest_charge"],
            }
            if after:
                query["starting_after"] = after
            return await self._call(lambda client: client.v1.payment_intents.list_async(query))

        found = [intent_from(answer) for answer in await _every(page)]
        return tuple(intent for intent in found if intent.payment_id == payment_id)

    async def cancel_intent(self, intent_id: str) -> PaymentIntent:
        """Cancel the intent and return how it stands: `succeeded` if the payer was faster.

        Raises:
            IntentNotFoundError: Stripe has no such intent.
        """
        try:
            answer = await self._connection.call(
                lambda client: client.v1.payment_intents.cancel_async(
                    intent_id, {"expand": ["latest_charge"]}
                )
            )
        except stripe.InvalidRequestError as error:
            if error.code == UNEXPECTED_STATE:
                return await self.get_intent(intent_id)
            raise _missing_intent(error, intent_id) from error
        return intent_from(answer)

    async def confirm_intent(
        self, intent_id: str, *, stripe_payment_method_id: str
    ) -> PaymentIntent:
        """Charge a saved card of the intent's customer; return how the intent stands then.

        Raises:
            IntentNotFoundError: Stripe has no such intent.
            PaymentDeclinedError: the card is detached, or not that customer's.
        """
        try:
            await self._connection.call(
                lambda client: client.v1.payment_intents.confirm_async(
                    intent_id, {"payment_method": stripe_payment_method_id}
                )
            )
        except PaymentDeclinedError:
            return await self.get_intent(intent_id)  # where the decline shows
        except stripe.InvalidRequestError as error:
            if error.param == PAYMENT_METHOD:
                raise PaymentDeclinedError(CARD_GONE) from error
            if error.code != UNEXPECTED_STATE:
                raise _missing_intent(error, intent_id) from error
        return await self.get_intent(intent_id)

    async def create_refund(self, order: RefundOrder) -> ProviderRefund:
        """Send money back, or return the refund this order's key made, as it now stands.

        Raises:
            PaymentDeclinedError: Stripe refuses this refund for good (more than is left).
        """
        try:
            answer = await self._connection.call(
                lambda client: client.v1.refunds.create_async(
                    {
                        "payment_intent": order.intent_id,
                        "amount": order.amount_cents,
                        "metadata": _refund_metadata(order),
                    },
                    {"idempotency_key": order.idempotency_key},
                )
            )
        except stripe.InvalidRequestError as error:
            if is_refund_impossible(error):
                raise PaymentDeclinedError(f"refund refused: {error.user_message}") from error
            raise refusal_of(error) from error
        if _is_replayed(answer):
            return await self.get_refund(answer.id)
        return refund_from(answer)

    async def get_refund(self, provider_refund_id: str) -> ProviderRefund:
        """Return the refund as it stands now."""
        return refund_from(
            await self._call(lambda client: client.v1.refunds.retrieve_async(provider_refund_id))
        )

    async def find_refunds(self, intent_id: str) -> tuple[ProviderRefund, ...]:
        """Return every refund of the intent, newest first."""

        async def page(after: str | None) -> stripe.ListObject[stripe.Refund]:
            query: stripe.params.RefundListParams = {
                "payment_intent": intent_id,
                "limit": PAGE_SIZE,
            }
            if after:
                query["starting_after"] = after
            return await self._call(lambda client: client.v1.refunds.list_async(query))

        return tuple(refund_from(answer) for answer in await _every(page))

    async def _call(self, act: Callable[[stripe.StripeClient], Awaitable[Answer]]) -> Answer:
        """Run a call whose refusal by Stripe can only be our own mistake."""
        try:
            return await self._connection.call(act)
        except stripe.InvalidRequestError as error:
            raise refusal_of(error) from error


async def _every(
    page: Callable[[str | None], Awaitable[stripe.ListObject[Listed]]],
) -> list[Listed]:
    """Read page after page; each is a call of its own, with its own time limit."""
    listed: list[Listed] = []
    after: str | None = None
    while True:
        answer = await page(after)
        listed.extend(answer.data)
        if not answer.has_more or not answer.data:
            return listed
        after = listed[-1].id


def _parameters(order: IntentOrder) -> stripe.params.PaymentIntentCreateParams:
    parameters: stripe.params.PaymentIntentCreateParams = {
        "amount": order.amount_cents,
        "currency": "usd",
        "automatic_payment_methods": {"enabled": True},
        "receipt_email": order.receipt_email,
        "metadata": _intent_metadata(order),
    }
    if order.stripe_customer_id is not None:
        parameters["customer"] = order.stripe_customer_id
        # It is confirmed from here, where no payer could be sent elsewhere and come back.
        parameters["automatic_payment_methods"] = {"enabled": True, "allow_redirects": "never"}
    return parameters


def _intent_metadata(order: IntentOrder) -> dict[str, str]:
    return {
        "booking_id": str(order.booking_id),
        "booking_number": order.booking_number,
        "payment_id": str(order.payment_id),
        "attempt": str(order.attempt),
    }


def _refund_metadata(order: RefundOrder) -> dict[str, str]:
    return {"refund_id": str(order.refund_id), "booking_id": str(order.booking_id)}


def _is_replayed(answer: stripe.StripeObject) -> bool:
    """Tell whether Stripe repeated the first answer of this key, which may be out of date."""
    response = answer.last_response
    headers = getattr(response, "headers", None) or {}
    return headers.get("idempotent-replayed") == "true"


def _missing_intent(error: stripe.InvalidRequestError, intent_id: str) -> Exception:
    if is_missing(error):
        return IntentNotFoundError(f"Stripe has no payment intent {intent_id}")
    return refusal_of(error)
