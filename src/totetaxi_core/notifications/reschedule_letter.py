"""Letters about a booking that moves to another slot."""

from collections.abc import Callable, Mapping

from totetaxi_core.bookings.booking import Booking
from totetaxi_core.bookings.booking_status import BookingStatus
from totetaxi_core.money import dollars
from totetaxi_core.notifications.letter import Draft
from totetaxi_core.notifications.message import MessageKind
from totetaxi_core.notifications.occasion import Occasion
from totetaxi_core.notifications.wording import SHOWS, pay_link, phone, pickup_words
from totetaxi_core.ports import Terms


def _rescheduled(occasion: Occasion, terms: Terms) -> Draft:
    """Tell the new time and price, what was paid for it or goes back, and how to pay."""
    booking = occasion.booking
    number = booking.booking_number
    body = (
        f"Your booking {number} has moved: we call on {pickup_words(booking)}, for "
        f"${dollars(booking.total_cents)} in all.{_money_told(occasion.facts)}"
        f"{_to_pay(booking, terms)}"
    )
    return f"{number} has moved to {pickup_words(booking)}", body


def _money_told(facts: Mapping[str, str]) -> str:
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
    return f"\n\nIt is not paid yet. To pay:\n{pay_link(terms)}"


def _link(occasion: Occasion, terms: Terms) -> Draft:
    """Send the link to pay the difference; the time and amount are of when it was asked for."""
    number, facts = occasion.booking.booking_number, occasion.facts
    difference = dollars(int(facts["difference_cents"]))
    body = (
        f"We can move your booking {number} to {facts['new_time']}, for ${difference} more than "
        f"you have paid. To pay that difference, until {facts['until']}:\n"
        f"{pay_link(terms)}\n\n"
        "Until it is paid your booking stays as it is."
    )
    return f"{number}: please pay the difference to move it", body


def _expired(occasion: Occasion, terms: Terms) -> Draft:
    booking = occasion.booking
    number = booking.booking_number
    body = (
        f"The difference for moving {number} was not paid in time, so that it stays as it was: we "
        f"call on {pickup_words(booking)}. Nothing was charged. Questions? Call "
        f"{phone(terms)}."
    )
    return f"{number} stays on {pickup_words(booking)}", body


def _too_late(occasion: Occasion, terms: Terms) -> Draft:
    number = occasion.booking.booking_number
    body = (
        f"Your payment for moving {number} reached us when it could not be moved any more. All of "
        f"it goes back; it {SHOWS}. Your booking has not changed by it. Questions? Call "
        f"{phone(terms)}."
    )
    return f"Your payment for moving {number} is on its way back", body


RESCHEDULE_LETTERS: dict[MessageKind, Callable[[Occasion, Terms], Draft]] = {
    MessageKind.BOOKING_RESCHEDULED: _rescheduled,
    MessageKind.RESCHEDULE_PAYMENT_LINK: _link,
    MessageKind.RESCHEDULE_EXPIRED: _expired,
    MessageKind.RESCHEDULE_PAYMENT_REFUNDED: _too_late,
}
