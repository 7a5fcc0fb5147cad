"""Port to the ledger: entries are added, never changed and never removed."""

from collections.abc import Mapping
from datetime import datetime
from typing import Protocol
from uuid import UUID

from totetaxi_core.ledger.account import Account
from totetaxi_core.ledger.entry import EntryKind, LedgerEntry


class Ledger(Protocol):
    """Every movement of money. Calls share the transaction of their unit of work."""

    async def post(self, entry: LedgerEntry) -> bool:
        """Add the entry; False, and nothing is added, when its cause was posted before."""
        ...

    async def of_booking(self, booking_id: UUID) -> tuple[LedgerEntry, ...]:
        """Return the booking's entries, oldest first."""
        ...

    async def balances(self) -> Mapping[Account, int]:
        """Return what each account that was ever posted to holds in cents, debits above zero."""
        ...

    async def sums(
        self, *, posted_from: datetime, posted_until: datetime
    ) -> Mapping[tuple[EntryKind, Account], int]:
        """Return what was posted in `[posted_from, posted_until)`, by kind and account."""
        ...
