"""The payment provider at the end of a long and bad line."""

import asyncio
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import datetime, timedelta
from typing import TypeVar

from totetaxi_adapters.memory.checkout import MemoryCheckoutGateway
from totetaxi_adapters.memory.payments import MemoryPaymentGateway
from totetaxi_adapters.simulation.faults import Faults
from totetaxi_core.clock import Clock
from totetaxi_core.ids import IdSource
from totetaxi_core.payments.checkout import CheckoutSession, SessionOrder
from totetaxi_core.payments.gateway import (
    IntentOrder,
    PaymentIntent,
    ProviderRefund,
    RefundOrder,
)
from totetaxi_core.refusal import DomainError

Answer = TypeVar("Answer")
KEY_KEPT = timedelta(hours=24)


class StripeLine(MemoryPaymentGateway):
    """Others go on while a question travels, and again while its answer does.

    Either may be lost. A create may be answered 500, whether it acted or not, and its key then
    brings that answer for a day.
    """

    def __init__(self, *, ids: IdSource, clock: Clock, faults: Faults) -> None:
        super().__init__(ids=ids, clock=clock)
        self._faults = faults
        self._now = clock
        self._failed_at: dict[str, datetime] = {}
        self._made_at: dict[str, datetime] = {}

    def keyed(self, key: str, create: Callable[[], Answer]) -> Answer:
        """Create at the provider's end of the line; the first answer of a key is all it brings."""
        if self._is_kept(key, self._failed_at):
            raise self._faults.failure()
        if self._is_kept(key, self._made_at):
            return create()
        if not self._faults.fails_for_good():
            self._made_at[key] = self._now()
            return create()
        self._failed_at[key] = self._now()
        if self._faults.chance.random() < 0.5:  # noqa: PLR2004  as often as not
            with suppress(DomainError):
                create()
        raise self._faults.failure()

    def _create_intent(self, order: IntentOrder) -> PaymentIntent:
        create = super()._create_intent
        return self.keyed(order.idempotency_key, lambda: create(order))

    def _create_refund(self, order: RefundOrder) -> ProviderRefund:
        create = super()._create_refund
        return self.keyed(order.idempotency_key, lambda: create(order))

    def _is_kept(self, key: str, answered_at: Mapping[str, datetime]) -> bool:
        at = answered_at.get(key)
        return at is not None and self._now() - at < KEY_KEPT

    async def _answer(self, act: Callable[[], Answer]) -> Answer:
        outage = self._faults.outage()
        if outage is not None:
            self.outages.plan(outage)
        answer = await super()._answer(act)
        await asyncio.sleep(0)  # the answer is under way: what it says may have changed since
        return answer


class PageLine(MemoryCheckoutGateway):
    """The provider's pay pages, at the end of the same line."""

    def __init__(self, stripe: StripeLine, *, ids: IdSource, clock: Clock) -> None:
        super().__init__(stripe, ids=ids, clock=clock)
        self._stripe = stripe

    def _create(self, order: SessionOrder) -> CheckoutSession:
        create = super()._create
        return self._stripe.keyed(order.idempotency_key, lambda: create(order))
