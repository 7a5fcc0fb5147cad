"""The port to the provider's pay pages, without the provider."""

from dataclasses import replace
from datetime import timedelta
from typing import Final

from totetaxi_adapters.memory.payments import MemoryPaymentGateway
from totetaxi_core.clock import Clock
from totetaxi_core.ids import IdSource
from totetaxi_core.payments.checkout import (
    CheckoutSession,
    SessionEndError,
    SessionNotFoundError,
    SessionOrder,
    SessionPayment,
    SessionStatus,
)
from totetaxi_core.payments.gateway import IntentStatus, PaymentIntent

SHORTEST: Final = timedelta(minutes=30)
LONGEST: Final = timedelta(hours=24)
PAY_PAGE: Final = "https://checkout.example/pay"


class MemoryCheckoutGateway:
    """Sessions by id, oldest first. Their intents, keys and outages are those of `payments`.

    What a payer does is done by the methods that are not async. A session lapses by itself.
    """

    def __init__(self, payments: MemoryPaymentGateway, *, ids: IdSource, clock: Clock) -> None:
        self._payments, self._ids, self._clock = payments, ids, clock
        self._sessions: dict[str, CheckoutSession] = {}
        self._orders: dict[str, SessionOrder] = {}

    async def create_session(self, order: SessionOrder) -> CheckoutSession:
        """Create the session, or return the one this order's key made within the last 24 h.

        Raises:
            SessionEndError: it would end in less than 30 min or more than 24 h; none was made.
        """
        return await self._payments.answer(lambda: self._create(order))

    async def get_session(self, session_id: str) -> CheckoutSession:
        """Return the session as it stands now.

        Raises:
            SessionNotFoundError: there is no such session.
        """
        return await self._payments.answer(lambda: self.session(session_id))

    async def expire_session(self, session_id: str) -> CheckoutSession:
        """End the session and return how it stands: `complete` if the payer was faster.

        Raises:
            SessionNotFoundError: there is no such session.
        """
        return await self._payments.answer(lambda: self._expire(self.session(session_id)))

    def sessions(self) -> tuple[CheckoutSession, ...]:
        """Return every session ever made, oldest first, as they now stand."""
        return tuple(self.session(session_id) for session_id in tuple(self._sessions))

    def session(self, session_id: str) -> CheckoutSession:
        """Return the session as it stands now.

        Raises:
            SessionNotFoundError: there is none.
        """
        session = self._sessions.get(session_id)
        if session is None:
            raise SessionNotFoundError(f"there is no Checkout session {session_id}")
        is_open = session.status is SessionStatus.OPEN
        if is_open and self._clock() >= session.expires_at:
            return self._expire(session)
        if session.payment_status is SessionPayment.UNPAID and session.intent_id:
            return self._follow(session, self._payments.account.intent(session.intent_id))
        return session

    def pay_session(self, session_id: str, card: str) -> PaymentIntent:
        """Pay on the page, with a card number of `cards`; return how its intent stands.

        Raises:
            ValueError: the session is not open, or the card is unknown.
        """
        session = self.session(session_id)
        if session.status is not SessionStatus.OPEN:
            raise ValueError(f"{card} cannot pay a session that is {session.status}")
        account = self._payments.account
        intent_id = session.intent_id or account.add_intent(self._orders[session_id])
        self._sessions[session_id] = replace(session, intent_id=intent_id)
        intent = account.pay(intent_id, card)
        self._follow(self._sessions[session_id], intent)
        return intent

    def _create(self, order: SessionOrder) -> CheckoutSession:
        made_id = self._payments.keys.once(
            order.idempotency_key, order, lambda: self._add_session(order)
        )
        return self.session(made_id)

    def _add_session(self, order: SessionOrder) -> str:
        ahead = order.expires_at - self._clock().replace(microsecond=0)
        if not SHORTEST <= ahead <= LONGEST:
            raise SessionEndError(f"a session cannot end in {ahead}")
        session_id = f"cs_{self._ids.new_id().hex}"
        self._orders[session_id] = order
        self._sessions[session_id] = CheckoutSession(
            id=session_id,
            status=SessionStatus.OPEN,
            payment_status=SessionPayment.UNPAID,
            url=f"{PAY_PAGE}/{session_id}",
            intent_id=None,
            expires_at=order.expires_at,
            booking_id=order.booking_id,
            payment_id=order.payment_id,
            attempt=order.attempt,
        )
        return session_id

    def _expire(self, session: CheckoutSession) -> CheckoutSession:
        if session.status is not SessionStatus.OPEN:
            return session
        if session.intent_id is not None:
            self._payments.account.cancel_with_session(session.intent_id)
        expired = replace(session, status=SessionStatus.EXPIRED, url=None)
        return self._keep(expired, event="checkout.session.expired")

    def _follow(self, session: CheckoutSession, intent: PaymentIntent) -> CheckoutSession:
        """Return the session as its intent brings it along."""
        through = session.status is SessionStatus.COMPLETE
        if intent.status is IntentStatus.SUCCEEDED:
            kind = "async_payment_succeeded" if through else "completed"
            paid = replace(session, payment_status=SessionPayment.PAID)
            return self._complete(paid, event=f"checkout.session.{kind}")
        if intent.status is IntentStatus.PROCESSING and not through:
            return self._complete(session, event="checkout.session.completed")
        return session

    def _complete(self, session: CheckoutSession, *, event: str) -> CheckoutSession:
        return self._keep(replace(session, status=SessionStatus.COMPLETE, url=None), event=event)

    def _keep(self, session: CheckoutSession, *, event: str) -> CheckoutSession:
        self._sessions[session.id] = session
        self._payments.account.tell_of_session(event, session.id)
        return session
