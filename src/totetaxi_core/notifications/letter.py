"""Writes each message in plain text."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from totetaxi_core.bookings.booking import Booking
from totetaxi_core.bookings.booking_status import BookingStatus
from totetaxi_core.bookings.pay_link import pay_link_with
from totetaxi_core.money import dollars
from totetaxi_core.notifications.message import MessageKind
from totetaxi_core.notifications.token_mark import MANAGE_MARK
from totetaxi_core.payments.dispute import Dispute
from totetaxi_core.payments.refund import Refund
from totetaxi_core.ports import Terms

SIGNATURE = "\n\nToteTaxi"
SHOWS = "shows on your card in 5 to 10 business days"


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """`token_id` is whose token its text has a mark for, unless that is its booking's."""

    to: str
    subject: str
    text: str
    token_id: UUID | None = None


def write_letter(
    kind: MessageKind,
    booking: Booking,
    terms: Terms,
    *,
    refund: Refund | None = None,
    dispute: Dispute | None = None,
    cash_cents: int = 0,
) -> Letter:
    """Write the message about a booking; those about money sent back or disputed say how much.

    `cash_cents` is what staff hand back of it.
    """
    if dispute is not None:
        subject, body = _disputed(booking, terms, dispute)
    elif cash_cents:
        subject, body = CASH_LETTERS[kind](booking, terms, cash_cents, refund)
    else:
        subject, body = LETTERS[kind](booking, terms, refund)
    if kind is MessageKind.STAFF_ALERT:
        return Letter(to=terms.staff_email, subject=subject, text=body)
    contact = booking.contact
    text = f"Dear {contact.first_name},\n\n{body}{SIGNATURE}"
    return Letter(to=contact.email, subject=subject, text=text)


def _when(booking: Booking) -> str:
    request = booking.quote.request
    return f"{request.pickup_date:%A, %B} {request.pickup_date.day} at {request.pickup_time:%H:%M}"


def _until(local: datetime) -> str:
    return f", until {local:%H:%M} on {local:%B} {local.day}"


def _prices(booking: Booking) -> str:
    lines = [f"  {line.label}: {_money(line.amount_cents)}" for line in booking.quote.lines]
    return "\n".join([*lines, f"  Total: {_money(booking.total_cents)}"])


def _money(amount_cents: int) -> str:
    """Return such as $995.00 or -$99.50."""
    return f"{'-' if amount_cents < 0 else ''}${dollars(abs(amount_cents))}"


def _manage_link(terms: Terms) -> str:
    return f"{terms.public_url}/manage?manage_token={MANAGE_MARK}"


def _pay_link(terms: Terms) -> str:
    return pay_link_with(MANAGE_MARK, terms)


def _received(booking: Booking, terms: Terms, _refund: Refund | None) -> tuple[str, str]:
    """Ask for the payment, unless the booking was paid or ended before this was written."""
    if booking.status is not BookingStatus.PENDING:
        return _received_before(booking, terms)
    body = (
        f"We have kept a crew for you on {_when(booking)}{_held(booking, terms)}.\n\n"
        f"{_prices(booking)}\n\n{_how_to_pay(booking, terms)}"
    )
    return f"Your booking {booking.booking_number}: please pay to confirm it", body


def _held(booking: Booking, terms: Terms) -> str:
    return _until(booking.hold_expires_at.astimezone(terms.zone)) if booking.hold_expires_at else ""


def _how_to_pay(booking: Booking, terms: Terms) -> str:
    """Say where to pay; staff order for people who may never see our own pages."""
    manage = f"see your booking {booking.booking_number}:\n{_manage_link(terms)}"
    if booking.is_by_staff:
        return f"To pay{_held(booking, terms)}:\n{_pay_link(terms)}\n\nTo {manage}"
    return f"To pay, or to {manage}"


def _payment_link(booking: Booking, terms: Terms, _refund: Refund | None) -> tuple[str, str]:
    """Send the link anew, unless the booking was paid or ended before this was written."""
    if booking.status is not BookingStatus.PENDING:
        return _received_before(booking, terms)
    body = (
        f"Here is a new link to pay ${dollars(booking.total_cents)} for your booking "
        f"{booking.booking_number} on {_when(booking)}:\n{_pay_link(terms)}\n\n"
        f"It is good, and we keep a crew for you{_held(booking, terms)}. "
        "A payment page you opened earlier is closed."
    )
    return f"Your link to pay for {booking.booking_number}", body


def _received_before(booking: Booking, terms: Terms) -> tuple[str, str]:
    is_over = booking.status is BookingStatus.CANCELLED
    since = "has been cancelled since" if is_over else "is confirmed"
    body = (
        f"We received your booking {booking.booking_number} for {_when(booking)}. It {since}; "
        f"you need not do anything. To see it:\n{_manage_link(terms)}"
    )
    return f"Your booking {booking.booking_number}", body


