"""The ledger."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    BigInteger,
    RowMapping,
    Text,
    Uuid,
    bindparam,
    func,
    select,
    true,
)
from sqlalchemy.dialects.postgresql import insert

from totetaxi_adapters.postgres.customer_totals import DueRecounts
from totetaxi_adapters.postgres.tables import ledger_entries, ledger_postings
from totetaxi_adapters.postgres.tables.metadata import INSTANT
from totetaxi_adapters.postgres.transaction import Transaction
from totetaxi_core.ledger.account import Account
from totetaxi_core.ledger.entry import EntryKind, LedgerEntry, postings_of

ENTRY = (
    insert(ledger_entries)
    .values({column: bindparam(column.name, type_=column.type) for column in ledger_entries.c})
    .on_conflict_do_nothing(index_elements=[ledger_entries.c.cause])
    .returning(ledger_entries.c.id)
    .cte("entry")
)
SIDES = (
    func.unnest(
        bindparam("accounts", type_=ARRAY(Text)), bindparam("amounts", type_=ARRAY(BigInteger))
    )
    .table_valued("account", "amount_cents", name="side")
    .render_derived()
)
# One statement: no postings without the entry, and none for a cause that was posted before.
POST = (
    insert(ledger_postings)
    .from_select(
        ["entry_id", "account", "amount_cents"],
        select(ENTRY.c.id, SIDES.c.account, SIDES.c.amount_cents).select_from(
            ENTRY.join(SIDES, true())
        ),
    )
    .returning(ledger_postings.c.entry_id)
)
OF_BOOKING = (
    select(
        ledger_entries,
        func.jsonb_object_agg(ledger_postings.c.account, ledger_postings.c.amount_cents).label(
            "amounts"
        ),
    )
    .join(ledger_postings, ledger_postings.c.entry_id == ledger_entries.c.id)
    .where(ledger_entries.c.booking_id == bindparam("of_booking", type_=Uuid))
    .group_by(ledger_entries.c.id)
    .order_by(ledger_entries.c.posted_at, ledger_entries.c.id)
)
TOTAL = func.sum(ledger_postings.c.amount_cents).cast(BigInteger).label("cents")
BALANCES = select(ledger_postings.c.account, TOTAL).group_by(ledger_postings.c.account)
SUMS = (
    select(ledger_entries.c.kind, ledger_postings.c.account, TOTAL)
    .join(ledger_postings, ledger_postings.c.entry_id == ledger_entries.c.id)
    .where(
        ledger_entries.c.posted_at >= bindparam("posted_from", type_=INSTANT),
        ledger_entries.c.posted_at < bindparam("posted_until", type_=INSTANT),
    )
    .group_by(ledger_entries.c.kind, ledger_postings.c.account)
)


class PostgresLedger:
    """Added to, never changed: triggers refuse all else, and an entry that does not balance."""

    def __init__(self, transaction: Transaction, *, recounts: DueRecounts) -> None:
        self._transaction, self._recounts = transaction, recounts

    async def post(self, entry: LedgerEntry) -> bool:
        posted = await self._transaction.execute(POST, _row(entry))
        self._recounts.posted(entry.booking_id)
        return posted.first() is not None

    async def of_booking(self, booking_id: UUID) -> tuple[LedgerEntry, ...]:
        rows = await self._transaction.execute(OF_BOOKING, {"of_booking": booking_id})
        return tuple(_entry(row) for row in rows.mappings())

    async def balances(self) -> Mapping[Account, int]:
        rows = await self._transaction.execute(BALANCES)
        return {Account(row["account"]): row["cents"] for row in rows.mappings()}

    async def sums(
        self, *, posted_from: datetime, posted_until: datetime
    ) -> Mapping[tuple[EntryKind, Account], int]:
        window = {"posted_from": posted_from, "posted_until": posted_until}
        rows = await self._transaction.execute(SUMS, window)
        return {
            (EntryKind(row["kind"]), Account(row["account"])): row["cents"]
            for row in rows.mappings()
        }


def _row(entry: LedgerEntry) -> dict[str, object]:
    return {
        "id": entry.id,
        "kind": entry.kind,
        "cause": entry.cause,
        "booking_id": entry.booking_id,
        "payment_id": entry.payment_id,
        "amount_cents": entry.amount_cents,
        "posted_at": entry.posted_at,
        "accounts": [posting.account for posting in entry.postings],
        "amounts": [posting.amount_cents for posting in entry.postings],
    }


def _entry(row: RowMapping) -> LedgerEntry:
    return LedgerEntry(
        id=row["id"],
        kind=EntryKind(row["kind"]),
        cause=row["cause"],
        booking_id=row["booking_id"],
        payment_id=row["payment_id"],
        posted_at=row["posted_at"],
        postings=postings_of({Account(name): cents for name, cents in row["amounts"].items()}),
    )
