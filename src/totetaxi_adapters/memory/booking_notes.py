"""The port to the notes on bookings."""

from uuid import UUID

from totetaxi_adapters.memory.database import MemoryDatabase
from totetaxi_adapters.memory.table import View
from totetaxi_adapters.memory.transaction import Transaction
from totetaxi_core.bookings.booking_note import BookingNote
from totetaxi_core.page import Place


class MemoryBookingNotes:
    def __init__(self, database: MemoryDatabase, transaction: Transaction) -> None:
        self._rows = View(database.booking_notes, transaction)

    async def add(self, note: BookingNote) -> None:
        self._rows.insert(note.id, note)

    async def page(
        self,
        booking_id: UUID,
        *,
        before: Place | None = None,
        after: Place | None = None,
        limit: int,
    ) -> tuple[BookingNote, ...]:
        """Return notes newest first: the newest, those older than `before`, or the next newer."""
        found = sorted(self._rows.where("booking", booking_id), key=Place.of)
        if after is not None:
            newer = [row for row in found if Place.of(row) > after]
            return tuple(newer[:limit][::-1])
        older = [row for row in found if before is None or Place.of(row) < before]
        return tuple(older[::-1][:limit])
