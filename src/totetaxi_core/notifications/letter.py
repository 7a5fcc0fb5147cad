"""Writes each message in plain text."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from totetaxi_core.bookings.booking import Booking
from totetaxi_core.money import dollars
from totetaxi_core.notifications.message import MessageKind
from totetaxi_core.payments.refund import Refund
from totetaxi_core.ports import Terms

SIGNATURE = "\n\nToteTaxi"
SHOWS = "shows on your card in 5 to 10 business days"


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    to: str
    subject: str
    text: str


def write_letter(
    kind: MessageKind, booking: Booking, terms: Terms, *, refund: Refund | None = None
) -> Letter:
    """Write the message about a booking; those about money sent back say how much."""
    subject, body = LETTERS[kind](booking, terms, refund)
    to = booking.guest.email if booking.guest else ""
    if kind is MessageKind.STAFF_ALERT:
        return Letter(to=terms.staff_email, subject=subject, text=body)
    name = booking.guest.first_name if booking.guest else "customer"
    return Letter(to=to, subject=subject, text=f"Dear {name},\n\n{body}{SIGNATURE}")


def _when(booking: Booking) -> str:
    request = booking.quote.request
    return f"{request.pickup_date:%A, %B} {request.pickup_date.day} at {request.pickup_time:%H:%M}"


def _until(local: datetime) -> str:
    return f", until {local:%H:%M} on {local:%B} {local.day}"


def _prices(booking: Booking) -> str:
    lines = [f"  {line.label}: ${dollars(line.amount_cents)}" for line in booking.quote.lines]
    return "\n".join([*lines, f"  Total: ${dollars(booking.total_cents)}"])


def _manage_link(booking: Booking, terms: Terms) -> str:
    return f"{terms.public_url}/manage?manage_token={terms.manage_tokens.token(booking.id)}"


def _received(booking: Booking, terms: Terms, _refund: Refund | None) -> tuple[str, str]:
    held = _until(booking.hold_expires_at.astimezone(terms.zone)) if booking.hold_expires_at else ""
    body = (
        f"We have kept a crew for you on {_when(booking)}{held}.\n\n{_prices(booking)}\n\n"
        f"To pay, or to see your booking {booking.booking_number}:\n{_manage_link(booking, terms)}"
    )
    return f"Your booking {booking.booking_number}: please pay to confirm it", body


def _confirmed(booking: Booking, terms: Terms, _refund: Refund | None) -> tuple[str, str]:
    body = (
        f"Your {booking.quote.request.service_type.label.lower()} is confirmed for "
        f"{_when(booking)} at {booking.pickup_address.formatted}.\n\n"
        f"Your booking {booking.booking_number}:\n{_manage_link(booking, terms)}"
    )
    return f"Confirmed: {booking.booking_number} on {_when(booking)}", body


def _receipt(booking: Booking, _terms: Terms, _refund: Refund | None) -> tuple[str, str]:
    body = f"Thank you for your payment.\n\n{_prices(booking)}"
    return f"Receipt for {booking.booking_number}", body


def _expired(booking: Booking, terms: Terms, _refund: Refund | None) -> tuple[str, str]:
    body = (
        f"We did not receive a payment for {booking.booking_number} in time, so it was cancelled "
        f"and nothing was charged. You are welcome to book again, or to call {_phone(terms)}."
    )
    return f"{booking.booking_number} was not paid and is cancelled", body


def _cancelled(booking: Booking, terms: Terms, refund: Refund | None) -> tuple[str, str]:
    back = f"We are sending back ${_amount(refund)}; it {SHOWS}. " if refund else ""
    body = (
        f"Your booking {booking.booking_number} for {_when(booking)} is cancelled. "
        f"{back}Questions? Call {_phone(terms)}."
    )
    return f"{booking.booking_number} is cancelled", body


def _late(booking: Booking, terms: Terms, refund: Refund | None) -> tuple[str, str]:
    body = (
        f"Your payment for {booking.booking_number} reached us after the booking had ended, "
        f"too late to confirm it. We are sending back ${_amount(refund)} in full; it {SHOWS}. "
        f"Questions? Call {_phone(terms)}."
    )
    return f"Your payment for {booking.booking_number} is on its way back", body


def _second(booking: Booking, _terms: Terms, refund: Refund | None) -> tuple[str, str]:
    body = (
        f"{booking.booking_number} was paid twice. We are sending the second payment of "
        f"${_amount(refund)} back in full; your booking stands as it was."
    )
    return f"Your second payment for {booking.booking_number} is on its way back", body


def _alert(booking: Booking, _terms: Terms, refund: Refund | None) -> tuple[str, str]:
    if refund is None:
        return f"Look at {booking.booking_number}", f"{booking.booking_number} needs a look."
    failure = f" Stripe says: {refund.failure_reason}." if refund.failure_reason else ""
    body = (
        f"Refund of ${_amount(refund)} for {booking.booking_number} ({refund.reason}) is "
        f"{refund.status}.{failure}"
    )
    return f"Refund for {booking.booking_number}: {refund.status}", body


def _amount(refund: Refund | None) -> str:
    return dollars(refund.amount_cents) if refund else "0.00"


def _phone(terms: Terms) -> str:
    return terms.limits.support_phone


LETTERS: dict[MessageKind, Callable[[Booking, Terms, Refund | None], tuple[str, str]]] = {
    MessageKind.BOOKING_RECEIVED: _received,
    MessageKind.BOOKING_CONFIRMED: _confirmed,
    MessageKind.RECEIPT: _receipt,
    MessageKind.HOLD_EXPIRED: _expired,
    MessageKind.BOOKING_CANCELLED: _cancelled,
    MessageKind.LATE_PAYMENT_REFUNDED: _late,
    MessageKind.SECOND_PAYMENT_REFUNDED: _second,
    MessageKind.STAFF_ALERT: _alert,
}
