"""The port to the pay pages with its other end, in memory and real."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from random import Random
from typing import Final, Protocol

import httpx

from tests.adapters.sandbox.stripe_server import StripeServer, running_stripe
from tests.adapters.stripe.orders import gateway_to
from tests.builders import NOW
from tests.contracts.payment_worlds import NO_RETRIES
from totetaxi_adapters.memory.checkout import MemoryCheckoutGateway
from totetaxi_adapters.memory.clock import SettableClock
from totetaxi_adapters.memory.outage import Outage
from totetaxi_adapters.memory.payments import MemoryPaymentGateway
from totetaxi_adapters.stripe import StripeCheckoutGateway
from totetaxi_core.ids import IdSource
from totetaxi_core.payments.checkout import CheckoutGateway
from totetaxi_core.payments.gateway import PaymentGateway

SUCCESS_URL: Final = "https://totetaxi.example/success"
CANCEL_URL: Final = "https://totetaxi.example/cancel"


class CheckoutWorld(Protocol):
    """`clock` is the provider's own; `pay` and `decide` are the payer's and the bank's acts."""

    clock: SettableClock

    @property
    def checkout(self) -> CheckoutGateway: ...

    @property
    def payments(self) -> PaymentGateway: ...

    async def pay(self, session_id: str, card: str) -> bool:
        """Present a card on the page; False when the page takes none."""
        ...

    async def decide(self, intent_id: str, *, approve: bool) -> None: ...

    async def lose_next_call(self, *, acts: bool) -> None:
        """Let the next call get no answer, having acted or not."""
        ...


class MemoryCheckoutWorld:
    def __init__(self) -> None:
        self.clock = SettableClock(NOW)
        ids = IdSource(Random(1))  # noqa: S311  a seed, so that a run can be repeated
        self.payments = MemoryPaymentGateway(ids=ids, clock=self.clock)
        self.checkout = MemoryCheckoutGateway(self.payments, ids=ids, clock=self.clock)

    async def pay(self, session_id: str, card: str) -> bool:
        try:
            self.checkout.pay_session(session_id, card)
        except ValueError:
            return False
        return True

    async def decide(self, intent_id: str, *, approve: bool) -> None:
        self.payments.decide(intent_id, approve=approve)

    async def lose_next_call(self, *, acts: bool) -> None:
        self.payments.outages.plan(Outage.AFTER_ACTING if acts else Outage.BEFORE_ACTING)


class StripeCheckoutWorld:
    def __init__(
        self,
        payments: PaymentGateway,
        checkout: CheckoutGateway,
        server: StripeServer,
        *,
        clock: SettableClock,
    ) -> None:
        self.clock, self.payments, self.checkout = clock, payments, checkout
        self._server = server

    async def pay(self, session_id: str, card: str) -> bool:
        answer = await self._server.pay_session(session_id, card)
        return answer.status_code in (httpx.codes.OK, httpx.codes.PAYMENT_REQUIRED)

    async def decide(self, intent_id: str, *, approve: bool) -> None:
        await self._server.authenticate(intent_id, "approve" if approve else "deny")

    async def lose_next_call(self, *, acts: bool) -> None:
        action = "drop_after_acting" if acts else "drop_before_acting"
        await self._server.plan_faults({"action": action, "path": "/v1/*", "times": 1})


@asynccontextmanager
async def stripe_checkout_world(database_url: str) -> AsyncIterator[StripeCheckoutWorld]:
    """Serve the sandbox on this database, with a clock of the test's own."""
    clock = SettableClock(NOW)
    async with (
        running_stripe(database_url, clock=clock) as server,
        gateway_to(server.url, bounds=NO_RETRIES) as gateway,
    ):
        checkout = StripeCheckoutGateway(
            gateway.connection, success_url=SUCCESS_URL, cancel_url=CANCEL_URL
        )
        yield StripeCheckoutWorld(gateway, checkout, server, clock=clock)
