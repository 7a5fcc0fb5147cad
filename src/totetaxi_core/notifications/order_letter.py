"""Letters about a booking from its order to its end."""

from collections.abc import Callable

from totetaxi_core.bookings.booking import Booking
from totetaxi_core.bookings.booking_status import BookingStatus
from totetaxi_core.money import dollars
from totetaxi_core.notifications.letter import Draft
from totetaxi_core.notifications.message import MessageKind
from totetaxi_core.notifications.occasion import Occasion
from totetaxi_core.notifications.wording import (
    SHOWS,
    manage_link,
    money,
    pay_link,
    phone,
    pickup_words,
    price_lines,
    until_words,
)
from totetaxi_core.ports import Terms


def _received(occasion: Occasion, terms: Terms) -> Draft:
    """Ask for the payment, unless the booking was paid or ended before this was written."""
    booking = occasion.booking
    if booking.status is not BookingStatus.PENDING:
        return _received_before(booking, terms)
    body = (
        f"We have kept a crew for you on {pickup_words(booking)}{_held(booking, terms)}.\n\n"
        f"{price_lines(booking)}\n\n{_how_to_pay(booking, terms)}"
    )
    return f"Your booking {booking.booking_number}: please pay to confirm it", body


def _held(booking: Booking, terms: Terms) -> str:
    return until_words(booking.hold_expires_at, terms) if booking.hold_expires_at else ""


def _how_to_pay(booking: Booking, terms: Terms) -> str:
    """Say where to pay; staff order for people who may never see our own pages."""
    manage = f"see your booking {booking.booking_number}:\n{manage_link(terms)}"
    if booking.is_by_staff:
        return f"To pay{_held(booking, terms)}:\n{pay_link(terms)}\n\nTo {manage}"
    return f"To pay, or to {manage}"


def _payment_link(occasion: Occasion, terms: Terms) -> Draft:
    """Send the link anew, unless the booking was paid or ended before this was written."""
    booking = occasion.booking
    if booking.status is not BookingStatus.PENDING:
        return _received_before(booking, terms)
    body = (
        f"Here is a new link to pay ${dollars(booking.total_cents)} for your booking "
        f"{booking.booking_number} on {pickup_words(booking)}:\n{pay_link(terms)}\n\n"
        f"It is good, and we keep a crew for you{_held(booking, terms)}. "
        "A payment page you opened earlier is closed."
    )
    return f"Your link to pay for {booking.booking_number}", body


def _received_before(booking: Booking, terms: Terms) -> Draft:
    is_over = booking.status is BookingStatus.CANCELLED
    since = "has been cancelled since" if is_over else "is confirmed"
    body = (
        f"We received your booking {booking.booking_number} for {pickup_words(booking)}. It "
        f"{since}; you need not do anything. To see it:\n{manage_link(terms)}"
    )
    return f"Your booking {booking.booking_number}", body


def _confirmed(occasion: Occasion, terms: Terms) -> Draft:
    booking = occasion.booking
    body = (
        f"Your {booking.quote.request.service_type.label.lower()} is confirmed for "
        f"{pickup_words(booking)} at {booking.pickup_address.formatted}.\n\n"
        f"Your booking {booking.booking_number}:\n{manage_link(terms)}"
    )
    return f"Confirmed: {booking.booking_number} on {pickup_words(booking)}", body


def _receipt(occasion: Occasion, _terms: Terms) -> Draft:
    booking = occasion.booking
    body = f"Thank you for your payment.\n\n{price_lines(booking)}"
    return f"Receipt for {booking.booking_number}", body


def _expired(occasion: Occasion, terms: Terms) -> Draft:
    booking = occasion.booking
    body = (
        f"We did not receive a payment for {booking.booking_number} in time, so it was cancelled "
        f"and nothing was charged. You are welcome to book again, or to call {phone(terms)}."
    )
    return f"{booking.booking_number} was not paid and is cancelled", body


def _cancelled(occasion: Occasion, terms: Terms) -> Draft:
    """Tell what goes back: by card it is on its way, cash staff hand back."""
    booking, refund, cash_cents = occasion.booking, occasion.refund, occasion.cash_cents
    in_cash = by_card = ""
    if cash_cents:
        in_cash = f"You paid in cash: we will get in touch to hand you back {money(cash_cents)}. "
    if refund is not None:
        by_card = f"We are sending back ${dollars(refund.amount_cents)}; it {SHOWS}. "
    body = (
        f"Your booking {booking.booking_number} for {pickup_words(booking)} is cancelled. "
        f"{in_cash}{by_card}Questions? Call {phone(terms)}."
    )
    return f"{booking.booking_number} is cancelled", body


ORDER_LETTERS: dict[MessageKind, Callable[[Occasion, Terms], Draft]] = {
    MessageKind.BOOKING_RECEIVED: _received,
    MessageKind.PAYMENT_LINK: _payment_link,
    MessageKind.BOOKING_CONFIRMED: _confirmed,
    MessageKind.RECEIPT: _receipt,
    MessageKind.HOLD_EXPIRED: _expired,
    MessageKind.BOOKING_CANCELLED: _cancelled,
}
