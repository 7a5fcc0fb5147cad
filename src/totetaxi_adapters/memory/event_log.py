"""What the payment provider has to tell, oldest first."""

from totetaxi_core.ids import IdSource
from totetaxi_core.payments.gateway import PaymentEvent


class EventLog:
    """Events since they were last taken; each is about one object."""

    def __init__(self, *, ids: IdSource) -> None:
        self._ids = ids
        self._events: list[PaymentEvent] = []

    def take(self) -> tuple[PaymentEvent, ...]:
        """Return what happened since the last call."""
        events = tuple(self._events)
        self._events.clear()
        return events

    def of_intent(self, kind: str, intent_id: str) -> None:
        self._add(kind, intent_id=intent_id)

    def of_new_intent(self, intent_id: str) -> None:
        self._add("payment_intent.created", intent_id=intent_id, is_of_new_intent=True)

    def of_refund(self, kind: str, provider_refund_id: str) -> None:
        self._add(kind, provider_refund_id=provider_refund_id)

    def of_dispute(self, kind: str, stripe_dispute_id: str) -> None:
        self._add(kind, provider_dispute_id=stripe_dispute_id)

    def of_session(self, kind: str, session_id: str) -> None:
        self._add(kind, session_id=session_id)

    def of_cards(self, kind: str, stripe_customer_id: str) -> None:
        self._add(kind, stripe_customer_id=stripe_customer_id)

    def _add(
        self,
        kind: str,
        *,
        intent_id: str | None = None,
        provider_refund_id: str | None = None,
        provider_dispute_id: str | None = None,
        session_id: str | None = None,
        stripe_customer_id: str | None = None,
        is_of_new_intent: bool = False,
    ) -> None:
        event = PaymentEvent(
            id=f"evt_{self._ids.new_id().hex}",
            kind=kind,
            intent_id=intent_id,
            provider_refund_id=provider_refund_id,
            provider_dispute_id=provider_dispute_id,
            session_id=session_id,
            stripe_customer_id=stripe_customer_id,
            is_of_new_intent=is_of_new_intent,
        )
        self._events.append(event)
