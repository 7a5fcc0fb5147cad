"""No charge without a booking, and no double charge."""

from collections import Counter
from collections.abc import Iterator
from typing import Final

from totetaxi_adapters.simulation.promises.books import PAID_FOR, BookingBooks
from totetaxi_core.ledger.entry import EntryKind
from totetaxi_core.ledger.sales import EARNED
from totetaxi_core.payments.gateway import IntentStatus
from totetaxi_core.payments.payment import AttemptState, PaymentPurpose, PaymentStatus

PAYABLE: Final = frozenset({IntentStatus.REQUIRES_PAYMENT_METHOD, IntentStatus.REQUIRES_ACTION})


def one_live_attempt(books: BookingBooks) -> Iterator[str]:
    live = [each for each in books.attempts if each.state is AttemptState.LIVE]
    if len(live) > 1:
        yield f"{len(live)} payment attempts are live at once"
    if live and not books.is_active and not books.successes:
        yield f"the booking is {books.booking.status} and can still be paid"


def paid_once(books: BookingBooks) -> Iterator[str]:
    """A booking that stands has its whole price once, by card or in cash, or costs nothing.

    One that has moved has the differences beside it, less those by which its price fell.
    """
    own = [each for each in books.own_payments if each.status is PaymentStatus.SUCCEEDED]
    if len(own) > 1:
        yield f"{len(own)} payments succeeded for the booking itself"
    if books.booking.status not in PAID_FOR or not books.booking.total_cents:
        return
    if own and books.cash_taken_cents:
        yield "the booking was paid by card and in cash"
    paid_cents = sum(each.amount_cents for each in books.for_the_booking) + books.cash_taken_cents
    repriced = [each for each in books.entries if each.kind is EntryKind.REPRICED]
    fell = (sum(each.amount_in(account) for account in EARNED) for each in repriced)
    fell_cents = sum(max(0, cents) for cents in fell)  # what it rose by is to be paid
    if not paid_cents:
        yield f"the booking is {books.booking.status} and was not paid"
    elif paid_cents - fell_cents != books.booking.total_cents:
        yield f"{paid_cents - fell_cents} cents were paid of {books.booking.total_cents}"


def payments_are_true(books: BookingBooks) -> Iterator[str]:
    """What we call paid is paid at the provider, and each charge is on record once."""
    paid = {each.id: each for each in books.intents if each.status is IntentStatus.SUCCEEDED}
    succeeded = [each for each in books.attempts if each.state is AttemptState.SUCCEEDED]
    payments = {each.id: each for each in books.successes}
    for attempt in succeeded:
        intent, payment = paid.get(attempt.intent_id or ""), payments.get(attempt.payment_id)
        if intent is None:
            yield f"attempt {attempt.number} counts as paid, and the provider has no money for it"
        elif payment is None:
            yield f"attempt {attempt.number} is paid, and its payment is not"
        elif payment.amount_cents != intent.amount_received_cents:
            yield f"{intent.amount_received_cents} cents came, {payment.amount_cents} are on record"
    of_payments = Counter(each.payment_id for each in succeeded)
    for payment in books.successes:
        if of_payments[payment.id] != 1:
            yield f"a payment of {payment.amount_cents} has {of_payments[payment.id]} paid attempts"


def nobody_pays_what_is_over(books: BookingBooks) -> Iterator[str]:
    """A payer's intent is cancelled at the provider before its booking ends here.

    One that was paid in another way may be paid again: that is a second payment, and goes back.
    """
    if books.is_active or books.successes:
        return
    if books.open_pages:
        yield f"the booking is {books.booking.status} and its pay page is open"
    for intent in books.intents:
        given = intent.id in books.handed_out and intent.id not in books.strays
        if given and (intent.status in PAYABLE or intent.status is IntentStatus.PROCESSING):
            yield f"the booking is {books.booking.status}, its payer's intent {intent.status}"


def second_payments_go_back(books: BookingBooks) -> Iterator[str]:
    """Money that came twice is on its way back, whole."""
    for payment in books.successes:
        if payment.purpose is PaymentPurpose.DUPLICATE:
            back = sum(each.amount_cents for each in books.refunds_of(payment))
            back += sum(
                each.withdrawn_cents for each in books.disputes if each.payment_id == payment.id
            )
            if back < payment.amount_cents:
                yield f"{payment.amount_cents} cents came twice, {back} go back"
