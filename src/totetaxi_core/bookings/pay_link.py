"""Our own link to pay a booking. It leads to whatever page is open at Stripe just then."""

from totetaxi_core.bookings.booking import Booking
from totetaxi_core.ports import Terms

PAY_PATH = "/api/public/pay"


def pay_link(booking: Booking, terms: Terms) -> str:
    """Return the link. Its token lets anybody who has it pay, and see the booking."""
    return pay_link_with(terms.manage_tokens.token(booking.id), terms)


def pay_link_with(manage_token: str, terms: Terms) -> str:
    """Return the link with this token, or with what stands for one."""
    return f"{terms.public_url}{PAY_PATH}?manage_token={manage_token}"
