"""The port to what is past its time."""

from datetime import datetime
from typing import Protocol
from uuid import UUID

from totetaxi_core.page import Place
from totetaxi_core.retention.retention_terms import Kept


class KeptRecords(Protocol):
    """Looks through all that is kept for a time, in its unit of work's transaction."""

    async def count(self, kind: Kept, *, before: datetime) -> int:
        """Return how many are past their time."""
        ...

    async def bookings(
        self, kind: Kept, *, before: datetime, after: Place | None, limit: int
    ) -> tuple[Place, ...]:
        """Return bookings past their time that still have a person, oldest first, after a place.

        Never one with a refund or payment under way, or a dispute that is open.
        """
        ...

    async def is_past(self, kind: Kept, booking_id: UUID, *, before: datetime) -> bool:
        """Tell whether `bookings` would still give this one."""
        ...

    async def forget(self, kind: Kept, *, before: datetime, limit: int) -> int:
        """Remove rows past their time, but those locked by others, and return how many.

        None of bookings, whose rows stay.
        """
        ...
