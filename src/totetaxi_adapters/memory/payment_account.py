"""What the payment provider knows: intents, refunds and the events it has to tell."""

from dataclasses import replace
from datetime import datetime
from typing import Final
from uuid import UUID

from totetaxi_adapters.memory.card_wallet import CardWallet
from totetaxi_adapters.memory.cards import CARDS, Card
from totetaxi_adapters.memory.dispute_desk import DisputeDesk
from totetaxi_adapters.memory.event_log import EventLog
from totetaxi_adapters.memory.refund_desk import RefundDesk
from totetaxi_core.clock import Clock
from totetaxi_core.ids import IdSource
from totetaxi_core.payments.checkout import SessionOrder
from totetaxi_core.payments.dispute_gateway import ProviderDispute
from totetaxi_core.payments.gateway import (
    CARD_GONE,
    IntentNotFoundError,
    IntentOrder,
    IntentStatus,
    PayerGoneError,
    PaymentDeclinedError,
    PaymentEvent,
    PaymentIntent,
    PaymentMisconfiguredError,
    ProviderRefund,
    RefundOrder,
)

MINIMUM_CENTS: Final = 50
DECLINED: Final = "Your card was declined."
NOT_APPROVED: Final = (
    "Your bank could not confirm that it was you. Please try again, or use another card."
)
PAYABLE: Final = frozenset({IntentStatus.REQUIRES_PAYMENT_METHOD, IntentStatus.REQUIRES_ACTION})
EVENT_OF_STATUS: Final = {
    IntentStatus.REQUIRES_PAYMENT_METHOD: "payment_intent.payment_failed",
    IntentStatus.REQUIRES_ACTION: "payment_intent.requires_action",
    IntentStatus.PROCESSING: "payment_intent.processing",
    IntentStatus.SUCCEEDED: "payment_intent.succeeded",
    IntentStatus.CANCELED: "payment_intent.canceled",
}


