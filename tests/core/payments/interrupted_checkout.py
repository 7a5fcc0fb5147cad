"""Pay pages to which a test can do something in the middle of our calls."""

from tests.core.payments.interrupted_gateway import Call, InterruptedGateway
from totetaxi_adapters.memory.checkout import MemoryCheckoutGateway
from totetaxi_core.clock import Clock
from totetaxi_core.ids import IdSource
from totetaxi_core.payments.checkout import CheckoutSession, SessionOrder


class InterruptedCheckout(MemoryCheckoutGateway):
    """The deeds, failed keys and calls are those of `stripe`."""

    def __init__(self, stripe: InterruptedGateway, *, ids: IdSource, clock: Clock) -> None:
        super().__init__(stripe, ids=ids, clock=clock)
        self._stripe = stripe

    def forget_all(self) -> None:
        """Lose every session, as when the account was wiped."""
        self._sessions.clear()

    async def create_session(self, order: SessionOrder) -> CheckoutSession:
        await self._stripe.enter(Call.CREATE_SESSION)
        self._stripe.fail_kept(order.idempotency_key)
        session = await super().create_session(order)
        await self._stripe.leave(Call.CREATE_SESSION)
        return session

    async def get_session(self, session_id: str) -> CheckoutSession:
        await self._stripe.enter(Call.GET_SESSION)
        session = await super().get_session(session_id)
        await self._stripe.leave(Call.GET_SESSION)
        return session

    async def expire_session(self, session_id: str) -> CheckoutSession:
        await self._stripe.enter(Call.EXPIRE_SESSION)
        session = await super().expire_session(session_id)
        await self._stripe.leave(Call.EXPIRE_SESSION)
        return session
