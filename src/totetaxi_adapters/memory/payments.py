"""The port to the payment provider, without the provider."""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from typing import TypeVar
from uuid import UUID

from totetaxi_adapters.memory.outage import Outage, OutagePlan
from totetaxi_adapters.memory.payment_account import PaymentAccount
from totetaxi_adapters.memory.provider_keys import ProviderKeys
from totetaxi_core.clock import Clock
from totetaxi_core.ids import IdSource
from totetaxi_core.payments.gateway import (
    IntentOrder,
    PaymentEvent,
    PaymentIntent,
    PaymentUnavailableError,
    ProviderRefund,
    RefundOrder,
)
from totetaxi_core.refusal import DomainError

Answer = TypeVar("Answer")


class MemoryPaymentGateway:
    """Behaves as Stripe does for the calls we make; the same ids and clock give the same answers.

    `outages` plans what goes wrong with coming calls. What a payer or a bank does is done by the
    methods that are not async, and never fails for want of an answer.
    """

    def __init__(self, *, ids: IdSource, clock: Clock) -> None:
        self.outages = OutagePlan()
        self._account = PaymentAccount(ids=ids, clock=clock)
        self._keys = ProviderKeys(clock)

    async def create_intent(self, order: IntentOrder) -> PaymentIntent:
        """Create the intent, or return the one this order's key made within the last 24 h."""
        return await self._answer(lambda: self._create_intent(order))

    async def get_intent(self, intent_id: str) -> PaymentIntent:
        """Return the intent as it stands now.

        Raises:
            IntentNotFoundError: there is no such intent.
        """
        return await self._answer(lambda: self._account.intent(intent_id))

    async def find_intents(
        self, payment_id: UUID, *, created_from: datetime
    ) -> tuple[PaymentIntent, ...]:
        """Return the intents that carry our payment's id, newest first, made since that instant."""
        since = created_from.replace(microsecond=0)
        intents = await self._answer(self._account.intents)
        return tuple(
            intent
            for intent in reversed(intents)
            if intent.payment_id == payment_id and intent.created_at >= since
        )

    async def cancel_intent(self, intent_id: str) -> PaymentIntent:
        """Cancel the intent and return how it stands: `succeeded` if the payer was faster.

        Raises:
            IntentNotFoundError: there is no such intent.
        """
        return await self._answer(lambda: self._account.cancel(intent_id))

    async def confirm_intent(
        self, intent_id: str, *, stripe_payment_method_id: str
    ) -> PaymentIntent:
        """Charge a saved card of the intent's customer; return how the intent stands then.

        Raises:
            IntentNotFoundError: there is no such intent.
            PaymentDeclinedError: the card is not attached to that customer.
        """
        account = self._account
        return await self._answer(lambda: account.confirm(intent_id, stripe_payment_method_id))

    async def create_refund(self, order: RefundOrder) -> ProviderRefund:
        """Send money back, or return the refund this order's key made within the last 24 h.

        Raises:
            PaymentDeclinedError: refused for good (more than is left).
        """
        return await self._answer(lambda: self._create_refund(order))

    async def get_refund(self, provider_refund_id: str) -> ProviderRefund:
        """Return the refund as it stands now."""
        return await self._answer(lambda: self._account.refund(provider_refund_id))

    async def find_refunds(self, intent_id: str) -> tuple[ProviderRefund, ...]:
        """Return every refund of the intent, newest first."""
        return await self._answer(lambda: self._account.refunds_of(intent_id))

    def intents(self) -> tuple[PaymentIntent, ...]:
        """Return every intent ever made, oldest first."""
        return self._account.intents()

    def refunds(self) -> tuple[ProviderRefund, ...]:
        """Return every refund ever made, oldest first."""
        return self._account.refunds()

    def pay(self, intent_id: str, card: str) -> PaymentIntent:
        """Pay as the browser would, with a card number of `cards`; return how the intent stands.

        Raises:
            ValueError: the intent takes no more cards, or the card is unknown.
        """
        return self._account.pay(intent_id, card)

    def decide(self, intent_id: str, *, approve: bool) -> PaymentIntent:
        """End an intent's wait for the payer's approval (3-D Secure) or for the bank.

        Raises:
            ValueError: the intent waits for neither.
        """
        return self._account.decide(intent_id, approve=approve)

    def settle_refund(self, provider_refund_id: str, *, succeeds: bool) -> ProviderRefund:
        """Let the bank take a refund, or return it: even one that succeeded may fail later."""
        return self._account.settle_refund(provider_refund_id, succeeds=succeeds)

    def refund_by_hand(self, intent_id: str, amount_cents: int) -> ProviderRefund:
        """Send money back as somebody at Stripe's dashboard would, without our marks.

        Raises:
            PaymentDeclinedError: the intent is not paid, or has less left.
        """
        return self._account.refund(self._account.add_refund_by_hand(intent_id, amount_cents))

    def take_events(self) -> tuple[PaymentEvent, ...]:
        """Return the events since the last call, oldest first: what webhooks would bring."""
        return self._account.take_events()

    @property
    def account(self) -> PaymentAccount:
        """Return what the provider knows, which pay pages share."""
        return self._account

    @property
    def keys(self) -> ProviderKeys:
        """Return the account's idempotency keys, which pay pages share."""
        return self._keys

    async def answer(self, act: Callable[[], Answer]) -> Answer:
        """Act and answer as any call does, within the planned outages."""
        return await self._answer(act)

    def _create_intent(self, order: IntentOrder) -> PaymentIntent:
        account = self._account
        made_id = self._keys.once(order.idempotency_key, order, lambda: account.add_intent(order))
        return account.intent(made_id)

    def _create_refund(self, order: RefundOrder) -> ProviderRefund:
        account = self._account
        made_id = self._keys.once(order.idempotency_key, order, lambda: account.add_refund(order))
        return account.refund(made_id)

    async def _answer(self, act: Callable[[], Answer]) -> Answer:
        """Act and answer, unless an outage keeps us from either; others run meanwhile."""
        await asyncio.sleep(0)
        outage = self.outages.take()
        if outage is Outage.BEFORE_ACTING:
            raise PaymentUnavailableError("the provider did not answer")
        if outage is Outage.AFTER_ACTING:
            with suppress(DomainError):
                act()
            raise PaymentUnavailableError("the provider acted and did not answer")
        return act()
