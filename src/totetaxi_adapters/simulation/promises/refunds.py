"""No lost refund, none twice, and never more than was charged."""

from collections import Counter
from collections.abc import Iterator

from totetaxi_adapters.simulation.promises.books import GIVEN_BACK, GOES_BACK, BookingBooks
from totetaxi_adapters.simulation.promises.terms import least_due_cents
from totetaxi_core.bookings.booking_status import BookingStatus
from totetaxi_core.outbox.owed_effect import EffectState
from totetaxi_core.payments.refund import RefundStatus

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
    for payment in books.own_payments:
        if payment in books.successes:
            due = least_due_cents(books.booking, payment.amount_cents)
            back = sum(
                each.amount_cents
                for each in books.refunds_of(payment)
                if each.status is not RefundStatus.REJECTED
            )
            is_disputed = any(each.payment_id == payment.id for each in books.disputes)
            if back < due and not is_disputed:
                yield f"{due} of {payment.amount_cents} cents are due back, {back} go"
