"""Post what moved money, in the transaction that takes the movement in.

Each is posted once, whoever calls how often. The caller holds the booking's lock.

Source: docs/payments.md, "Ledger".
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from totetaxi_core.bookings.booking import Booking
from totetaxi_core.ids import IdSource
from totetaxi_core.ledger.account import Account
from totetaxi_core.ledger.entry import EntryKind, LedgerEntry, postings_of, total_in
from totetaxi_core.ledger.sales import more_earned, owed_cents, own_entries, taxed_sale
from totetaxi_core.payments.dispute import Dispute
from totetaxi_core.payments.payment import Payment, PaymentPurpose
from totetaxi_core.payments.refund import Refund
from totetaxi_core.pricing import LineKind, Quote
from totetaxi_core.refusal import DomainError
from totetaxi_core.unit_of_work import UnitOfWork


class ChargeNotPostedError(DomainError):
    """Money goes back, or is disputed, of a charge that the ledger does not have."""

    code = "charge_not_posted"


async def post_charge(
    uow: UnitOfWork, booking: Booking, payment: Payment | None, ids: IdSource, *, at: datetime
) -> None:
    """Post a payment that succeeded; without one, a booking that costs nothing.

    The difference of a reschedule brings what the booking has earned to its new price.

    Raises:
        UnbalancedEntryError: the booking's payments are not its quote's total.
    """
    if payment is not None and payment.purpose is PaymentPurpose.DUPLICATE:
        amounts = _to_and_from(Account.STRIPE, Account.CUSTOMER_MONEY, payment.amount_cents)
    elif payment is not None and payment.purpose is PaymentPurpose.RESCHEDULE:
        entries = await uow.ledger.of_booking(booking.id)
        if any(entry.cause == charge_cause(payment.id) for entry in entries):
            return
        more = more_earned(earned(booking.quote, 0), entries)
        amounts = {**more, Account.STRIPE: payment.amount_cents}
    else:
        amounts = earned(booking.quote, payment.amount_cents if payment else 0)
    postings = postings_of(amounts)
    if not postings:
        return
    entry = LedgerEntry(
        id=ids.new_id(),
        kind=EntryKind.CHARGE,
        cause=charge_cause(payment.id if payment else booking.id),
        booking_id=booking.id,
        payment_id=payment.id if payment else None,
        posted_at=at,
        postings=postings,
    )
    await uow.ledger.post(entry)


async def post_repricing(
    uow: UnitOfWork, booking: Booking, ids: IdSource, *, owed_back_cents: int, at: datetime
) -> None:
    """Post that a paid booking has moved to a slot that costs less, or as much.

    What goes back of the difference is the customer's from now on. The rest of it, if any, has gone
    back already, and was no price reduction until now.
    """
    entries = await uow.ledger.of_booking(booking.id)
    more = more_earned(earned(booking.quote, 0), entries)
    less_cents = sum(more.values())
    amounts = {
        **more,
        Account.CUSTOMER_MONEY: -owed_back_cents,
        Account.REFUNDS: owed_back_cents - less_cents,
    }
    postings = postings_of(amounts)
    if not postings:
        return
    entry = LedgerEntry(
        id=ids.new_id(),
        kind=EntryKind.REPRICED,
        cause=f"repriced:{booking.id}:{booking.version}",
        booking_id=booking.id,
        payment_id=None,
        posted_at=at,
        postings=postings,
    )
    await uow.ledger.post(entry)


async def post_refund(uow: UnitOfWork, refund: Refund, ids: IdSource, *, at: datetime) -> None:
    """Post a refund that Stripe has made.

    Raises:
        ChargeNotPostedError: the ledger does not have the charge it is of.
    """
    entries = await uow.ledger.of_booking(refund.booking_id)
    if any(entry.cause == refund_cause(refund.id) for entry in entries):
        return
    charge = _charge_of(refund.payment_id, entries)
    entry = LedgerEntry(
        id=ids.new_id(),
        kind=EntryKind.REFUND,
        cause=refund_cause(refund.id),
        booking_id=refund.booking_id,
        payment_id=refund.payment_id,
        posted_at=at,
        postings=postings_of(_given_back(refund.amount_cents, charge, entries)),
    )
    await uow.ledger.post(entry)


async def post_refund_failure(
    uow: UnitOfWork, refund: Refund, ids: IdSource, *, at: datetime
) -> None:
    """Post that a refund's money came back to us; nothing if it was never posted as gone."""
    entries = await uow.ledger.of_booking(refund.booking_id)
    posted = next((entry for entry in entries if entry.cause == refund_cause(refund.id)), None)
    if posted is None:
        return
    entry = LedgerEntry(
        id=ids.new_id(),
        kind=EntryKind.REFUND_FAILED,
        cause=refund_failure_cause(refund.id),
        booking_id=refund.booking_id,
        payment_id=refund.payment_id,
        posted_at=at,
        postings=postings_of({one.account: -one.amount_cents for one in posted.postings}),
    )
    await uow.ledger.post(entry)


