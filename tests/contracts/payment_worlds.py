"""The payment port with its other end: the payer, the bank and the wire, in memory and real."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from random import Random
from typing import Final, Protocol

import httpx

from tests.adapters.sandbox.stripe_server import StripeServer, running_stripe
from tests.adapters.stripe.orders import gateway_to
from tests.builders import NOW
from totetaxi_adapters.memory.clock import SettableClock
from totetaxi_adapters.memory.disputes import MemoryDisputeGateway
from totetaxi_adapters.memory.outage import Outage
from totetaxi_adapters.memory.payments import MemoryPaymentGateway
from totetaxi_adapters.stripe import StripeBounds, StripeDisputeGateway, StripePaymentGateway
from totetaxi_core.ids import IdSource
from totetaxi_core.payments.dispute_gateway import DisputeGateway, ProviderDispute
from totetaxi_core.payments.gateway import PaymentGateway, ProviderRefund, RefundState

NO_RETRIES: Final = StripeBounds(timeout_s=5, max_network_retries=0)
REFUND_SETTLE_S: Final = 0.05
DEADLINE_S: Final = 10


class PaymentWorld(Protocol):
    """`clock` is the provider's own; `pay` and `decide` are the payer's and the bank's acts."""

    clock: SettableClock

    @property
    def gateway(self) -> PaymentGateway: ...

    @property
    def disputes(self) -> DisputeGateway: ...

    async def pay(self, intent_id: str, card: str) -> None: ...

    async def decide(self, intent_id: str, *, approve: bool) -> None: ...

    async def disputed(self, intent_id: str) -> ProviderDispute:
        """Return the dispute that the intent's card has opened."""
        ...

    async def close_dispute(self, stripe_dispute_id: str, *, won: bool) -> None: ...

    async def lose_next_call(self, *, acts: bool) -> None:
        """Let the next call get no answer, having acted or not."""
        ...

    async def settled(self, refund: ProviderRefund, *, state: RefundState) -> ProviderRefund:
        """Return the refund once the bank has brought it into the state its card stands for."""
        ...


class MemoryPaymentWorld:
    def __init__(self) -> None:
        self.clock = SettableClock(NOW)
        ids = IdSource(Random(1))  # noqa: S311  a seed, so that a run can be repeated
        self.gateway = MemoryPaymentGateway(ids=ids, clock=self.clock)
        self.disputes = MemoryDisputeGateway(self.gateway)

    async def pay(self, intent_id: str, card: str) -> None:
        self.gateway.pay(intent_id, card)

    async def decide(self, intent_id: str, *, approve: bool) -> None:
        self.gateway.decide(intent_id, approve=approve)

    async def disputed(self, intent_id: str) -> ProviderDispute:
        [dispute] = await self.disputes.find_disputes(intent_id)
        return dispute

    async def close_dispute(self, stripe_dispute_id: str, *, won: bool) -> None:
        self.disputes.close_dispute(stripe_dispute_id, won=won)

    async def lose_next_call(self, *, acts: bool) -> None:
        self.gateway.outages.plan(Outage.AFTER_ACTING if acts else Outage.BEFORE_ACTING)

    async def settled(self, refund: ProviderRefund, *, state: RefundState) -> ProviderRefund:
        self.gateway.settle_refund(refund.id, succeeds=state is RefundState.SUCCEEDED)
        return await self.gateway.get_refund(refund.id)


class StripeSandboxWorld:
    def __init__(
        self, gateway: StripePaymentGateway, server: StripeServer, *, clock: SettableClock
    ) -> None:
        self.clock, self.gateway = clock, gateway
        self.disputes = StripeDisputeGateway(gateway.connection)
        self._server = server

    async def pay(self, intent_id: str, card: str) -> None:
        answer = await self._server.pay(intent_id, card)
        assert answer.status_code in (httpx.codes.OK, httpx.codes.PAYMENT_REQUIRED), answer.text

    async def decide(self, intent_id: str, *, approve: bool) -> None:
        outcome = "approve" if approve else "deny"
        answer = await self._server.authenticate(intent_id, outcome)
        assert answer.status_code in (httpx.codes.OK, httpx.codes.PAYMENT_REQUIRED), answer.text

    async def disputed(self, intent_id: str) -> ProviderDispute:
        dispute = await self._server.wait_for_dispute(intent_id)
        return await self.disputes.get_dispute(dispute["id"])

    async def close_dispute(self, stripe_dispute_id: str, *, won: bool) -> None:
        answer = await self._server.close_dispute(stripe_dispute_id, "won" if won else "lost")
        assert answer.status_code == httpx.codes.OK, answer.text

    async def lose_next_call(self, *, acts: bool) -> None:
        action = "drop_after_acting" if acts else "drop_before_acting"
        await self._server.plan_faults({"action": action, "path": "/v1/*", "times": 1})

    async def settled(self, refund: ProviderRefund, *, state: RefundState) -> ProviderRefund:
        async with asyncio.timeout(DEADLINE_S):
            found = refund
            while found.state is not state:
                found = await self.gateway.get_refund(refund.id)
        return found


@asynccontextmanager
async def stripe_sandbox_world(database_url: str) -> AsyncIterator[StripeSandboxWorld]:
    """Serve the sandbox on this database, with a clock of the test's own."""
    clock = SettableClock(NOW)
    async with (
        running_stripe(database_url, clock=clock, refund_settle_s=REFUND_SETTLE_S) as server,
        gateway_to(server.url, bounds=NO_RETRIES) as gateway,
    ):
        yield StripeSandboxWorld(gateway, server, clock=clock)
