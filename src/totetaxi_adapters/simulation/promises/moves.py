"""A booking is on its way to one slot at most, and only while it stands where it was."""

from collections.abc import Iterator

from totetaxi_adapters.simulation.promises.books import BookingBooks
from totetaxi_core.bookings.booking_status import BookingStatus
from totetaxi_core.bookings.reschedule import RescheduleState
from totetaxi_core.payments.payment import PaymentStatus

WAITS = frozenset({PaymentStatus.PENDING, PaymentStatus.PROCESSING, PaymentStatus.FAILED})


def one_way_at_most(books: BookingBooks) -> Iterator[str]:
    pending = [each for each in books.reschedules if each.state is RescheduleState.PENDING]
    if len(pending) > 1:
        yield f"the booking is on its way to {len(pending)} slots"
    for each in pending:
        if books.booking.status is not BookingStatus.CONFIRMED:
            yield f"the booking is {books.booking.status} and on its way to another slot"
        if each.quote.total_cents - each.difference_cents != books.booking.total_cents:
            yield f"{each.difference_cents} cents are asked for, which is not the difference"


def paid_for_once(books: BookingBooks) -> Iterator[str]:
    """Who moved has paid the difference; who still waits has not."""
    payments = {each.id: each for each in books.payments}
    for each in books.reschedules:
        payment = payments[each.payment_id]
        if payment.amount_cents != each.difference_cents:
            yield f"{payment.amount_cents} cents are to pay for {each.difference_cents}"
        if each.state is RescheduleState.DONE and payment.status is not PaymentStatus.SUCCEEDED:
            yield f"the booking moved, and its difference is {payment.status}"
        if each.state is RescheduleState.PENDING and payment.status not in WAITS:
            yield f"the booking waits to move, and its difference is {payment.status}"
