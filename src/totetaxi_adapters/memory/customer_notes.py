"""The ports to what staff write about customers: notes, and the contact log."""

from typing import TypeVar
from uuid import UUID

from totetaxi_adapters.memory.database import MemoryDatabase
from totetaxi_adapters.memory.table import View
from totetaxi_adapters.memory.transaction import Transaction
from totetaxi_core.customers.customer_contact import CustomerContact
from totetaxi_core.customers.customer_note import CustomerNote
from totetaxi_core.page import Dated, Place

Written = TypeVar("Written", bound=Dated)


class MemoryCustomerNotes:
    def __init__(self, database: MemoryDatabase, transaction: Transaction) -> None:
        self._rows = View(database.customer_notes, transaction)

    async def add(self, note: CustomerNote) -> None:
        self._rows.insert(note.id, note)

    async def page(
        self,
        customer_id: UUID,
        *,
        before: Place | None = None,
        after: Place | None = None,
        limit: int,
    ) -> tuple[CustomerNote, ...]:
        """Return notes newest first: the newest, those older than `before`, or the next newer."""
        found = self._rows.where("customer", customer_id)
        return _page(found, before=before, after=after, limit=limit)

    async def forget(self, customer_id: UUID) -> None:
        for note in self._rows.where("customer", customer_id):
            self._rows.remove(note.id)


class MemoryCustomerContacts:
    def __init__(self, database: MemoryDatabase, transaction: Transaction) -> None:
        self._rows = View(database.customer_contacts, transaction)

    async def add(self, contact: CustomerContact) -> None:
        self._rows.insert(contact.id, contact)

    async def page(
        self,
        customer_id: UUID,
        *,
        before: Place | None = None,
        after: Place | None = None,
        limit: int,
    ) -> tuple[CustomerContact, ...]:
        """Return contacts newest first: the newest, older than `before`, or the next newer."""
        found = self._rows.where("customer", customer_id)
        return _page(found, before=before, after=after, limit=limit)

    async def forget(self, customer_id: UUID) -> None:
        for contact in self._rows.where("customer", customer_id):
            self._rows.remove(contact.id)


def _page(
    rows: list[Written], *, before: Place | None, after: Place | None, limit: int
) -> tuple[Written, ...]:
    oldest_first = sorted(rows, key=Place.of)
    if after is not None:
        newer = [row for row in oldest_first if Place.of(row) > after]
        return tuple(reversed(newer[:limit]))
    older = [row for row in oldest_first if before is None or Place.of(row) < before]
    return tuple(reversed(older))[:limit]