def _confirmed(booking: Booking, terms: Terms, _refund: Refund | None) -> tuple[str, str]:
    body = (
        f"Your {booking.quote.request.service_type.label.lower()} is confirmed for "
        f"{_when(booking)} at {booking.pickup_address.formatted}.\n\n"
        f"Your booking {booking.booking_number}:\n{_manage_link(terms)}"
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


def _cash_cancelled(
    booking: Booking, terms: Terms, cash_cents: int, refund: Refund | None
) -> tuple[str, str]:
    by_card = f"We are sending back ${_amount(refund)}; it {SHOWS}. " if refund else ""
    body = (
        f"Your booking {booking.booking_number} for {_when(booking)} is cancelled. "
        f"You paid in cash: we will get in touch to hand you back {_money(cash_cents)}. {by_card}"
        f"Questions? Call {_phone(terms)}."
    )
    return f"{booking.booking_number} is cancelled", body


def _cash_alert(
    booking: Booking, _terms: Terms, cash_cents: int, _refund: Refund | None
) -> tuple[str, str]:
    contact, number = booking.contact, booking.booking_number
    is_over = booking.status is BookingStatus.CANCELLED
    why = "is cancelled" if is_over else "has moved to a cheaper time"
    body = (
        f"{number} was paid in cash and {why}. Hand back {_money(cash_cents)} to "
        f"{contact.full_name}, {contact.phone}; the ledger has it as returned."
    )
    return f"Hand back {_money(cash_cents)} in cash for {number}", body


def _late(booking: Booking, terms: Terms, refund: Refund | None) -> tuple[str, str]:
    body = (
        f"Your payment for {booking.booking_number} reached us after the booking had ended, "
        f"too late to confirm it. {_sent_back(booking, refund)}; it {SHOWS}. "
        f"Questions? Call {_phone(terms)}."
    )
    return f"Your payment for {booking.booking_number} is on its way back", body


def _second(booking: Booking, _terms: Terms, refund: Refund | None) -> tuple[str, str]:
    body = (
        f"{booking.booking_number} was paid twice. {_sent_back(booking, refund)}; it {SHOWS}. "
        "Your booking stands as it was."
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


def _disputed(booking: Booking, terms: Terms, dispute: Dispute) -> tuple[str, str]:
    due_by = dispute.due_by.astimezone(terms.zone) if dispute.due_by else None
    until = f" Evidence is due by {due_by:%H:%M} on {due_by:%B} {due_by.day}." if due_by else ""
    body = (
        f"The payer of {booking.booking_number} disputes ${dollars(dispute.amount_cents)} "
        f"({dispute.reason}): {dispute.status}, ${dollars(dispute.withdrawn_cents)} withdrawn. "
        f"Stripe calls it {dispute.stripe_dispute_id}.{until if dispute.is_undecided else ''}"
    )
    return f"Dispute about {booking.booking_number}: {dispute.status}", body


def _sent_back(booking: Booking, refund: Refund | None) -> str:
    """Say what goes back of a payment; without a refund, all of it had gone before."""
    if refund is None:
        return "All of that payment has been sent back"
    if refund.amount_cents < booking.total_cents:
        return f"We are sending back ${_amount(refund)}, which is what was left of that payment"
    return f"We are sending back that payment of ${_amount(refund)} in full"


def _amount(refund: Refund | None) -> str:
    return dollars(refund.amount_cents) if refund else "0.00"


def _phone(terms: Terms) -> str:
    return terms.limits.support_phone


LETTERS: dict[MessageKind, Callable[[Booking, Terms, Refund | None], tuple[str, str]]] = {
    MessageKind.BOOKING_RECEIVED: _received,
    MessageKind.PAYMENT_LINK: _payment_link,
    MessageKind.BOOKING_CONFIRMED: _confirmed,
    MessageKind.RECEIPT: _receipt,
    MessageKind.HOLD_EXPIRED: _expired,
    MessageKind.BOOKING_CANCELLED: _cancelled,
    MessageKind.LATE_PAYMENT_REFUNDED: _late,
    MessageKind.SECOND_PAYMENT_REFUNDED: _second,
    MessageKind.STAFF_ALERT: _alert,
}
CASH_LETTERS: dict[MessageKind, Callable[[Booking, Terms, int, Refund | None], tuple[str, str]]] = {
    MessageKind.BOOKING_CANCELLED: _cash_cancelled,
    MessageKind.STAFF_ALERT: _cash_alert,
}
