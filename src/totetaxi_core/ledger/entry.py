"""An entry of the ledger: one movement of money, told by both its sides."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from totetaxi_core.ledger.account import Account
from totetaxi_core.refusal import DomainError


class UnbalancedEntryError(DomainError):
    """Its debits are not its credits, it has none, a zero, or two postings to one account."""

    code = "unbalanced_entry"


class EntryKind(StrEnum):
    CHARGE = "charge"
    REPRICED = "repriced"
    REFUND = "refund"
    REFUND_FAILED = "refund_failed"
    DISPUTE = "dispute"
    DISPUTE_RETURNED = "dispute_returned"


@dataclass(frozen=True, slots=True)
class Posting:
    """One side of an entry: a debit above zero, a credit below."""

    account: Account
    amount_cents: int


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerEntry:
    """`cause` names what moved the money, and is posted once. `posted_at` is in UTC.

    `payment_id` is None for a booking that cost nothing, and where a price changed.

    Raises:
        UnbalancedEntryError: it does not balance.
    """

    id: UUID
    kind: EntryKind
    cause: str
    booking_id: UUID
    payment_id: UUID | None
    posted_at: datetime
    postings: tuple[Posting, ...]

    def __post_init__(self) -> None:
        accounts = {posting.account for posting in self.postings}
        balance_cents = sum(posting.amount_cents for posting in self.postings)
        is_plain = len(accounts) == len(self.postings) > 0
        if balance_cents or not is_plain or not all(one.amount_cents for one in self.postings):
            raise UnbalancedEntryError(f"{self.cause} is {balance_cents} cents out of balance")

    @property
    def amount_cents(self) -> int:
        """What it moves: the sum of its debits."""
        return sum(one.amount_cents for one in self.postings if one.amount_cents > 0)

    def amount_in(self, account: Account) -> int:
        """Return what it debits the account in cents, below zero for a credit."""
        return sum(one.amount_cents for one in self.postings if one.account is account)


def postings_of(amounts: Mapping[Account, int]) -> tuple[Posting, ...]:
    """Return a posting for each account, in the accounts' order; zeros are left out."""
    return tuple(Posting(one, amounts[one]) for one in Account if amounts.get(one))


def total_in(account: Account, entries: Iterable[LedgerEntry]) -> int:
    """Return what the entries debit the account together, in cents."""
    return sum(entry.amount_in(account) for entry in entries)
