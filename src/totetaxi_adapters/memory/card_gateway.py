"""The port to saved cards, without the provider."""

from totetaxi_adapters.memory.payments import MemoryPaymentGateway
from totetaxi_core.customers.card_gateway import CustomerOrder, ProviderCard, SetupIntent


class MemoryCardGateway:
    """The cards of the same provider: its keys, its outages and its events are those of `payments`.

    What a customer's browser does is done by the methods that are not async.
    """

    def __init__(self, payments: MemoryPaymentGateway) -> None:
        self._payments = payments
        self._wallet = payments.account.wallet

    async def create_customer(self, order: CustomerOrder) -> str:
        """Create the customer, or return the one this order's key made within the last 24 h.

        Raises:
            CardNotFoundError: that one was deleted since.
        """
        return await self._payments.answer(lambda: self._made(order))

    async def delete_customer(self, stripe_customer_id: str) -> None:
        await self._payments.answer(lambda: self._wallet.delete_customer(stripe_customer_id))

    async def create_setup_intent(self, stripe_customer_id: str, *, key: str) -> SetupIntent:
        """Begin to save a card.

        Raises:
            CardNotFoundError: there is no such customer.
        """
        keys, wallet = self._payments.keys, self._wallet
        return await self._payments.answer(
            lambda: wallet.setup(
                keys.once(key, stripe_customer_id, lambda: wallet.add_setup(stripe_customer_id))
            )
        )

    async def get_setup_intent(self, setup_intent_id: str) -> SetupIntent:
        """Return the setup intent as it stands now.

        Raises:
            CardNotFoundError: there is none.
        """
        return await self._payments.answer(lambda: self._wallet.setup(setup_intent_id))

    async def get_payment_method(self, stripe_payment_method_id: str) -> ProviderCard:
        """Return the card as it stands now.

        Raises:
            CardNotFoundError: there is none.
        """
        return await self._payments.answer(lambda: self._wallet.shown(stripe_payment_method_id))

    async def list_payment_methods(self, stripe_customer_id: str) -> tuple[ProviderCard, ...]:
        """Return every card attached to the customer, newest first.

        Raises:
            CardNotFoundError: there is no such customer.
        """
        return await self._payments.answer(lambda: self._listed(stripe_customer_id))

    async def detach(self, stripe_payment_method_id: str) -> None:
        await self._payments.answer(lambda: self._wallet.detach(stripe_payment_method_id))

    def customers(self) -> dict[str, CustomerOrder]:
        """Return every customer there is, by its id."""
        return self._wallet.customers()

    def confirm_setup(self, setup_intent_id: str, card: str) -> SetupIntent:
        """Save a card as the browser would, with a card number of `cards`.

        Raises:
            ValueError: the setup takes no more cards, or the card is unknown.
        """
        return self._wallet.confirm_setup(setup_intent_id, card)

    def decide_setup(self, setup_intent_id: str, *, approve: bool) -> SetupIntent:
        """End a setup's wait for its payer's approval.

        Raises:
            ValueError: it waits for none.
        """
        return self._wallet.decide_setup(setup_intent_id, approve=approve)

    def _made(self, order: CustomerOrder) -> str:
        # Name and address may change between two calls: the key is for the customer alone.
        made_id = self._payments.keys.once(
            order.idempotency_key, order.customer_id, lambda: self._wallet.add_customer(order)
        )
        self._wallet.require_customer(made_id)
        return made_id

    def _listed(self, stripe_customer_id: str) -> tuple[ProviderCard, ...]:
        self._wallet.require_customer(stripe_customer_id)
        return self._wallet.of_customer(stripe_customer_id)
