"""Customers' totals: recounted from the ledger by whichever transaction changes what counts."""

from collections.abc import Iterator
from itertools import groupby
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, Row, Uuid, and_, any_, bindparam, or_, select, update

from totetaxi_adapters.postgres.tables import (
    bookings,
    customers,
    ledger_entries,
    ledger_postings,
)
from totetaxi_adapters.postgres.transaction import Transaction
from totetaxi_core.bookings.booking import Booking
from totetaxi_core.bookings.booking_status import BookingStatus
from totetaxi_core.catalog import ServiceType
from totetaxi_core.customers.totals import (
    MONEY,
    TOTALS,
    BookingSpend,
    CustomerTotals,
    Movement,
)
from totetaxi_core.customers.vip_letter import owed_vip_letter
from totetaxi_core.ledger.entry import EntryKind
from totetaxi_core.outbox.outbox import Outbox

IDS = any_(bindparam("ids", type_=ARRAY(Uuid)))
OF_POSTED = select(bookings.c.customer_id).where(bookings.c.id == IDS)
# In order: two transactions that count for the same two customers must not wait for each other.
LOCK = (
    select(customers.c.id, *(customers.c[name] for name in TOTALS))
    .where(customers.c.id == IDS)
    .order_by(customers.c.id)
    .with_for_update(key_share=True)
)
MOVED = ledger_entries.join(ledger_postings, ledger_postings.c.entry_id == ledger_entries.c.id)
SPENDING = (
    select(
        bookings.c.id,
        bookings.c.service_type,
        bookings.c.total_cents,
        bookings.c.confirmed_at,
        bookings.c.status,
        ledger_entries.c.kind,
        ledger_entries.c.posted_at,
        ledger_postings.c.amount_cents,
    )
    .select_from(
        bookings.outerjoin(
            MOVED,
            and_(
                ledger_entries.c.booking_id == bookings.c.id,
                or_(*(ledger_postings.c.account == account for account in MONEY)),
            ),
        )
    )
    .where(bookings.c.customer_id == bindparam("of_customer", type_=Uuid))
    .order_by(bookings.c.created_at, bookings.c.id, ledger_entries.c.posted_at, ledger_entries.c.id)
)
SAVE = update(customers).where(customers.c.id == bindparam("of_id", type_=Uuid))


class PostgresCustomerSpending:
    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def of_customer(self, customer_id: UUID) -> tuple[BookingSpend, ...]:
        rows = await self._transaction.execute(SPENDING, {"of_customer": customer_id})
        return tuple(_spends(rows))


class DueRecounts:
    """Whose totals this transaction may have changed; its commit counts them anew."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction
        self._posted_to: set[UUID] = set()
        self._customers: set[UUID] = set()

    def changed(self, booking: Booking) -> None:
        """Note a stored booking; one that was never confirmed counts for nothing but money."""
        if booking.customer_id is not None and booking.confirmed_at is not None:
            self._customers.add(booking.customer_id)

    def joined(self, customer_id: UUID) -> None:
        self._customers.add(customer_id)

    def posted(self, booking_id: UUID) -> None:
        self._posted_to.add(booking_id)

    async def before_commit(self, outbox: Outbox) -> None:
        """Count anew under the customer's lock: whoever counts next sees what we have posted.

        Who becomes a VIP by it is owed a letter.
        """
        customer_ids = self._customers | await self._owners()
        if not customer_ids:
            return
        spending = PostgresCustomerSpending(self._transaction)
        rows = await self._transaction.execute(LOCK, {"ids": list(customer_ids)})
        for row in rows.all():
            spends = await spending.of_customer(row.id)
            totals = CustomerTotals.of(spends)
            counted = {name: getattr(totals, name) for name in TOTALS}
            if counted != {name: getattr(row, name) for name in TOTALS}:
                await self._transaction.execute(SAVE, counted | {"of_id": row.id})
            if totals.is_vip and not row.is_vip:
                await outbox.owe(owed_vip_letter(row.id, spends))

    async def _owners(self) -> set[UUID]:
        if not self._posted_to:
            return set()
        found = await self._transaction.execute(OF_POSTED, {"ids": list(self._posted_to)})
        return {owner for owner in found.scalars() if owner is not None}


def _spends(rows: Iterator[Row[Any]]) -> Iterator[BookingSpend]:
    for booking_id, of_booking in groupby(rows, key=lambda row: row.id):
        lines = list(of_booking)
        yield BookingSpend(
            booking_id=booking_id,
            service_type=ServiceType(lines[0].service_type),
            total_cents=lines[0].total_cents,
            confirmed_at=lines[0].confirmed_at,
            is_cancelled=lines[0].status == BookingStatus.CANCELLED,
            movements=tuple(
                Movement(
                    kind=EntryKind(line.kind),
                    posted_at=line.posted_at,
                    amount_cents=line.amount_cents,
                )
                for line in lines
                if line.kind is not None
            ),
        )
