"""The port to saved cards, on the Stripe SDK."""

from collections.abc import Awaitable, Callable
from typing import Final, TypeVar

import stripe

from totetaxi_adapters.stripe.connection import StripeConnection
from totetaxi_adapters.stripe.failures import is_missing, refusal_of
from totetaxi_adapters.stripe.payloads import card_from, setup_from
from totetaxi_core.customers.card_gateway import (
    CardNotFoundError,
    CustomerOrder,
    ProviderCard,
    SetupIntent,
)

PAGE_SIZE: Final = 100
HTTP_BAD_REQUEST: Final = 400

Answer = TypeVar("Answer")


class StripeCardGateway:
    """Customers, setup intents and cards, over the payment gateway's connection."""

    def __init__(self, connection: StripeConnection) -> None:
        self._connection = connection

    async def create_customer(self, order: CustomerOrder) -> str:
        """Create Stripe's customer, or return the one this order's key made.

        The keyed call says nothing but whose it is: name and address may have changed when it is
        repeated. A customer that is made and lost has no personal data, then.

        Raises:
            CardNotFoundError: the one that the key brings was deleted since.
        """
        made = await self._call(
            lambda client: client.v1.customers.create_async(
                {"metadata": {"customer_id": str(order.customer_id)}},
                {"idempotency_key": order.idempotency_key},
            )
        )
        await self._call(
            lambda client: client.v1.customers.update_async(
                made.id, {"email": order.email, "name": order.full_name}
            )
        )
        return made.id

    async def delete_customer(self, stripe_customer_id: str) -> None:
        """Delete Stripe's customer; one that is gone is fine."""
        try:
            await self._call(lambda client: client.v1.customers.delete_async(stripe_customer_id))
        except CardNotFoundError:
            return

    async def create_setup_intent(self, stripe_customer_id: str, *, key: str) -> SetupIntent:
        """Begin to save a card.

        Raises:
            CardNotFoundError: Stripe has no such customer.
        """
        answer = await self._call(
            lambda client: client.v1.setup_intents.create_async(
                {
                    "customer": stripe_customer_id,
                    "usage": "off_session",
                    "automatic_payment_methods": {"enabled": True, "allow_redirects": "never"},
                },
                {"idempotency_key": key},
            )
        )
        return setup_from(answer)

    async def get_setup_intent(self, setup_intent_id: str) -> SetupIntent:
        """Return the setup intent as it stands now.

        Raises:
            CardNotFoundError: Stripe has no such setup intent.
        """
        return setup_from(
            await self._call(lambda client: client.v1.setup_intents.retrieve_async(setup_intent_id))
        )

    async def get_payment_method(self, stripe_payment_method_id: str) -> ProviderCard:
        """Return the card as it stands now.

        Raises:
            CardNotFoundError: Stripe has no such card.
        """
        return card_from(
            await self._call(
                lambda client: client.v1.payment_methods.retrieve_async(stripe_payment_method_id)
            )
        )

    async def list_payment_methods(self, stripe_customer_id: str) -> tuple[ProviderCard, ...]:
        """Return every card attached to the customer, newest first; a page is a call of its own.

        Raises:
            CardNotFoundError: Stripe has no such customer.
        """
        listed: list[ProviderCard] = []
        while True:
            answer = await self._page(stripe_customer_id, listed[-1].id if listed else None)
            listed.extend(card_from(each) for each in answer.data)
            if not answer.has_more or not answer.data:
                return tuple(listed)

    async def detach(self, stripe_payment_method_id: str) -> None:
        """Detach the card for ever; one that is detached or gone is fine.

        Stripe refuses to detach what is attached to nobody: then how it stands now decides.
        """
        try:
            await self._connection.call(
                lambda client: client.v1.payment_methods.detach_async(stripe_payment_method_id)
            )
        except stripe.InvalidRequestError as error:
            if is_missing(error):
                return
            if error.http_status != HTTP_BAD_REQUEST or await self._is_attached(
                stripe_payment_method_id
            ):
                raise refusal_of(error) from error

    async def _is_attached(self, stripe_payment_method_id: str) -> bool:
        try:
            card = await self.get_payment_method(stripe_payment_method_id)
        except CardNotFoundError:
            return False
        return card.stripe_customer_id is not None

    async def _page(
        self, stripe_customer_id: str, after: str | None
    ) -> stripe.ListObject[stripe.PaymentMethod]:
        query: stripe.params.CustomerPaymentMethodListParams = {
            "type": "card",
            "limit": PAGE_SIZE,
        }
        if after:
            query["starting_after"] = after
        return await self._call(
            lambda client: client.v1.customers.payment_methods.list_async(stripe_customer_id, query)
        )

    async def _call(self, act: Callable[[stripe.StripeClient], Awaitable[Answer]]) -> Answer:
        """Run a call that Stripe refuses for want of what it names, or by our own mistake."""
        try:
            return await self._connection.call(act)
        except stripe.InvalidRequestError as error:
            if is_missing(error):
                raise CardNotFoundError("Stripe has no such card, setup or customer") from error
            raise refusal_of(error) from error
