"""The port to the ledger."""

from collections import Counter
from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from totetaxi_adapters.memory.database import MemoryDatabase
from totetaxi_adapters.memory.table import View
from totetaxi_adapters.memory.transaction import Transaction
from totetaxi_core.ledger.account import Account
from totetaxi_core.ledger.entry import EntryKind, LedgerEntry


class MemoryLedger:
    """Added to, never changed."""

    def __init__(self, database: MemoryDatabase, transaction: Transaction) -> None:
        self._transaction = transaction
        self._rows = View(database.ledger_entries, transaction)

    async def post(self, entry: LedgerEntry) -> bool:
        """Add the entry; False, and nothing is added, when its cause was posted before."""
        await self._transaction.lock("ledger cause", entry.cause)
        if self._rows.where("cause", entry.cause):
            return False
        self._rows.insert(entry.id, entry)
        return True

    def posted(self) -> list[LedgerEntry]:
        """Return what this transaction has posted."""
        return self._rows.changed()

    async def of_booking(self, booking_id: UUID) -> tuple[LedgerEntry, ...]:
        """Return the booking's entries, oldest first."""
        found = self._rows.where("booking", booking_id)
        return tuple(sorted(found, key=lambda entry: (entry.posted_at, entry.id)))

    async def balances(self) -> Mapping[Account, int]:
        """Return what each account that was ever posted to holds in cents, debits above zero."""
        totals: Counter[Account] = Counter()
        for entry in self._rows.all():
            for posting in entry.postings:
                totals[posting.account] += posting.amount_cents
        return totals

    async def sums(
        self, *, posted_from: datetime, posted_until: datetime
    ) -> Mapping[tuple[EntryKind, Account], int]:
        """Return what was posted in `[posted_from, posted_until)`, by kind and account."""
        totals: Counter[tuple[EntryKind, Account]] = Counter()
        for entry in self._rows.all():
            if posted_from <= entry.posted_at < posted_until:
                for posting in entry.postings:
                    totals[entry.kind, posting.account] += posting.amount_cents
        return totals
