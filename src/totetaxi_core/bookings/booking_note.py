"""What staff write about a booking, for one another."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final, Protocol
from uuid import UUID

from totetaxi_core.page import Place

MAX_NOTE: Final = 2_000


@dataclass(frozen=True, slots=True, kw_only=True)
class BookingNote:
    """Never changed, never removed. `staff_name` wrote the `text`, of 1 to 2,000 characters."""

    id: UUID
    booking_id: UUID
    staff_name: str
    text: str
    created_at: datetime


class BookingNotes(Protocol):
    """The notes on bookings, in their unit of work's transaction."""

    async def add(self, note: BookingNote) -> None: ...

    async def page(
        self,
        booking_id: UUID,
        *,
        before: Place | None = None,
        after: Place | None = None,
        limit: int,
    ) -> tuple[BookingNote, ...]:
        """Return notes newest first: the newest, those older than `before`, or the next newer.

        Only one of the two places may be given.
        """
        ...
