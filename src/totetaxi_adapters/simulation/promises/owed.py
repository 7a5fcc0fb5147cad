"""Nothing owed is forgotten: it is in the outbox as soon as what owes it is committed."""

from collections.abc import Iterator
from typing import Final

from totetaxi_adapters.simulation.promises.books import BookingBooks
from totetaxi_core.bookings.booking_status import BookingStatus, CancellationReason
from totetaxi_core.notifications.message import MessageKind
from totetaxi_core.payments.refund import Refund, RefundStatus

WORDS: Final = (
    MessageKind.BOOKING_RESCHEDULED,
    MessageKind.BOOKING_CONFIRMED,
    MessageKind.BOOKING_RECEIVED,
    MessageKind.BOOKING_CANCELLED,
    MessageKind.HOLD_EXPIRED,
)


def changes_owe_their_letters(books: BookingBooks) -> Iterator[str]:
    """A booking that was confirmed owes its courier and letter, one that ended its word."""
    booking, effects = books.booking, books.effects
    if booking.confirmed_at is not None and f"create_courier_tasks:{booking.id}" not in effects:
        yield f"the booking was confirmed, is {booking.status}, and owes no courier"
    kind = None if books.is_erased else _last_word(books)
    if kind is not None and _last_letter(books) not in (kind, MessageKind.BOOKING_RESCHEDULED):
        yield f"the booking is {booking.status} and owes no {kind} letter"
    if booking.status is BookingStatus.CANCELLED and booking.confirmed_at is not None:
        yield from _courier_called_off(books)


def _courier_called_off(books: BookingBooks) -> Iterator[str]:
    if f"cancel_courier_tasks:{books.booking.id}" not in books.effects:
        yield "a confirmed booking was cancelled and its courier is not called off"


def failures_are_told(books: BookingBooks) -> Iterator[str]:
    """Staff hear of each refund that failed, unless a new one took its place.

    What tells that a new one did is gone once the booking is erased.
    """
    booking = books.booking
    for refund in () if books.is_erased else books.refunds:
        if refund.status is not RefundStatus.FAILED or _was_begun_anew(refund, books):
            continue
        prefix, suffix = f"send_message:{booking.id}:", f":staff_alert:failed:{refund.id}"
        if not any(
            f"{prefix}{version}{suffix}" in books.effects
            for version in range(1, booking.version + 1)
        ):
            yield f"a refund of {refund.amount_cents} cents failed and nobody was told"


def _was_begun_anew(failed: Refund, books: BookingBooks) -> bool:
    """Tell whether another refund of the same money was made the moment this one failed."""
    return any(
        (each.payment_id, each.amount_cents, each.created_at)
        == (failed.payment_id, failed.amount_cents, failed.updated_at)
        for each in books.refunds
    )


def _last_letter(books: BookingBooks) -> MessageKind | None:
    """Return the newest; a version without one, as when it joins an account, changed no word."""
    said = (
        (kind, f"send_message:{books.booking.id}:{version}:{kind}")
        for version in range(books.booking.version, 0, -1)
        for kind in WORDS
    )
    return next((kind for kind, cause in said if cause in books.effects), None)


def _last_word(books: BookingBooks) -> MessageKind | None:
    booking = books.booking
    if booking.status is BookingStatus.CONFIRMED:
        return MessageKind.BOOKING_CONFIRMED
    if booking.status is BookingStatus.PENDING:
        return MessageKind.BOOKING_RECEIVED
    if booking.cancellation_reason is CancellationReason.PAYMENT_TIMEOUT:
        return MessageKind.HOLD_EXPIRED
    return MessageKind.BOOKING_CANCELLED if booking.cancellation_reason else None
