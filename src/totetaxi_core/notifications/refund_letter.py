"""Letters about money that goes back."""

from collections.abc import Callable

from totetaxi_core.bookings.booking import Booking
from totetaxi_core.money import dollars
from totetaxi_core.notifications.letter import Draft
from totetaxi_core.notifications.message import MessageKind
from totetaxi_core.notifications.occasion import Occasion
from totetaxi_core.notifications.wording import SHOWS, phone
from totetaxi_core.payments.refund import Refund
from totetaxi_core.ports import Terms


def _late(occasion: Occasion, terms: Terms) -> Draft:
    booking = occasion.booking
    body = (
        f"Your payment for {booking.booking_number} reached us after the booking had ended, "
        f"too late to confirm it. {_sent_back(booking, occasion.refund)}; it {SHOWS}. "
        f"Questions? Call {phone(terms)}."
    )
    return f"Your payment for {booking.booking_number} is on its way back", body


def _second(occasion: Occasion, _terms: Terms) -> Draft:
    booking = occasion.booking
    body = (
        f"{booking.booking_number} was paid twice. {_sent_back(booking, occasion.refund)}; it "
        f"{SHOWS}. Your booking stands as it was."
    )
    return f"Your second payment for {booking.booking_number} is on its way back", body


def _sent_back(booking: Booking, refund: Refund | None) -> str:
    """Say what goes back of a payment; without a refund, all of it had gone before."""
    if refund is None:
        return "All of that payment has been sent back"
    if refund.amount_cents < booking.total_cents:
        amount = dollars(refund.amount_cents)
        return f"We are sending back ${amount}, which is what was left of that payment"
    return f"We are sending back that payment of ${dollars(refund.amount_cents)} in full"


def _sent(occasion: Occasion, terms: Terms) -> Draft:
    """Tell that a refund has left us; what it is for was told when it was decided, if ever."""
    number, amount = occasion.booking.booking_number, _amount(occasion)
    body = (
        f"Your refund of ${amount} for booking {number} has left us and is with your bank: it "
        f"{SHOWS}. You need not do anything. Not there by then? Call {phone(terms)}."
    )
    return f"Your refund of ${amount} for {number} has been sent", body


def _failed(occasion: Occasion, terms: Terms) -> Draft:
    number, amount = occasion.booking.booking_number, _amount(occasion)
    body = (
        f"Our refund of ${amount} for booking {number} did not go through; the card may have been "
        "closed or replaced. The money is still yours, and our staff know of it. Call "
        f"{phone(terms)} to tell us where it should go."
    )
    return f"Your refund of ${amount} for {number} did not arrive", body


def _amount(occasion: Occasion) -> str:
    refund = occasion.refund
    return dollars(refund.amount_cents) if refund else "0.00"


REFUND_LETTERS: dict[MessageKind, Callable[[Occasion, Terms], Draft]] = {
    MessageKind.LATE_PAYMENT_REFUNDED: _late,
    MessageKind.SECOND_PAYMENT_REFUNDED: _second,
    MessageKind.REFUND_SENT: _sent,
    MessageKind.REFUND_FAILED: _failed,
}