async def post_dispute(uow: UnitOfWork, dispute: Dispute, ids: IdSource, *, at: datetime) -> None:
    """Post what Stripe withdrew for a dispute, or gave back, since it was last posted.

    Raises:
        ChargeNotPostedError: the ledger does not have the disputed charge.
    """
    entries = await uow.ledger.of_booking(dispute.booking_id)
    charge = _charge_of(dispute.payment_id, entries)
    causes = dispute_causes(dispute.stripe_dispute_id)
    before = [entry for entry in entries if entry.cause.startswith(causes)]
    more_cents = dispute.withdrawn_cents + total_in(Account.STRIPE, before)
    if not more_cents:
        return
    is_twice = bool(charge.amount_in(Account.CUSTOMER_MONEY))
    of_payment = [entry for entry in entries if entry.payment_id == charge.payment_id]
    pool = of_payment if is_twice else own_entries(entries)
    entry = LedgerEntry(
        id=ids.new_id(),
        kind=EntryKind.DISPUTE if more_cents > 0 else EntryKind.DISPUTE_RETURNED,
        cause=f"{causes}{len(before) + 1}",
        booking_id=dispute.booking_id,
        payment_id=dispute.payment_id,
        posted_at=at,
        postings=postings_of(_withdrawn(more_cents, before, pool)),
    )
    await uow.ledger.post(entry)


def charge_cause(payment_id: UUID) -> str:
    """Return the cause of a payment's charge; a booking that costs nothing stands for itself."""
    return f"charge:{payment_id}"


def refund_cause(refund_id: UUID) -> str:
    """Return the cause of a refund that Stripe has made."""
    return f"refund:{refund_id}"


def refund_failure_cause(refund_id: UUID) -> str:
    """Return the cause of a refund that was posted and came back."""
    return f"refund_failed:{refund_id}"


def dispute_causes(stripe_dispute_id: str) -> str:
    """Return what the causes of a dispute's entries begin with; their number ends them."""
    return f"dispute:{stripe_dispute_id}:"


def earned(
    quote: Quote, paid_cents: int, *, into: Account = Account.STRIPE
) -> Mapping[Account, int]:
    """Return what a booking of this price brings, by account, once so much came in for it."""
    totals = quote.totals_by_kind
    off_cents, tax_cents = totals[LineKind.DISCOUNT], totals[LineKind.TAX]
    return {
        into: paid_cents,
        Account.REVENUE: off_cents + tax_cents - sum(totals.values()),
        Account.DISCOUNTS: -off_cents,
        Account.TAX: -tax_cents,
    }


def _given_back(
    amount_cents: int, charge: LedgerEntry, entries: Sequence[LedgerEntry]
) -> Mapping[Account, int]:
    if charge.amount_in(Account.CUSTOMER_MONEY):
        return _to_and_from(Account.CUSTOMER_MONEY, Account.STRIPE, amount_cents)
    own = own_entries(entries)
    theirs = min(amount_cents, owed_cents(own))  # a price that fell is given back first
    ours = amount_cents - theirs
    tax_cents = taxed_sale(own).tax_share(ours) if ours else 0
    return {
        Account.STRIPE: -amount_cents,
        Account.CUSTOMER_MONEY: theirs,
        Account.TAX: tax_cents,
        Account.REFUNDS: ours - tax_cents,
    }


def _withdrawn(
    more_cents: int, before: Sequence[LedgerEntry], pool: Sequence[LedgerEntry]
) -> Mapping[Account, int]:
    """Book it as a loss, but for money that is owed to the customer anyway.

    What comes back makes up the loss first.
    """
    lost_cents = total_in(Account.DISPUTE_LOSSES, before)
    back_cents = min(0, more_cents + lost_cents)
    theirs = min(more_cents, owed_cents(pool)) if more_cents > 0 else back_cents
    return {
        Account.STRIPE: -more_cents,
        Account.CUSTOMER_MONEY: theirs,
        Account.DISPUTE_LOSSES: more_cents - theirs,
    }


def _to_and_from(to: Account, source: Account, amount_cents: int) -> Mapping[Account, int]:
    return {to: amount_cents, source: -amount_cents}


def _charge_of(payment_id: UUID, entries: Sequence[LedgerEntry]) -> LedgerEntry:
    for entry in entries:
        if entry.cause == charge_cause(payment_id):
            return entry
    raise ChargeNotPostedError(f"payment {payment_id} is not in the ledger")
