"""Tell client systems of a fact: in its own transaction, so that one is stored with the other."""

import json
from datetime import datetime
from typing import Final
from uuid import UUID, uuid5

from totetaxi_core.bookings.booking import Booking
from totetaxi_core.unit_of_work import UnitOfWork
from totetaxi_core.webhooks.event_type import EventType
from totetaxi_core.webhooks.webhook_event import Facts, WebhookEvent, instant_text

EVENTS: Final = UUID("0f4c0b7e-2f0d-4b52-9a57-6d2f1c8e5a10")


async def announce(
    uow: UnitOfWork,
    event_type: EventType,
    booking: Booking,
    *,
    at: datetime,
    facts: Facts | None = None,
) -> None:
    """Add an event about a booking, locked or new, as it stands after the change.

    Nothing is stored where no subscription wants it. `facts` are about the payment, refund or
    delivery: ids, states, amounts and times, nothing personal. Its id is drawn from what it says,
    so that the same fact is told once.
    """
    payload = {**_facts(booking), **(facts or {})}
    said = json.dumps([event_type, at.isoformat(), payload], sort_keys=True)
    await uow.webhook_events.add(
        WebhookEvent(
            id=uuid5(EVENTS, said),
            type=event_type,
            booking_id=booking.id,
            payload=payload,
            created_at=at,
        )
    )


def _facts(booking: Booking) -> Facts:
    reason = booking.cancellation_reason
    return {
        "booking_id": str(booking.id),
        "booking_number": booking.booking_number,
        "status": booking.status.value,
        "service_type": booking.quote.request.service_type.value,
        "pickup_at": instant_text(booking.pickup_at),
        "total_cents": booking.total_cents,
        "currency": "USD",
        "cancellation_reason": None if reason is None else reason.value,
        "version": booking.version,
    }