class PaymentAccount:
    """Intents and refunds by id, oldest first."""

    def __init__(self, *, ids: IdSource, clock: Clock) -> None:
        self._ids = ids
        self._clock = clock
        self._intents: dict[str, PaymentIntent] = {}
        self._of_checkout: set[str] = set()
        self._cards: dict[str, Card] = {}
        self._events = EventLog(ids=ids)
        self._refund_desk = RefundDesk(self._events.of_refund, ids=ids, clock=clock)
        self.wallet = CardWallet(tell=self._events.of_cards, ids=ids)
        self.dispute_desk = DisputeDesk(
            self._left_of, self._events.of_dispute, ids=ids, clock=clock
        )

    def intent(self, intent_id: str) -> PaymentIntent:
        """Return the intent.

        Raises:
            IntentNotFoundError: there is none.
        """
        if intent_id not in self._intents:
            raise IntentNotFoundError(f"there is no payment intent {intent_id}")
        return self._as_it_stands(self._intents[intent_id])

    def intents(self) -> tuple[PaymentIntent, ...]:
        return tuple(self._as_it_stands(each) for each in self._intents.values())

    def refund(self, provider_refund_id: str) -> ProviderRefund:
        """Return the refund.

        Raises:
            PaymentMisconfiguredError: there is none.
        """
        return self._refund_desk.get(provider_refund_id)

    def refunds(self) -> tuple[ProviderRefund, ...]:
        return self._refund_desk.all()

    def refunds_of(self, intent_id: str) -> tuple[ProviderRefund, ...]:
        """Return the intent's refunds, newest first.

        Raises:
            PaymentMisconfiguredError: there is no such intent.
        """
        return self._refund_desk.of(self._require_intent(intent_id).id)

    def disputes(self) -> tuple[ProviderDispute, ...]:
        return self.dispute_desk.all()

    def take_events(self) -> tuple[PaymentEvent, ...]:
        """Return what happened since the last call, oldest first."""
        return self._events.take()

    def add_intent(self, order: IntentOrder | SessionOrder) -> str:
        """Make an intent, ours or a session's, and return its id.

        Raises:
            PayerGoneError: there is no such customer.
            PaymentMisconfiguredError: it is for less than 50 cents.
        """
        payer = order.stripe_customer_id if isinstance(order, IntentOrder) else None
        if payer is not None and payer not in self.wallet.customers():
            raise PayerGoneError(f"there is no customer {payer}")
        if order.amount_cents < MINIMUM_CENTS:
            raise PaymentMisconfiguredError(f"{order.amount_cents} cents are too little to charge")
        intent_id = self._new_id("pi")
        self._intents[intent_id] = PaymentIntent(
            id=intent_id,
            status=IntentStatus.REQUIRES_PAYMENT_METHOD,
            amount_cents=order.amount_cents,
            amount_received_cents=0,
            client_secret=f"{intent_id}_secret_{self._ids.new_id().hex}",
            created_at=self._second(),
            booking_id=order.booking_id,
            payment_id=order.payment_id,
            attempt=order.attempt,
            stripe_customer_id=payer,
        )
        if isinstance(order, SessionOrder):
            self._of_checkout.add(intent_id)
        self._events.of_new_intent(intent_id)
        return intent_id

    def cancel(self, intent_id: str) -> PaymentIntent:
        """Cancel the intent if it can be; return how it stands.

        Raises:
            PaymentMisconfiguredError: it is a session's, which has to be ended instead.
        """
        if intent_id in self._of_checkout:
            raise PaymentMisconfiguredError(f"{intent_id} was made by a Checkout session")
        return self.cancel_with_session(intent_id)

    def cancel_with_session(self, intent_id: str) -> PaymentIntent:
        """Cancel the intent as the end of its session does; return how it stands."""
        intent = self.intent(intent_id)
        if intent.status not in PAYABLE:
            return intent
        return self._move(replace(intent, status=IntentStatus.CANCELED))

    def pay(self, intent_id: str, card_number: str) -> PaymentIntent:
        """Present a card and return how the intent stands; a decline only shows in it.

        Raises:
            ValueError: the intent takes no more cards, or the card is not in `cards`.
        """
        intent = self.intent(intent_id)
        card = CARDS.get(card_number)
        if intent.status not in PAYABLE or card is None:
            raise ValueError(f"{card_number} cannot pay an intent that is {intent.status}")
        return self._present(replace(intent, stripe_payment_method_id=None), card, card.status)

    def confirm(self, intent_id: str, method_id: str) -> PaymentIntent:
        """Present a saved card and return how the intent stands, as it does if it takes none.

        Raises:
            PaymentDeclinedError: the card is not attached to the intent's customer.
        """
        intent = self.intent(intent_id)
        if intent.status not in PAYABLE:
            return intent
        card = self.wallet.card_of(method_id, intent.stripe_customer_id)
        if card is None:
            raise PaymentDeclinedError(CARD_GONE)
        presented = replace(intent, stripe_payment_method_id=method_id)
        return self._present(presented, card, card.status_once_saved)

    def _present(self, intent: PaymentIntent, card: Card, status: IntentStatus) -> PaymentIntent:
        self._cards[intent.id] = card
        if status is IntentStatus.SUCCEEDED:
            return self._succeed(intent, card)
        if status is IntentStatus.REQUIRES_PAYMENT_METHOD:
            return self._decline(intent, card, DECLINED)
        return self._move(replace(intent, status=status, decline_message=None))

    def decide(self, intent_id: str, *, approve: bool) -> PaymentIntent:
        """End the wait for the payer's approval or for the bank.

        Raises:
            ValueError: the intent waits for neither.
        """
        intent, card = self.intent(intent_id), self._cards.get(intent_id)
        waits_for_bank = intent.status is IntentStatus.PROCESSING
        if card is None or not (waits_for_bank or intent.status is IntentStatus.REQUIRES_ACTION):
            raise ValueError(f"an intent that is {intent.status} waits for no decision")
        if approve:
            return self._succeed(intent, card)
        if waits_for_bank:
            return self._decline(intent, card, DECLINED)
        refused = replace(
            intent,
            status=IntentStatus.REQUIRES_PAYMENT_METHOD,
            decline_message=NOT_APPROVED,
            stripe_payment_method_id=None,
        )
        return self._move(refused)

    def add_refund(self, order: RefundOrder) -> str:
        """Send money back and return the refund's id.

        Raises:
            PaymentDeclinedError: the intent is not paid, or has less left.
            PaymentMisconfiguredError: there is no such intent.
        """
        return self._add_refund(order.intent_id, order.amount_cents, refund_id=order.refund_id)

    def add_refund_by_hand(self, intent_id: str, amount_cents: int) -> str:
        """Send money back without our marks, and return the refund's id.

        Raises:
            PaymentDeclinedError: the intent is not paid, or has less left.
            PaymentMisconfiguredError: there is no such intent.
        """
        return self._add_refund(intent_id, amount_cents, refund_id=None)

    def settle_refund(self, provider_refund_id: str, *, succeeds: bool) -> ProviderRefund:
        """Let the bank take or return a refund; even one that succeeded may come back."""
        return self._refund_desk.settle(provider_refund_id, succeeds=succeeds)

    def tell_of_session(self, kind: str, session_id: str) -> None:
        """Owe the event of a Checkout session."""
        self._events.of_session(kind, session_id)

    def _add_refund(self, intent_id: str, amount_cents: int, *, refund_id: UUID | None) -> str:
        self._check_refund(intent_id, amount_cents)
        state = self._cards[intent_id].refund_state
        return self._refund_desk.add(intent_id, amount_cents, state=state, refund_id=refund_id)

    def _check_refund(self, intent_id: str, amount_cents: int) -> None:
        left_cents = self._left_cents(self._require_intent(intent_id))
        if self.dispute_desk.has(intent_id):
            raise PaymentDeclinedError("refund refused: the charge is under dispute")
        if not 0 < amount_cents <= left_cents:
            raise PaymentDeclinedError(
                f"refund refused: {amount_cents} cents asked, {left_cents} left"
            )

    def _as_it_stands(self, intent: PaymentIntent) -> PaymentIntent:
        refunded_cents = self._refund_desk.given_back_cents(intent.id)
        return replace(intent, refunded_cents=refunded_cents) if refunded_cents else intent

    def _left_cents(self, intent: PaymentIntent) -> int:
        given_back_cents = self._refund_desk.given_back_cents(intent.id)
        gone_cents = given_back_cents + self.dispute_desk.withdrawn_cents(intent.id)
        return intent.amount_received_cents - gone_cents

    def _left_of(self, intent_id: str) -> tuple[PaymentIntent, int]:
        intent = self.intent(intent_id)
        return intent, self._left_cents(intent)

    def _require_intent(self, intent_id: str) -> PaymentIntent:
        if intent_id not in self._intents:
            raise PaymentMisconfiguredError(f"there is no payment intent {intent_id}")
        return self._intents[intent_id]

    def _succeed(self, intent: PaymentIntent, card: Card) -> PaymentIntent:
        paid = self._charged(intent, card)
        moved = self._move(
            replace(
                paid,
                status=IntentStatus.SUCCEEDED,
                amount_received_cents=intent.amount_cents,
                decline_message=None,
            )
        )
        if card.dispute_reason:
            self.dispute_desk.open(intent.id, inquiry=card.is_inquiry, reason=card.dispute_reason)
        return moved

    def _decline(self, intent: PaymentIntent, card: Card, message: str) -> PaymentIntent:
        tried = replace(self._charged(intent, card), stripe_payment_method_id=None)
        return self._move(
            replace(tried, status=IntentStatus.REQUIRES_PAYMENT_METHOD, decline_message=message)
        )

    def _charged(self, intent: PaymentIntent, card: Card) -> PaymentIntent:
        """Return the intent with a charge; a declined attempt has one too."""
        return replace(
            intent,
            charge_id=self._new_id("ch"),
            card_brand=card.brand,
            card_last_four=card.last_four,
            charged_at=self._second(),
        )

    def _move(self, intent: PaymentIntent) -> PaymentIntent:
        self._intents[intent.id] = intent
        self._events.of_intent(EVENT_OF_STATUS[intent.status], intent.id)
        return intent

    def _new_id(self, prefix: str) -> str:
        return f"{prefix}_{self._ids.new_id().hex}"

    def _second(self) -> datetime:
        """Return the present instant in whole seconds, as Stripe dates things."""
        return self._clock().replace(microsecond=0)
