"""Every movement of money is in the ledger, balanced, as soon as it is on record."""

from collections.abc import Iterator

from totetaxi_adapters.simulation.promises.books import PAID_FOR, BookingBooks
from totetaxi_core.ledger.account import Account
from totetaxi_core.ledger.entry import total_in
from totetaxi_core.ledger.sales import EARNED, SALES
from totetaxi_core.payments.refund import RefundStatus

MADE = (RefundStatus.SENT, RefundStatus.SUCCEEDED)


def entries_balance(books: BookingBooks) -> Iterator[str]:
    for entry in books.entries:
        balance = sum(posting.amount_cents for posting in entry.postings)
        if balance:
            yield f"{entry.cause} is {balance} cents out of balance"
    causes = [entry.cause for entry in books.entries]
    if len(set(causes)) != len(causes):
        yield "the same movement is posted twice"


def what_moved_is_posted(books: BookingBooks) -> Iterator[str]:
    """The account of money at the provider holds what came, less what went back."""
    came = sum(each.amount_cents for each in books.successes)
    went = sum(each.amount_cents for each in books.refunds if each.status in MADE)
    taken = sum(each.withdrawn_cents for each in books.disputes)
    posted = total_in(Account.STRIPE, books.entries)
    if posted != came - went - taken:
        yield f"{came - went - taken} cents moved and {posted} are posted"


def what_stands_is_earned(books: BookingBooks) -> Iterator[str]:
    """A booking that stands, and is paid, has earned just its price, wherever it has moved."""
    sales = [each for each in books.entries if each.kind in SALES]
    if books.booking.status not in PAID_FOR or not sales:
        return
    earned = -sum(total_in(account, sales) for account in EARNED)
    if earned != books.booking.total_cents:
        yield f"{earned} cents are earned of {books.booking.total_cents}"
