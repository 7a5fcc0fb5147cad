"""The port to the events Stripe has sent us."""

from datetime import datetime
from typing import Protocol

from totetaxi_core.payments.gateway import PaymentEvent


class ProviderEvents(Protocol):
    """Remembers event ids, in the unit of work's transaction: Stripe sends the same twice."""

    async def add(self, event: PaymentEvent, *, received_at: datetime) -> bool:
        """Store the event's id and kind; False when we have it already."""
        ...
