"""Letters about a booking that moves to another slot."""

from collections.abc import Callable, Mapping

from totetaxi_core.bookings.booking import Booking
from totetaxi_core.bookings.booking_status import BookingStatus
from totetaxi_core.bookings.pay_link import pay_link_with
from totetaxi_core.money import dollars
from totetaxi_core.notifications.letter import SHOWS, SIGNATURE, Letter
from totetaxi_core.notifications.message import MessageKind
from totetaxi_core.notifications.token_mark import MANAGE_MARK
from totetaxi_core.ports import Terms

Facts = Mapping[str, str]


def write_reschedule_letter(
    kind: MessageKind, booking: Booking, facts: Facts, terms: Terms
) -> Letter:
    """Write the message from the booking and what its effect carries."""
    subject, body = RESCHEDULE_LETTERS[kind](booking, facts, terms)
    contact = booking.contact
    text = f"Dear {contact.first_name},\n\n{body}{SIGNATURE}"
    return Letter(to=contact.email, subject=subject, text=text)


def _when(booking: Booking) -> str:
    request = booking.quote.request
    return f"{request.pickup_date:%A, %B} {request.pickup_date.day} at {request.pickup_time:%H:%M}"


def _rescheduled(booking: Booking, facts: Facts, terms: Terms) -> tuple[str, str]:
    """Tell the new time and price, what was paid for it or goes back, and how to pay."""
    number = booking.booking_number
    body = (
        f"Your booking {number} has moved: we call on {_when(booking)}, for "
        f"${dollars(booking.total_cents)} in all.{_money_told(facts)}{_to_pay(booking, terms)}"
    )
    return f"{number} has moved to {_when(booking)}", body


def _money_told(facts: Facts) -> str:
    paid_cents, refund_cents = int(facts["paid_cents"]), int(facts["refund_cents"])
    cash_cents = int(facts.get("cash_cents", "0"))
    told = ""
    if paid_cents:
        told += f" You have paid the difference of ${dollars(paid_cents)}."
    if refund_cents:
        told += f" We are sending back ${dollars(refund_cents)}; it {SHOWS}."
    if cash_cents:
        told += f" We will get in touch to hand you back ${dollars(cash_cents)} in cash."
    return told


def _to_pay(booking: Booking, terms: Terms) -> str:
    if booking.status is not BookingStatus.PENDING:
        return ""
    return f"\n\nIt is not paid yet. To pay:\n{pay_link_with(MANAGE_MARK, terms)}"


def _link(booking: Booking, facts: Facts, terms: Terms) -> tuple[str, str]:
    """Send the link to pay the difference; the time and amount are of when it was asked for."""
    number, difference = booking.booking_number, dollars(int(facts["difference_cents"]))
    body = (
        f"We can move your booking {number} to {facts['new_time']}, for ${difference} more than "
        f"you have paid. To pay that difference, until {facts['until']}:\n"
        f"{pay_link_with(MANAGE_MARK, terms)}\n\n"
        "Until it is paid your booking stays as it is."
    )
    return f"{number}: please pay the difference to move it", body


def _expired(booking: Booking, _facts: Facts, terms: Terms) -> tuple[str, str]:
    number = booking.booking_number
    body = (
        f"The difference for moving {number} was not paid in time, so that it stays as it was: we "
        f"call on {_when(booking)}. Nothing was charged. Questions? Call "
        f"{terms.limits.support_phone}."
    )
    return f"{number} stays on {_when(booking)}", body


def _too_late(booking: Booking, _facts: Facts, terms: Terms) -> tuple[str, str]:
    number = booking.booking_number
    body = (
        f"Your payment for moving {number} reached us when it could not be moved any more. All of "
        f"it goes back; it {SHOWS}. Your booking has not changed by it. Questions? Call "
        f"{terms.limits.support_phone}."
    )
    return f"Your payment for moving {number} is on its way back", body


RESCHEDULE_LETTERS: dict[MessageKind, Callable[[Booking, Facts, Terms], tuple[str, str]]] = {
    MessageKind.BOOKING_RESCHEDULED: _rescheduled,
    MessageKind.RESCHEDULE_PAYMENT_LINK: _link,
    MessageKind.RESCHEDULE_EXPIRED: _expired,
    MessageKind.RESCHEDULE_PAYMENT_REFUNDED: _too_late,
}
