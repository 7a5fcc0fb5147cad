"""Post cash that a customer handed to us, and what of it is handed back.

It is taken once for a booking, and handed back once for each change of it. The caller holds the
booking's lock.

Source: docs/payments.md, "Cash".
"""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from totetaxi_core.bookings.booking import Booking
from totetaxi_core.ids import IdSource
from totetaxi_core.ledger.account import Account
from totetaxi_core.ledger.entry import EntryKind, LedgerEntry, postings_of, total_in
from totetaxi_core.ledger.post_movement import ChargeNotPostedError, earned
from totetaxi_core.ledger.sales import owed_cents, own_entries, taxed_sale
from totetaxi_core.unit_of_work import UnitOfWork


async def post_cash(uow: UnitOfWork, booking: Booking, ids: IdSource, *, at: datetime) -> None:
    """Post the booking's whole price as taken in cash."""
    entry = LedgerEntry(
        id=ids.new_id(),
        kind=EntryKind.CHARGE,
        cause=cash_cause(booking.id),
        booking_id=booking.id,
        payment_id=None,
        posted_at=at,
        postings=postings_of(earned(booking.quote, booking.total_cents, into=Account.CASH)),
    )
    await uow.ledger.post(entry)


async def post_cash_return(
    uow: UnitOfWork, booking: Booking, ids: IdSource, *, amount_cents: int, at: datetime
) -> None:
    """Post so much of the cash, with its share of the tax, as handed back.

    Raises:
        ChargeNotPostedError: no cash was taken for the booking.
    """
    entries = await uow.ledger.of_booking(booking.id)
    if not any(entry.cause == cash_cause(booking.id) for entry in entries):
        raise ChargeNotPostedError(f"no cash was taken for {booking.booking_number}")
    own = own_entries(entries)
    theirs = min(amount_cents, owed_cents(own))
    ours = amount_cents - theirs
    tax_cents = taxed_sale(own).tax_share(ours) if ours else 0
    amounts = {
        Account.CASH: -amount_cents,
        Account.CUSTOMER_MONEY: theirs,
        Account.TAX: tax_cents,
        Account.REFUNDS: ours - tax_cents,
    }
    entry = LedgerEntry(
        id=ids.new_id(),
        kind=EntryKind.REFUND,
        cause=cash_return_cause(booking),
        booking_id=booking.id,
        payment_id=None,
        posted_at=at,
        postings=postings_of(amounts),
    )
    await uow.ledger.post(entry)


def cash_held_cents(entries: Iterable[LedgerEntry]) -> int:
    """Return what a booking's entries leave of its cash with us."""
    return total_in(Account.CASH, entries)


def cash_cause(booking_id: UUID) -> str:
    """Return the cause of the cash taken for a booking."""
    return f"cash:{booking_id}"


def cash_return_cause(booking: Booking) -> str:
    """Return the cause of the cash handed back by the change that made the booking as it is."""
    return f"cash_returned:{booking.id}:{booking.version}"
