import pytest

from tests.builders import a_booking, a_ledger_entry, a_payment
from totetaxi_core.ledger.account import Account
from totetaxi_core.ledger.entry import (
    EntryKind,
    LedgerEntry,
    Posting,
    UnbalancedEntryError,
    postings_of,
    total_in,
)

CHARGE = a_ledger_entry(a_payment(a_booking()))


@pytest.mark.parametrize(
    "postings",
    [
        (),
        (Posting(Account.STRIPE, 100),),
        (Posting(Account.STRIPE, 100), Posting(Account.REVENUE, -99)),
        (Posting(Account.STRIPE, 0), Posting(Account.REVENUE, 0)),
        (Posting(Account.STRIPE, 100), Posting(Account.STRIPE, -100)),
        (
            Posting(Account.STRIPE, 100),
            Posting(Account.REVENUE, -60),
            Posting(Account.REVENUE, -40),
        ),
    ],
)
def test_given_postings_that_are_no_balance_when_built_then_the_entry_is_refused(
    postings: tuple[Posting, ...],
) -> None:
    with pytest.raises(UnbalancedEntryError) as refusal:
        LedgerEntry(
            id=CHARGE.id,
            kind=EntryKind.CHARGE,
            cause="charge:1",
            booking_id=CHARGE.booking_id,
            payment_id=CHARGE.payment_id,
            posted_at=CHARGE.posted_at,
            postings=postings,
        )

    assert refusal.value.code == "unbalanced_entry"


def test_given_amounts_when_made_postings_then_zeros_are_left_out_and_the_order_is_fixed() -> None:
    postings = postings_of({Account.TAX: -9, Account.DISCOUNTS: 0, Account.STRIPE: 9})

    assert postings == (Posting(Account.STRIPE, 9), Posting(Account.TAX, -9))


def test_given_entries_when_an_account_is_totalled_then_debits_and_credits_are_set_off() -> None:
    cents = CHARGE.amount_cents

    totals = [total_in(account, [CHARGE, CHARGE]) for account in Account]

    assert totals == [2 * cents, 0, -2 * cents, 0, 0, 0, 0, 0]
