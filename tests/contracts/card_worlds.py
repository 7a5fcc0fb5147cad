"""The port to saved cards with its other end, in memory and real."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from random import Random
from typing import Protocol

import httpx

from tests.adapters.sandbox.stripe_server import StripeServer, running_stripe
from tests.adapters.stripe.orders import gateway_to
from tests.builders import NOW
from tests.contracts.payment_worlds import NO_RETRIES
from totetaxi_adapters.memory.card_gateway import MemoryCardGateway
from totetaxi_adapters.memory.clock import SettableClock
from totetaxi_adapters.memory.outage import Outage
from totetaxi_adapters.memory.payments import MemoryPaymentGateway
from totetaxi_adapters.stripe import StripeCardGateway
from totetaxi_core.customers.card_gateway import CardGateway
from totetaxi_core.ids import IdSource
from totetaxi_core.payments.gateway import PaymentGateway


class CardWorld(Protocol):
    """`clock` is the provider's own; `set_up` and the decisions are the payer's acts."""

    clock: SettableClock

    @property
    def cards(self) -> CardGateway: ...

    @property
    def payments(self) -> PaymentGateway: ...

    async def set_up(self, setup_intent_id: str, card: str) -> bool:
        """Present a card to save; False when the setup takes none."""
        ...

    async def decide_setup(self, setup_intent_id: str, *, approve: bool) -> None: ...

    async def decide(self, intent_id: str, *, approve: bool) -> None: ...

    async def lose_next_call(self, *, acts: bool) -> None:
        """Let the next call get no answer, having acted or not."""
        ...


class MemoryCardWorld:
    def __init__(self) -> None:
        self.clock = SettableClock(NOW)
        ids = IdSource(Random(1))  # noqa: S311  a seed, so that a run can be repeated
        self.payments = MemoryPaymentGateway(ids=ids, clock=self.clock)
        self.cards = MemoryCardGateway(self.payments)

    async def set_up(self, setup_intent_id: str, card: str) -> bool:
        try:
            self.cards.confirm_setup(setup_intent_id, card)
        except ValueError:
            return False
        return True

    async def decide_setup(self, setup_intent_id: str, *, approve: bool) -> None:
        self.cards.decide_setup(setup_intent_id, approve=approve)

    async def decide(self, intent_id: str, *, approve: bool) -> None:
        self.payments.decide(intent_id, approve=approve)

    async def lose_next_call(self, *, acts: bool) -> None:
        self.payments.outages.plan(Outage.AFTER_ACTING if acts else Outage.BEFORE_ACTING)


class StripeCardWorld:
    def __init__(
        self,
        payments: PaymentGateway,
        cards: CardGateway,
        server: StripeServer,
        *,
        clock: SettableClock,
    ) -> None:
        self.clock, self.payments, self.cards = clock, payments, cards
        self._server = server

    async def set_up(self, setup_intent_id: str, card: str) -> bool:
        answer = await self._server.set_up(setup_intent_id, card)
        return answer.status_code in (httpx.codes.OK, httpx.codes.PAYMENT_REQUIRED)

    async def decide_setup(self, setup_intent_id: str, *, approve: bool) -> None:
        outcome = "approve" if approve else "deny"
        await self._server.authenticate_setup(setup_intent_id, outcome)

    async def decide(self, intent_id: str, *, approve: bool) -> None:
        await self._server.authenticate(intent_id, "approve" if approve else "deny")

    async def lose_next_call(self, *, acts: bool) -> None:
        action = "drop_after_acting" if acts else "drop_before_acting"
        await self._server.plan_faults({"action": action, "path": "/v1/*", "times": 1})


@asynccontextmanager
async def stripe_card_world(database_url: str) -> AsyncIterator[StripeCardWorld]:
    """Serve the sandbox on this database, with a clock of the test's own."""
    clock = SettableClock(NOW)
    async with (
        running_stripe(database_url, clock=clock) as server,
        gateway_to(server.url, bounds=NO_RETRIES) as gateway,
    ):
        cards = StripeCardGateway(gateway.connection)
        yield StripeCardWorld(gateway, cards, server, clock=clock)
