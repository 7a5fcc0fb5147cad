"""What we say to whoever has just booked."""

from totetaxi_core.bookings.book import Booked
from totetaxi_core.bookings.booking_status import BookingStatus


def message_of(booked: Booked) -> str:
    """Say in a sentence how the booking and its payment stand."""
    if booked.is_anothers:
        return "This is booked already; the mail about it says how to pay."
    if booked.booking.status is BookingStatus.CONFIRMED:
        return "Your booking is confirmed."
    if booked.decline_message is not None:
        return f"Your booking is kept; the card was not charged: {booked.decline_message}"
    if booked.is_repeat:
        return "This is booked already and waits for its payment."
    if booked.payment_error:
        return "Your booking is kept; the payment could not be started yet, please try again."
    return "Your booking is kept until it is paid."
