"""Lists what the payment provider in memory holds."""

from collections.abc import AsyncIterator
from datetime import datetime

from totetaxi_adapters.memory.payments import MemoryPaymentGateway
from totetaxi_core.payments.dispute_gateway import ProviderDispute
from totetaxi_core.payments.gateway import PaymentIntent, ProviderRefund


class MemoryPaymentRecords:
    """Everything made at that provider, oldest first; its outages meet these calls too."""

    def __init__(self, gateway: MemoryPaymentGateway) -> None:
        self._gateway = gateway

    async def intents(
        self, *, created_from: datetime, created_until: datetime
    ) -> AsyncIterator[PaymentIntent]:
        """Yield the intents made in `[created_from, created_until)`."""
        for intent in await self._gateway.answer(self._gateway.intents):
            if _whole(created_from) <= intent.created_at < _whole(created_until):
                yield intent

    async def refunds(
        self, *, created_from: datetime, created_until: datetime
    ) -> AsyncIterator[ProviderRefund]:
        """Yield the refunds made in `[created_from, created_until)`."""
        for refund in await self._gateway.answer(self._gateway.refunds):
            made_at = refund.created_at
            if made_at and _whole(created_from) <= made_at < _whole(created_until):
                yield refund

    async def disputes(
        self, *, created_from: datetime, created_until: datetime
    ) -> AsyncIterator[ProviderDispute]:
        """Yield the disputes made in `[created_from, created_until)`."""
        for dispute in await self._gateway.answer(self._gateway.account.disputes):
            if _whole(created_from) <= dispute.created_at < _whole(created_until):
                yield dispute


def _whole(instant: datetime) -> datetime:
    return instant.replace(microsecond=0)
