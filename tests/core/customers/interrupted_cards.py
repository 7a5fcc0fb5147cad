"""A provider of cards to which a test can do something while its answer is under way."""

from collections.abc import Awaitable, Callable

from totetaxi_adapters.memory.card_gateway import MemoryCardGateway
from totetaxi_adapters.memory.payments import MemoryPaymentGateway
from totetaxi_core.customers.card_gateway import CustomerOrder, ProviderCard

Deed = Callable[[], Awaitable[object]]


class InterruptedCards(MemoryCardGateway):
    """`meanwhile` runs once, after the next customer is made or cards are listed."""

    def __init__(self, payments: MemoryPaymentGateway, *, meanwhile: Deed) -> None:
        super().__init__(payments)
        self._deeds = [meanwhile]

    async def create_customer(self, order: CustomerOrder) -> str:
        made = await super().create_customer(order)
        await self._interrupt()
        return made

    async def list_payment_methods(self, stripe_customer_id: str) -> tuple[ProviderCard, ...]:
        listed = await super().list_payment_methods(stripe_customer_id)
        await self._interrupt()
        return listed

    async def _interrupt(self) -> None:
        while self._deeds:
            await self._deeds.pop()()
