"""A payment provider to which a test can do something in the middle of our calls."""

from collections import deque
from collections.abc import Awaitable, Callable
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from totetaxi_adapters.memory.payments import MemoryPaymentGateway
from totetaxi_core.clock import Clock
from totetaxi_core.ids import IdSource
from totetaxi_core.payments.gateway import (
    IntentOrder,
    PaymentIntent,
    PaymentUnavailableError,
    ProviderRefund,
    RefundOrder,
)

Deed = Callable[[], Awaitable[object]]


class Call(StrEnum):
    CREATE_INTENT = "create_intent"
    GET_INTENT = "get_intent"
    FIND_INTENTS = "find_intents"
    CANCEL_INTENT = "cancel_intent"
    CONFIRM_INTENT = "confirm_intent"
    CREATE_REFUND = "create_refund"
    GET_REFUND = "get_refund"
    CREATE_SESSION = "create_session"
    GET_SESSION = "get_session"
    EXPIRE_SESSION = "expire_session"


class InterruptedGateway(MemoryPaymentGateway):
    """`before` and `after` run a deed once, around the next call of that kind.

    An order whose key is in `failed_keys` is answered 500 each time, as Stripe does with a stored
    failure; `calls` names every call in order. A look in `looks` is what the next question for
    that intent is answered, however it stands.
    """

    def __init__(self, *, ids: IdSource, clock: Clock) -> None:
        super().__init__(ids=ids, clock=clock)
        self.failed_keys: set[str] = set()
        self.calls: list[Call] = []
        self.looks: dict[str, PaymentIntent] = {}
        self._before: dict[Call, deque[Deed]] = {}
        self._after: dict[Call, deque[Deed]] = {}

    def before(self, call: Call, deed: Deed) -> None:
        self._before.setdefault(call, deque()).append(deed)

    def after(self, call: Call, deed: Deed) -> None:
        self._after.setdefault(call, deque()).append(deed)

    def forget_deeds(self) -> None:
        self._before.clear()
        self._after.clear()

    async def create_intent(self, order: IntentOrder) -> PaymentIntent:
        await self.enter(Call.CREATE_INTENT)
        self.fail_kept(order.idempotency_key)
        intent = await super().create_intent(order)
        await self.leave(Call.CREATE_INTENT)
        return intent

    async def get_intent(self, intent_id: str) -> PaymentIntent:
        await self.enter(Call.GET_INTENT)
        intent = self.looks.pop(intent_id, None) or await super().get_intent(intent_id)
        await self.leave(Call.GET_INTENT)
        return intent

    async def find_intents(
        self, payment_id: UUID, *, created_from: datetime
    ) -> tuple[PaymentIntent, ...]:
        await self.enter(Call.FIND_INTENTS)
        return await super().find_intents(payment_id, created_from=created_from)

    async def cancel_intent(self, intent_id: str) -> PaymentIntent:
        await self.enter(Call.CANCEL_INTENT)
        intent = await super().cancel_intent(intent_id)
        await self.leave(Call.CANCEL_INTENT)
        return intent

    async def confirm_intent(
        self, intent_id: str, *, stripe_payment_method_id: str
    ) -> PaymentIntent:
        await self.enter(Call.CONFIRM_INTENT)
        intent = await super().confirm_intent(
            intent_id, stripe_payment_method_id=stripe_payment_method_id
        )
        await self.leave(Call.CONFIRM_INTENT)
        return intent

    async def create_refund(self, order: RefundOrder) -> ProviderRefund:
        await self.enter(Call.CREATE_REFUND)
        self.fail_kept(order.idempotency_key)
        refund = await super().create_refund(order)
        await self.leave(Call.CREATE_REFUND)
        return refund

    async def get_refund(self, provider_refund_id: str) -> ProviderRefund:
        await self.enter(Call.GET_REFUND)
        refund = await super().get_refund(provider_refund_id)
        await self.leave(Call.GET_REFUND)
        return refund

    def fail_kept(self, key: str) -> None:
        if key in self.failed_keys:
            raise PaymentUnavailableError("APIError, HTTP 500", answered=True)

    async def enter(self, call: Call) -> None:
        self.calls.append(call)
        await _run_next(self._before, call)

    async def leave(self, call: Call) -> None:
        await _run_next(self._after, call)


async def _run_next(deeds: dict[Call, deque[Deed]], call: Call) -> None:
    waiting = deeds.get(call)
    if waiting:
        await waiting.popleft()()
