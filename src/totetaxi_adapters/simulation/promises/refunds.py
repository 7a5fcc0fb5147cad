"""No lost refund, none twice, and never more than was charged."""

from collections import Counter
from collections.abc import Iterator

from totetaxi_adapters.simulation.promises.books import GIVEN_BACK, GOES_BACK, BookingBooks
from totetaxi_adapters.simulation.promises.terms import least_due_cents
from totetaxi_core.bookings.booking_status import BookingStatus
from totetaxi_core.ledger.account import Account
from totetaxi_core.ledger.entry import EntryKind, total_in
from totetaxi_core.outbox.owed_effect import EffectState
from totetaxi_core.payments.refund import RefundStatus

CASH_RETURNED, REPRICED = "cash_returned:", "repriced:"
UNDER_WAY = (EffectState.DUE, EffectState.WAITING)


def never_above_the_charge(books: BookingBooks) -> Iterator[str]:
    for payment in books.successes:
        back = sum(
            each.amount_cents for each in books.refunds_of(payment) if each.status in GOES_BACK
        )
        if back > payment.amount_cents:
            yield f"{back} cents are to go back of {payment.amount_cents}"
    for intent in books.intents:
        given = sum(
            each.amount_cents
            for each in books.provider_refunds
            if each.intent_id == intent.id and each.state in GIVEN_BACK
        )
        if given > intent.amount_received_cents:
            yield f"the provider sent back {given} cents of {intent.amount_received_cents}"


def sent_once(books: BookingBooks) -> Iterator[str]:
    """One row of ours is one refund at the provider."""
    made = Counter(each.refund_id for each in books.provider_refunds if each.refund_id)
    for refund_id, times in made.items():
        if times > 1:
            yield f"refund {refund_id} was made {times} times"


def refunds_are_true(books: BookingBooks) -> Iterator[str]:
    """What we call sent or arrived is a refund at the provider, of the same amount."""
    made = {each.id: each for each in books.provider_refunds}
    for refund in books.refunds:
        if refund.status in (RefundStatus.SENT, RefundStatus.SUCCEEDED):
            known = made.get(refund.stripe_refund_id or "")
            if known is None or known.amount_cents != refund.amount_cents:
                yield f"a refund of {refund.amount_cents} cents counts as {refund.status}, unmade"


def approved_is_owed(books: BookingBooks) -> Iterator[str]:
    """An approved refund is in the outbox until it is sent."""
    for refund in books.refunds:
        if refund.status is RefundStatus.APPROVED:
            state = books.effects.get(f"send_refund:{refund.id}")
            if state not in UNDER_WAY:
                yield f"an approved refund of {refund.amount_cents} cents is owed by nobody"


def cancelled_keeps_no_more_than_its_terms(books: BookingBooks) -> Iterator[str]:
    """Failed refunds count: they were owed, and staff know.

    A disputed charge is the bank's to decide on, and a person's after it.
    """
    if books.booking.status is not BookingStatus.CANCELLED:
        return
    paid = books.for_the_booking
    paid_cents = sum(each.amount_cents for each in paid)
    due = least_due_cents(books.booking, paid_cents)
    back = sum(
        each.amount_cents
        for payment in paid
        for each in books.refunds_of(payment)
        if each.status is not RefundStatus.REJECTED
    )
    is_disputed = any(each.payment_id in {one.id for one in paid} for each in books.disputes)
    if back < due and not is_disputed:
        yield f"{due} of {paid_cents} cents are due back, {back} go"


def cash_is_handed_back(books: BookingBooks) -> Iterator[str]:
    """Of cash for a booking that is over no more is kept than its terms say; else all of it is.

    But for what was handed back of it as the booking got cheaper.
    """
    taken = books.cash_taken_cents - _cash_back_by_moves(books)
    kept = total_in(Account.CASH, books.entries)
    is_over = books.booking.status is BookingStatus.CANCELLED
    due = least_due_cents(books.booking, taken) if is_over else 0
    if taken - kept != due:
        yield f"{due} of {taken} cents in cash are due back, {taken - kept} were handed back"


def _cash_back_by_moves(books: BookingBooks) -> int:
    """Return the cash handed back by those changes of the booking that brought its price down."""
    repriced = [each.cause for each in books.entries if each.kind is EntryKind.REPRICED]
    causes = {f"{CASH_RETURNED}{cause.removeprefix(REPRICED)}" for cause in repriced}
    return -total_in(Account.CASH, [each for each in books.entries if each.cause in causes])
