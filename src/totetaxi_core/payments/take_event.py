"""Take in what Stripe sends us: remember it and owe the look at Stripe that it calls for."""

from totetaxi_core.outbox.owed_effect import EffectKind
from totetaxi_core.outbox.owing import owed
from totetaxi_core.payments.gateway import PaymentEvent
from totetaxi_core.payments.settle_told import NEW
from totetaxi_core.ports import Ports


async def take_event(event: PaymentEvent, ports: Ports) -> bool:
    """Store the event and what it owes in one transaction; False when we had it already."""
    now = ports.clock()
    async with ports.unit_of_work() as uow:
        if not await uow.provider_events.add(event, received_at=now):
            return False
        for kind, name, subject_id in (
            (EffectKind.SETTLE_INTENT, "intent_id", event.intent_id),
            (EffectKind.FOLLOW_REFUND, "provider_refund_id", event.provider_refund_id),
            (EffectKind.FOLLOW_DISPUTE, "provider_dispute_id", event.provider_dispute_id),
            (EffectKind.SETTLE_SESSION, "session_id", event.session_id),
            (EffectKind.FOLLOW_CARDS, "stripe_customer_id", event.stripe_customer_id),
        ):
            if subject_id is not None:
                payload = {name: subject_id}
                if kind is EffectKind.SETTLE_INTENT and event.is_of_new_intent:
                    payload |= {NEW: "true"}
                await uow.outbox.owe(owed(ports.ids, kind, event.id, at=now, payload=payload))
        await uow.commit()
    return True
