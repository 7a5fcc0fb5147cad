"""Lists everything a Stripe account holds, a page at a time."""

import math
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import datetime
from typing import Final, TypeVar

import stripe

from totetaxi_adapters.stripe.connection import StripeConnection
from totetaxi_adapters.stripe.disputes import dispute_from
from totetaxi_adapters.stripe.failures import refusal_of
from totetaxi_adapters.stripe.payloads import intent_from, refund_from
from totetaxi_core.payments.dispute_gateway import ProviderDispute
from totetaxi_core.payments.gateway import PaymentIntent, ProviderRefund

PAGE_SIZE: Final = 100

Listed = TypeVar("Listed", stripe.PaymentIntent, stripe.Refund, stripe.Dispute)


class StripePaymentRecords:
    """Newest first; each page is a call of its own, made when its first object is asked for.

    Stripe dates things in whole seconds: so does `[created_from, created_until)`.
    """

    def __init__(self, connection: StripeConnection) -> None:
        self._connection = connection

    async def intents(
        self, *, created_from: datetime, created_until: datetime
    ) -> AsyncIterator[PaymentIntent]:
        """Yield the intents made in the span, each with its last charge."""
        since, until = _seconds(created_from), _seconds(created_until)

        async def page(after: str | None) -> stripe.ListObject[stripe.PaymentIntent]:
            query: stripe.params.PaymentIntentListParams = {
                "created": {"gte": since, "lt": until},
                "limit": PAGE_SIZE,
                "expand": ["data.latest_charge"],
            }
            if after:
                query["starting_after"] = after
            return await self._call(lambda client: client.v1.payment_intents.list_async(query))

        async for answer in _every(page):
            yield intent_from(answer)

    async def refunds(
        self, *, created_from: datetime, created_until: datetime
    ) -> AsyncIterator[ProviderRefund]:
        """Yield the refunds made in the span."""
        since, until = _seconds(created_from), _seconds(created_until)

        async def page(after: str | None) -> stripe.ListObject[stripe.Refund]:
            query: stripe.params.RefundListParams = {
                "created": {"gte": since, "lt": until},
                "limit": PAGE_SIZE,
            }
            if after:
                query["starting_after"] = after
            return await self._call(lambda client: client.v1.refunds.list_async(query))

        async for answer in _every(page):
            yield refund_from(answer)

    async def disputes(
        self, *, created_from: datetime, created_until: datetime
    ) -> AsyncIterator[ProviderDispute]:
        """Yield the disputes made in the span."""
        since, until = _seconds(created_from), _seconds(created_until)

        async def page(after: str | None) -> stripe.ListObject[stripe.Dispute]:
            query: stripe.params.DisputeListParams = {
                "created": {"gte": since, "lt": until},
                "limit": PAGE_SIZE,
            }
            if after:
                query["starting_after"] = after
            return await self._call(lambda client: client.v1.disputes.list_async(query))

        async for answer in _every(page):
            yield dispute_from(answer)

    async def _call(
        self, act: Callable[[stripe.StripeClient], Awaitable[stripe.ListObject[Listed]]]
    ) -> stripe.ListObject[Listed]:
        """Run a call whose refusal by Stripe can only be our own mistake."""
        try:
            return await self._connection.call(act)
        except stripe.InvalidRequestError as error:
            raise refusal_of(error) from error


async def _every(
    page: Callable[[str | None], Awaitable[stripe.ListObject[Listed]]],
) -> AsyncIterator[Listed]:
    after: str | None = None
    while True:
        answer = await page(after)
        for listed in answer.data:
            yield listed
        if not answer.has_more or not answer.data:
            return
        after = answer.data[-1].id


def _seconds(instant: datetime) -> int:
    return math.floor(instant.timestamp())
