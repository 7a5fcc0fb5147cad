"""The files on bookings."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Integer, Uuid, bindparam, insert, select, update

from totetaxi_adapters.postgres.tables import documents
from totetaxi_adapters.postgres.tables.metadata import INSTANT
from totetaxi_adapters.postgres.transaction import Transaction
from totetaxi_core.documents.document import Document, DocumentKind, DocumentNotFoundError

COLUMNS = tuple(documents.c)
IS_THERE = documents.c.removed_at.is_(None)
OLDEST_FIRST = (documents.c.created_at, documents.c.id)

ADD = insert(documents)
SAVE = update(documents).where(documents.c.id == bindparam("of_id", type_=Uuid))
GET = select(*COLUMNS).where(documents.c.id == bindparam("of_id", type_=Uuid))
LOCK = GET.with_for_update()
OF_BOOKING = (
    select(*COLUMNS)
    .where(documents.c.booking_id == bindparam("of_booking", type_=Uuid), IS_THERE)
    .order_by(*OLDEST_FIRST)
)
PENDING = (
    select(documents.c.id)
    .where(documents.c.stored_at.is_(None), IS_THERE)
    .where(documents.c.created_at <= bindparam("until", type_=INSTANT))
    .order_by(*OLDEST_FIRST)
    .limit(bindparam("limit", type_=Integer))
)


class PostgresDocuments:
    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def add(self, document: Document) -> None:
        await self._transaction.execute(ADD, _row(document))

    async def save(self, document: Document) -> None:
        await self._transaction.execute(SAVE, _row(document) | {"of_id": document.id})

    async def get(self, document_id: UUID, *, lock: bool = False) -> Document:
        rows = await self._transaction.execute(LOCK if lock else GET, {"of_id": document_id})
        row = rows.mappings().one_or_none()
        if row is None:
            raise DocumentNotFoundError(document_id)
        return Document(**{**row, "kind": DocumentKind(row["kind"])})

    async def of_booking(self, booking_id: UUID) -> tuple[Document, ...]:
        rows = await self._transaction.execute(OF_BOOKING, {"of_booking": booking_id})
        return tuple(
            Document(**{**row, "kind": DocumentKind(row["kind"])}) for row in rows.mappings()
        )

    async def pending(self, *, until: datetime, limit: int) -> tuple[UUID, ...]:
        found = await self._transaction.execute(PENDING, {"until": until, "limit": limit})
        return tuple(found.scalars())


def _row(document: Document) -> dict[str, object]:
    return {column.name: getattr(document, column.name) for column in COLUMNS}
