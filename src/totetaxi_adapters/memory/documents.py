"""The port to the files on bookings."""

from datetime import datetime
from uuid import UUID

from totetaxi_adapters.memory.database import MemoryDatabase
from totetaxi_adapters.memory.table import BrokenConstraintError, View
from totetaxi_adapters.memory.transaction import Transaction
from totetaxi_core.documents.document import Document, DocumentNotFoundError
from totetaxi_core.page import Place


class MemoryDocuments:
    def __init__(self, database: MemoryDatabase, transaction: Transaction) -> None:
        self._rows = View(database.documents, transaction)
        self._transaction = transaction

    async def add(self, document: Document) -> None:
        await self._transaction.lock("document", document.id)
        self._require_one(document)
        self._rows.insert(document.id, document)

    async def save(self, document: Document) -> None:
        await self._transaction.lock("document", document.id)
        self._require_one(document)
        self._rows.update(document.id, document)

    async def get(self, document_id: UUID, *, lock: bool = False) -> Document:
        """Return a document, pending and removed ones too.

        Raises:
            DocumentNotFoundError: there is none, or its customer was forgotten.
        """
        if lock:
            await self._transaction.lock("document", document_id)
        document = self._rows.get(document_id)
        if document is None:
            raise DocumentNotFoundError(document_id)
        return document

    async def of_booking(self, booking_id: UUID) -> tuple[Document, ...]:
        found = self._rows.where("booking", booking_id)
        there = (document for document in found if document.removed_at is None)
        return tuple(sorted(there, key=Place.of))

    async def pending(self, *, until: datetime, limit: int) -> tuple[UUID, ...]:
        found = [
            document
            for document in self._rows.all()
            if document.stored_at is None
            and document.removed_at is None
            and document.created_at <= until
        ]
        return tuple(document.id for document in sorted(found, key=Place.of)[:limit])

    def _require_one(self, document: Document) -> None:
        """Refuse what the database's unique index would."""
        for other in self._rows.where("booking", document.booking_id):
            is_same = other.id != document.id and other.sha256 == document.sha256
            if is_same and other.is_stored and document.is_stored:
                raise BrokenConstraintError(f"{other.id} and {document.id} have one content")
