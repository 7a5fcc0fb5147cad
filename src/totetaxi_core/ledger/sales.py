"""What a booking has earned by its entries, and what of it is owed back to its customer."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from totetaxi_core.ledger.account import Account
from totetaxi_core.ledger.entry import EntryKind, LedgerEntry, total_in
from totetaxi_core.ledger.tax_share import TaxedCharge

SALES: Final = (EntryKind.CHARGE, EntryKind.REPRICED)
GONE_BACK: Final = (EntryKind.REFUND, EntryKind.REFUND_FAILED)
EARNED: Final = (Account.REVENUE, Account.DISCOUNTS, Account.TAX)


def own_entries(entries: Iterable[LedgerEntry]) -> Sequence[LedgerEntry]:
    """Return the entries of a booking without those of money that came twice."""
    known = tuple(entries)
    twice = {
        entry.payment_id
        for entry in known
        if entry.kind is EntryKind.CHARGE and entry.amount_in(Account.CUSTOMER_MONEY)
    }
    return [one for one in known if one.payment_id is None or one.payment_id not in twice]


def more_earned(
    target: Mapping[Account, int], entries: Iterable[LedgerEntry]
) -> Mapping[Account, int]:
    """Return what is to be debited until the booking has earned the target, by account."""
    sales = [entry for entry in entries if entry.kind in SALES]
    return {one: target.get(one, 0) - total_in(one, sales) for one in EARNED}


def owed_cents(entries: Iterable[LedgerEntry]) -> int:
    """Return what of the customer's own money is with us."""
    return max(0, -total_in(Account.CUSTOMER_MONEY, entries))


def taxed_sale(entries: Iterable[LedgerEntry]) -> TaxedCharge:
    """Return what the booking's own entries have earned, and what of that went back."""
    own = tuple(entries)
    sales = [entry for entry in own if entry.kind in SALES]
    gone = [entry for entry in own if entry.kind in GONE_BACK]
    tax_back_cents = total_in(Account.TAX, gone)
    return TaxedCharge(
        charged_cents=-sum(total_in(one, sales) for one in EARNED),
        tax_cents=-total_in(Account.TAX, sales),
        refunded_cents=total_in(Account.REFUNDS, gone) + tax_back_cents,
        tax_refunded_cents=tax_back_cents,
    )
