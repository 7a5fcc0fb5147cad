"""What staff write about customers: notes, and the contact log."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import (
    Delete,
    Insert,
    Integer,
    RowMapping,
    Select,
    Table,
    Uuid,
    bindparam,
    delete,
    insert,
    select,
    tuple_,
)

from totetaxi_adapters.postgres.tables import customer_contacts, customer_notes
from totetaxi_adapters.postgres.tables.metadata import INSTANT
from totetaxi_adapters.postgres.transaction import Transaction
from totetaxi_core.customers.customer_contact import (
    ContactChannel,
    ContactDirection,
    CustomerContact,
)
from totetaxi_core.customers.customer_note import CustomerNote
from totetaxi_core.page import Place

AT = tuple_(bindparam("place_at", type_=INSTANT), bindparam("place_id", type_=Uuid))


@dataclass(frozen=True, slots=True)
class Written:
    """The statements on one of the two tables."""

    table: Table

    @property
    def insert(self) -> Insert:
        return insert(self.table).values(
            {column: bindparam(column.name, type_=column.type) for column in self.table.c}
        )

    @property
    def forget(self) -> Delete:
        of_customer = self.table.c.customer_id == bindparam("of_customer", type_=Uuid)
        return delete(self.table).where(of_customer)

    @property
    def newest_first(self) -> Select[tuple[object, ...]]:
        return self._listed.order_by(self.table.c.created_at.desc(), self.table.c.id.desc())

    @property
    def older(self) -> Select[tuple[object, ...]]:
        return self.newest_first.where(tuple_(self.table.c.created_at, self.table.c.id) < AT)

    @property
    def newer(self) -> Select[tuple[object, ...]]:
        place = tuple_(self.table.c.created_at, self.table.c.id)
        return self._listed.order_by(self.table.c.created_at, self.table.c.id).where(place > AT)

    @property
    def _listed(self) -> Select[tuple[object, ...]]:
        of_customer = self.table.c.customer_id == bindparam("of_customer", type_=Uuid)
        return select(self.table).where(of_customer).limit(bindparam("limit", type_=Integer))


NOTES, CONTACTS = Written(customer_notes), Written(customer_contacts)


class PostgresCustomerNotes:
    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def add(self, note: CustomerNote) -> None:
        await self._transaction.execute(NOTES.insert, _row(note, NOTES))

    async def page(
        self,
        customer_id: UUID,
        *,
        before: Place | None = None,
        after: Place | None = None,
        limit: int,
    ) -> tuple[CustomerNote, ...]:
        given = {"of_customer": customer_id, "limit": limit}
        rows = await _page(self._transaction, NOTES, given, before=before, after=after)
        return tuple(CustomerNote(**row) for row in rows)

    async def forget(self, customer_id: UUID) -> None:
        await self._transaction.execute(NOTES.forget, {"of_customer": customer_id})


class PostgresCustomerContacts:
    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def add(self, contact: CustomerContact) -> None:
        await self._transaction.execute(CONTACTS.insert, _row(contact, CONTACTS))

    async def page(
        self,
        customer_id: UUID,
        *,
        before: Place | None = None,
        after: Place | None = None,
        limit: int,
    ) -> tuple[CustomerContact, ...]:
        given = {"of_customer": customer_id, "limit": limit}
        rows = await _page(self._transaction, CONTACTS, given, before=before, after=after)
        return tuple(_contact(row) for row in rows)

    async def forget(self, customer_id: UUID) -> None:
        await self._transaction.execute(CONTACTS.forget, {"of_customer": customer_id})


async def _page(
    transaction: Transaction,
    written: Written,
    given: dict[str, object],
    *,
    before: Place | None,
    after: Place | None,
) -> Iterable[RowMapping]:
    place = after or before
    if place is None:
        return (await transaction.execute(written.newest_first, given)).mappings().all()
    at = {"place_at": place.created_at, "place_id": place.id}
    statement = written.older if after is None else written.newer
    rows = (await transaction.execute(statement, given | at)).mappings().all()
    return rows if after is None else rows[::-1]


def _row(written: CustomerNote | CustomerContact, of: Written) -> dict[str, object]:
    return {column.name: getattr(written, column.name) for column in of.table.c}


def _contact(row: RowMapping) -> CustomerContact:
    kinds = {
        "channel": ContactChannel(row["channel"]),
        "direction": ContactDirection(row["direction"]),
    }
    return CustomerContact(**{**row, **kinds})
